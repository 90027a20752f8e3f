// Says how much RAM a program took: linked with -Wl,--wrap=main, this runs in place of main(), fills the free RAM with
// a pattern, runs the program, and looks how far the stack has overwritten it.
#include <cstddef>
#include <cstdint>

#include "board.hpp"
#include "text.hpp"

extern "C" {

extern std::uint32_t end[], linnet_stack_top[];
extern std::uint32_t linnet_ram_start[] __asm__("RAM_ORIGIN");

int __real_main();

__attribute__((noinline)) int __wrap_main() {
  constexpr std::uint32_t kPattern = 0x5eed5eed;
  constexpr std::size_t kOwnFrame = 64;  // bytes that this function and its caller may use meanwhile
  volatile std::uint32_t* const bottom = end;
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - kOwnFrame;
  for (volatile std::uint32_t* word = bottom; reinterpret_cast<std::uintptr_t>(word) < here; ++word) *word = kPattern;
  const int code = __real_main();
  volatile std::uint32_t* word = bottom;
  while (word < linnet_stack_top && *word == kPattern) ++word;
  const auto bytes = [](const volatile void* from, const volatile void* to) {
    return reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from);
  };
  board::write("\n.data and .bss   ");
  text::number(bytes(linnet_ram_start, bottom));
  board::write(" bytes\nstack            ");
  text::number(bytes(word, linnet_stack_top));
  board::write(" bytes\nRAM              ");
  text::number(bytes(linnet_ram_start, linnet_stack_top));
  board::write(word == bottom ? " bytes; the stack reached the program's data\n" : " bytes\n");
  return word == bottom ? 1 : code;
}
}
