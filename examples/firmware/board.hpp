#pragma once

// What the firmware examples ask of a board. semihosting.cpp answers through a debug probe, or through QEMU; on a board
// without a probe put functions that write to a serial port in its place.

#include <cstdint>

namespace board {

/// Sends a text.
void write(const char* text);

/// Ends the program; an emulator ends with `code`, a board stops.
[[noreturn]] void stop(int code);

}  // namespace board
