// printf on a board: what newlib asks of a system. Words go to board::write(), the heap that printf takes for fractions
// lies behind .bss, and there are no files. Only programs written for a computer need this file (xor.cpp).
#include <cstddef>

#include "board.hpp"

extern "C" {

extern char end[], linnet_stack_top[];

int _write(int /*file*/, const char* from, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    const char character[2] = {from[i], '\0'};
    board::write(character);
  }
  return bytes;
}

void* _sbrk(std::ptrdiff_t bytes) {
  constexpr std::ptrdiff_t kStackBytes = 4096;
  static char* top = end;
  if (linnet_stack_top - top < bytes + kStackBytes) return reinterpret_cast<void*>(-1);
  char* const block = top;
  top += bytes;
  return block;
}

[[noreturn]] void abort() { board::stop(134); }  // in place of newlib's, which sends a signal

int _close(int /*file*/) { return -1; }
int _fstat(int /*file*/, void* /*about*/) { return -1; }
int _isatty(int /*file*/) { return 1; }
int _lseek(int /*file*/, int /*offset*/, int /*from*/) { return -1; }
int _read(int /*file*/, void* /*to*/, int /*bytes*/) { return 0; }
}
