// Floats by their bits, and as lib/decimal.hpp prints them.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "decimal.hpp"

namespace linnet_test {

inline float with_bits(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

inline bool same(float a, float b) { return bits_of(a) == bits_of(b); }

inline std::string printed(float x) {
  char text[linnet::kFloatText];
  const std::size_t length = linnet::print_float(x, text);
  REQUIRE(length <= sizeof text);
  return {text, length};
}

}  // namespace linnet_test
