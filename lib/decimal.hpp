// Floats as decimal text, exact in both directions, in integers alone: no tables, no libm, no locale.
#pragma once

#include <cstddef>

namespace linnet {

// No float's text is longer: -1.23456789e-38.
constexpr std::size_t kFloatText = 15;
// Digits that a text may have between its first and its last that is not 0.
constexpr int kMostDigits = 40;

// Writes the shortest text that reads back to the same bits, of several the nearest to x, which is finite. Returns its
// length; there is no zero behind it.
std::size_t print_float(float x, char* to);

// Reads a number as JSON has them: 0.01, -3, 1e-5; leading zeros are taken, too. Rounded once, to nearest, ties to
// even; infinite where it is beyond float. Returns how many characters it has, or 0 where there is no number, or one of
// more than kMostDigits digits or of a thousand characters.
std::size_t parse_float(const char* text, std::size_t size, float& x);

}  // namespace linnet
