// A board's words to the computer that debugs it: "Semihosting for AArch32 and AArch64", Arm, 2.0. Under a debug probe
// or QEMU only: without one of them the breakpoint instruction is a fault.
#include "board.hpp"

namespace {

constexpr std::uint32_t kWrite0 = 0x04;
constexpr std::uint32_t kExit = 0x18;
constexpr std::uint32_t kExitExtended = 0x20;
constexpr std::uint32_t kApplicationExit = 0x20026;
constexpr std::uint32_t kRunTimeError = 0x20023;

std::uint32_t call(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

}  // namespace

namespace board {

void write(const char* text) { call(kWrite0, text); }

void stop(int code) {
  const std::uint32_t reason[2] = {kApplicationExit, static_cast<std::uint32_t>(code)};
  call(kExitExtended, reason);
  // hosts that do not know it take the reason alone
  call(kExit, reinterpret_cast<const void*>(std::uintptr_t{code == 0 ? kApplicationExit : kRunTimeError}));
  for (;;) {
  }
}

}  // namespace board
