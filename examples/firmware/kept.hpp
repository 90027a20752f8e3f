#pragma once

// What keep.cpp asks of a board beside board.hpp. kept_board.cpp answers on any Cortex-M, kept_host.cpp on a computer.

#include <linnet/view.hpp>

namespace board {

/// RAM that a reset leaves as it is; anything at power on.
linnet::Span<unsigned char> kept_memory();

/// Starts the program anew, as a watchdog does: all other memory is as at power on.
[[noreturn]] void reset();

}  // namespace board
