// Little-endian numbers in files.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace desk {

inline std::uint64_t little_endian(const unsigned char* from, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < bytes; ++k) value |= std::uint64_t{from[k]} << 8 * k;
  return value;
}

inline float float_at(const unsigned char* from) {
  const auto bits = static_cast<std::uint32_t>(little_endian(from, 4));
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// A 64-bit float, rounded to the nearest 32-bit one. Returns false where none is near.
inline bool rounded_at(const unsigned char* from, float& value) {
  constexpr double kBeyond = 0x1.ffffffp127;  // half way from the largest float to what would be the next
  const std::uint64_t bits = little_endian(from, 8);
  double x;
  std::memcpy(&x, &bits, sizeof x);
  if (std::isfinite(x) && std::fabs(x) >= kBeyond) return false;
  value = static_cast<float>(x);
  return true;
}

}  // namespace desk
