// Files of the computer that emulates the board: "Semihosting for AArch32 and AArch64", Arm, 2.0.
#include "keep/files.hpp"

#include <cstdint>
#include <cstring>

namespace {

constexpr std::uint32_t kOpen = 0x01, kClose = 0x02, kWrite = 0x05, kRead = 0x06, kCommandLine = 0x15;
constexpr std::uint32_t kReadBinary = 1, kWriteBinary = 5;  // "rb", "wb"

std::uint32_t call(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
std::uint32_t number(const void* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

// The call returns how many bytes were not read or written.
bool transfer(const char* path, std::uint32_t mode, std::uint32_t operation, const void* memory, std::size_t size) {
  const std::uint32_t how[3] = {number(path), mode, static_cast<std::uint32_t>(std::strlen(path))};
  const std::uint32_t file = call(kOpen, how);
  if (file == 0xffffffffu) return false;
  const std::uint32_t what[3] = {file, number(memory), static_cast<std::uint32_t>(size)};
  const bool good = call(operation, what) == 0;
  return call(kClose, &file) == 0 && good;
}

}  // namespace

namespace files {

// The emulator puts the image's path first.
void words(int /*argc*/, char** /*argv*/, char* to, std::size_t size) {
  const std::uint32_t where[2] = {number(to), static_cast<std::uint32_t>(size)};
  const char* space = call(kCommandLine, where) == 0 ? std::strchr(to, ' ') : nullptr;
  if (space == nullptr) {
    to[0] = '\0';
  } else {
    std::memmove(to, space + 1, std::strlen(space + 1) + 1);
  }
}

bool read(const char* path, void* to, std::size_t size) { return transfer(path, kReadBinary, kRead, to, size); }
bool write(const char* path, const void* from, std::size_t size) {
  return transfer(path, kWriteBinary, kWrite, from, size);
}

}  // namespace files
