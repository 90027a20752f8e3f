#pragma once

// Numbers as text, a few lines instead of printf: the same text on a board and on a computer.

#include <cstddef>
#include <cstdint>

namespace text {

/// Writes a whole number, with spaces before it until it takes `width` places.
void number(std::size_t value, int width = 0);

/// Writes a number with `decimals` digits behind the point, rounded; |value| 10^decimals < 2^32. NaN is "nan".
void fixed(float value, int decimals, int width = 0);

/// Writes 16 hexadecimal digits.
void hexadecimal(std::uint64_t value);

}  // namespace text
