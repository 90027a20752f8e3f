// The same programs on a computer: what a board would send goes to standard output.
#include "board.hpp"

#include <cstdio>
#include <cstdlib>

namespace board {

void write(const char* text) { std::fputs(text, stdout); }

void stop(int code) { std::exit(code); }

}  // namespace board
