// A medium at the end of the flash of an RP2040, with the Pico SDK (hardware_flash, hardware_sync). Flash is written in
// pages of 256 bytes and erased in sectors of 4096. While that happens nothing can be read from flash, code included:
// interrupts are off, for about 0.4 ms a page and 50 ms a sector. The second core must not run from flash either: park it
// with multicore_lockout_start_blocking() around save(), confirm() and revert().
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hardware/flash.h>
#include <hardware/sync.h>

#include <linnet/store.hpp>

namespace stores {

class Rp2040Store {
 public:
  /// `offset` from the start of flash and `bytes` are multiples of FLASH_SECTOR_SIZE; the program ends before them.
  Rp2040Store(std::uint32_t offset, std::uint32_t bytes) : offset_(offset), bytes_(bytes) {}

  /// This object stays where it is from then on.
  linnet::Store store(std::uint32_t slots = 2) {
    return {read, write, erase, nullptr, this, bytes_, FLASH_PAGE_SIZE, FLASH_SECTOR_SIZE, slots, page_};
  }

 private:
  // Flash is mapped to memory; the SDK empties the cache before it whenever flash has changed.
  static bool read(void* self, std::uint32_t at, void* to, std::size_t bytes) {
    std::memcpy(to, reinterpret_cast<const void*>(std::uintptr_t{XIP_BASE} + place(self, at)), bytes);
    return true;
  }
  static bool write(void* self, std::uint32_t at, const void* from, std::size_t bytes) {
    const std::uint32_t before = save_and_disable_interrupts();
    flash_range_program(place(self, at), static_cast<const std::uint8_t*>(from), bytes);
    restore_interrupts(before);
    return is_there(self, at, from, bytes);
  }
  static bool erase(void* self, std::uint32_t at, std::uint32_t bytes) {
    const std::uint32_t before = save_and_disable_interrupts();
    flash_range_erase(place(self, at), bytes);
    restore_interrupts(before);
    return true;
  }
  // The SDK's functions do not say whether they did it.
  static bool is_there(void* self, std::uint32_t at, const void* from, std::size_t bytes) {
    return std::memcmp(from, reinterpret_cast<const void*>(std::uintptr_t{XIP_BASE} + place(self, at)), bytes) == 0;
  }
  static std::uint32_t place(void* self, std::uint32_t at) { return static_cast<Rp2040Store*>(self)->offset_ + at; }

  std::uint32_t offset_, bytes_;
  unsigned char page_[FLASH_PAGE_SIZE] = {};  // lent to the library, for pages are larger than its own buffer
};

}  // namespace stores
