// The stores of examples/stores for boards, on emulated flash at the addresses of their boards, behind the functions that
// the stubs declare: save, load, trial, confirm and revert; and on the STM32 a double word that raises the NMI where it is
// read. The emulation holds the vendors' rules: whole pages or double words, each written once per erase, the flash
// unlocked, interrupts off. Ends with "N checks, 0 failed".
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>

#include <esp_partition.h>
#include <hardware/flash.h>
#include <hardware/sync.h>
#undef FLASH_PAGE_SIZE  // of another vendor
#include <stm32l4xx_hal.h>

#include <linnet/linnet.hpp>

linnet::Store learned_on_rp2040();
linnet::Store learned_on_esp32();
linnet::Store learned_on_stm32();
void nmi_handler() __asm__("NMI_Handler");

namespace {

using linnet::Status;

int checks = 0, failed = 0;
void check(bool good, const char* board, const char* what) {
  ++checks;
  if (!good) {
    ++failed;
    std::printf("FAILED: %s: %s\n", board, what);
  }
}

bool misused = false;
bool interrupts = true, locked = true;

constexpr std::size_t kPicoBytes = 2048 * 1024, kStmBytes = 256 * 1024, kPartitionBytes = 0x4000;
constexpr std::uintptr_t kPico = XIP_BASE, kStm = FLASH_BASE;
unsigned char partition_bytes[kPartitionBytes];
const esp_partition_t partition{ESP_PARTITION_TYPE_DATA,
                                static_cast<esp_partition_subtype_t>(0x40),
                                0x9000,
                                kPartitionBytes,
                                4096,
                                "learned",
                                false,
                                false};

// The board's address: NOLINTNEXTLINE(performance-no-int-to-ptr)
unsigned char* memory_at(std::uintptr_t place) { return reinterpret_cast<unsigned char*>(place); }
unsigned char* map(std::uintptr_t place, std::size_t bytes) {
  void* mapped =
      mmap(memory_at(place), bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (mapped != memory_at(place)) std::abort();
  std::memset(mapped, 0xff, bytes);
  return memory_at(place);
}

void program(unsigned char* to, const void* from, std::size_t bytes) {
  for (std::size_t k = 0; k < bytes; ++k) misused = misused || to[k] != 0xff;
  std::memcpy(to, from, bytes);
}

}  // namespace

// ---- What the vendors' functions do

extern "C" {

std::uint32_t save_and_disable_interrupts() {
  const bool before = interrupts;
  interrupts = false;
  return before ? 1 : 0;
}
void restore_interrupts(std::uint32_t status) { interrupts = status != 0; }
void flash_range_program(std::uint32_t flash_offs, const std::uint8_t* data, std::size_t count) {
  misused = misused || interrupts || flash_offs % 256 != 0 || count % 256 != 0 || flash_offs + count > kPicoBytes;
  if (!misused) program(memory_at(kPico) + flash_offs, data, count);
}
void flash_range_erase(std::uint32_t flash_offs, std::size_t count) {
  misused = misused || interrupts || flash_offs % 4096 != 0 || count % 4096 != 0 || flash_offs + count > kPicoBytes;
  if (!misused) std::memset(memory_at(kPico) + flash_offs, 0xff, count);
}

const esp_partition_t* esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                                const char* label) {
  const bool is_it = type == partition.type && subtype == partition.subtype && std::strcmp(label, partition.label) == 0;
  return is_it ? &partition : nullptr;
}
esp_err_t esp_partition_read(const esp_partition_t* /*partition*/, std::size_t src_offset, void* dst,
                             std::size_t size) {
  if (src_offset + size > kPartitionBytes) return 1;
  std::memcpy(dst, partition_bytes + src_offset, size);
  return ESP_OK;
}
esp_err_t esp_partition_write(const esp_partition_t* /*partition*/, std::size_t dst_offset, const void* src,
                              std::size_t size) {
  if (dst_offset + size > kPartitionBytes) return 1;
  program(partition_bytes + dst_offset, src, size);
  return ESP_OK;
}
esp_err_t esp_partition_erase_range(const esp_partition_t* /*partition*/, std::size_t offset, std::size_t size) {
  if (offset % 4096 != 0 || size % 4096 != 0 || offset + size > kPartitionBytes) return 1;
  std::memset(partition_bytes + offset, 0xff, size);
  return ESP_OK;
}

void __DSB() {}
void __ISB() {}
HAL_StatusTypeDef HAL_FLASH_Unlock() {
  locked = false;
  return HAL_OK;
}
HAL_StatusTypeDef HAL_FLASH_Lock() {
  locked = true;
  return HAL_OK;
}
HAL_StatusTypeDef HAL_FLASH_Program(std::uint32_t type, std::uint32_t address, std::uint64_t data) {
  if (locked || type != FLASH_TYPEPROGRAM_DOUBLEWORD || address % 8 != 0 || address - kStm >= kStmBytes)
    return HAL_ERROR;
  program(memory_at(address), &data, sizeof data);
  return HAL_OK;
}
HAL_StatusTypeDef HAL_FLASHEx_Erase(FLASH_EraseInitTypeDef* what, std::uint32_t* failed_page) {
  const std::size_t from = std::size_t{what->Page} * 2048, bytes = std::size_t{what->NbPages} * 2048;
  *failed_page = 0xffffffffu;  // none
  if (locked || what->TypeErase != FLASH_TYPEERASE_PAGES || what->Banks != FLASH_BANK_1 || bytes == 0 ||
      from + bytes > kStmBytes) {
    return HAL_ERROR;
  }
  std::memset(memory_at(kStm) + from, 0xff, bytes);
  return HAL_OK;
}
}

namespace {

// A torn double word: reading its page faults, and this raises the NMI; then the load goes on with what is there.
unsigned char* torn_page = nullptr;
int nmis = 0;
void on_fault(int /*signal*/, siginfo_t* about, void* /*context*/) {
  const auto* place = static_cast<const unsigned char*>(about->si_addr);
  if (torn_page == nullptr || place < torn_page || place >= torn_page + 4096) std::_Exit(1);
  ++nmis;
  mprotect(torn_page, 4096, PROT_READ | PROT_WRITE);
  FLASH->ECCR = FLASH_ECCR_ECCD;
  nmi_handler();
  FLASH->ECCR = 0;  // what writing 1 did
}
void tear(const unsigned char* place) {
  torn_page = memory_at(reinterpret_cast<std::uintptr_t>(place) & ~std::uintptr_t{4095});
  mprotect(torn_page, 4096, PROT_NONE);
}

constexpr auto kShape = linnet::topology(2, {{3, linnet::activation::tanh}, {1, linnet::activation::identity}});
constexpr linnet::TrainerConfig kConfig{linnet::loss::mean_squared_error, linnet::optimizer::adam(0.05f), 1};

struct Device {
  float model[linnet::parameter_floats(kShape)] = {}, memory[linnet::trainer_floats(kShape, kConfig)] = {};
  linnet::Network network;
  linnet::Trainer trainer;

  Device() {
    if (network.bind(kShape, model) != Status::ok || trainer.bind(network, kConfig, memory) != Status::ok) std::abort();
  }
  void learn() {
    const float x[] = {0.5f, -0.25f}, t[] = {1.0f};
    if (trainer.step(x, t) != Status::ok) std::abort();
  }
  [[nodiscard]] linnet::Checkpoint all() { return {&network, &trainer}; }
};

// How many steps a device has learned that begins with what is kept.
std::uint64_t steps_on(const linnet::Store& store) {
  Device device;
  linnet::Kept kept;
  return linnet::load(store, device.all(), kept) == Status::ok ? device.trainer.steps() : 0;
}
Status learn_on(const linnet::Store& store, bool on_trial = false) {
  Device device;
  linnet::Kept kept;
  static_cast<void>(linnet::load(store, device.all(), kept));
  device.learn();
  return linnet::save(store, device.all(), on_trial);
}

void use(const linnet::Store& store, const char* board) {
  for (std::uint64_t steps = 1; steps <= 5; ++steps) {
    check(learn_on(store) == Status::ok && steps_on(store) == steps, board, "it keeps what it learned");
  }
  check(learn_on(store, true) == Status::ok && steps_on(store) == 6, board, "a trial is taken");
  check(linnet::revert(store) == Status::ok && steps_on(store) == 5, board, "a trial is reverted");
  check(learn_on(store, true) == Status::ok && linnet::confirm(store) == Status::ok, board, "a trial is confirmed");
  check(learn_on(store) == Status::ok && steps_on(store) == 7, board, "it goes on");
  check(!misused && interrupts && locked, board, "the rules of its flash are held");
}

// The newest slot has a torn double word, in its first page: the one before counts, and the next save goes over it.
void use_torn(const linnet::Store& store) {
  Device device;
  linnet::Kept kept;
  check(linnet::peek(store, device.all(), kept) == Status::ok, "stm32", "something is kept");
  const unsigned char* slot = memory_at(kStm) + std::size_t{124} * 2048 + kept.slot * (store.size / store.slots);
  tear(slot);
  check(steps_on(store) == 6 && nmis == 1, "stm32", "a slot that cannot be read is not whole");
  tear(slot);
  check(learn_on(store) == Status::ok && nmis == 2 && steps_on(store) == 7, "stm32", "it learns on from the older one");
  check(!misused && locked, "stm32", "the rules of its flash are held");
}

}  // namespace

int main() {
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, nullptr);
  map(kPico, kPicoBytes);
  map(kStm, kStmBytes);
  std::memset(map(reinterpret_cast<std::uintptr_t>(FLASH) & ~std::uintptr_t{4095}, 4096), 0, 4096);
  std::memset(partition_bytes, 0xff, kPartitionBytes);

  use(learned_on_rp2040(), "rp2040");
  use(learned_on_esp32(), "esp32");
  use(learned_on_stm32(), "stm32");
  use_torn(learned_on_stm32());
  std::printf("%d checks, %d failed\n", checks, failed);
  return failed == 0 ? 0 : 1;
}
