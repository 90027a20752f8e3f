// The fused multiply-add, exact, on cores without one: round(a * b + c) with a single rounding.
// Two versions, equal in every bit; tests compare both with the host's fma over random and special operands.
#pragma once

#include <cstdint>
#include <cstring>

namespace linnet {
namespace {

inline std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

inline float float_of(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// For cores with double arithmetic. The product of two floats is exact in double; the sum is rounded to odd (its last
// bit set when inexact), which keeps what the final rounding to float has to know. 29 spare bits cover subnormals too.
inline float fused_by_double(float a, float b, float c) {
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double addend = static_cast<double>(c);
  double sum = product + addend;
  const double grown = sum - product;
  const double error = (product - (sum - grown)) + (addend - grown);  // exact; NaN where the sum is not finite
  std::uint64_t bits;
  std::memcpy(&bits, &sum, sizeof bits);
  if ((error > 0.0 || error < 0.0) && (bits & 1u) == 0u) {
    bits = ((error > 0.0) == (sum > 0.0)) ? bits + 1u : bits - 1u;
    std::memcpy(&sum, &bits, sizeof sum);
  }
  return static_cast<float>(sum);
}

struct Unpacked {
  std::int32_t exponent;      // value = significand * 2^(exponent - 150); 255: not finite
  std::uint32_t significand;  // below 2^24; bit 23 is set unless the number is subnormal or zero
};

[[gnu::always_inline]] inline Unpacked unpack(std::uint32_t bits) {
  const auto exponent = static_cast<std::int32_t>((bits << 1) >> 24);
  const std::uint32_t fraction = bits & 0x007fffffu;
  return exponent == 0 ? Unpacked{1, fraction} : Unpacked{exponent, fraction | 0x00800000u};
}

// x * y * 2^15 for x, y < 2^24. In halves: a Cortex-M0+ multiplies 32 bits by 32 and keeps the lower 32.
inline std::uint64_t product_of(std::uint32_t x, std::uint32_t y) {
  const std::uint32_t x_low = x & 0xffffu;
  const std::uint32_t high = (x >> 16) * y + x_low * (y >> 16);  // below 2^32, as it is at most x * y / 2^16
  const std::uint32_t low = x_low * (y & 0xffffu);
  return (std::uint64_t{high} << 31) + (std::uint64_t{low} << 15);
}

// x / 2^distance; what falls off the end is remembered in the last bit. By words: without an instruction for it a shift
// of 64 bits is a call.
inline std::uint64_t shifted(std::uint64_t x, std::uint32_t distance) {
  auto high = static_cast<std::uint32_t>(x >> 32);
  auto low = static_cast<std::uint32_t>(x);
  std::uint32_t lost = 0u;
  if (distance >= 32u) {
    lost = low;
    low = high;
    high = 0u;
    distance -= 32u;
  }
  if (distance >= 32u) {
    return (lost | low) != 0u ? 1u : 0u;
  }
  const std::uint32_t rest = 31u - distance;
  lost |= (low << rest) << 1;
  low = (low >> distance) | ((high << rest) << 1);
  high >>= distance;
  return (std::uint64_t{high} << 32) | low | (lost != 0u ? 1u : 0u);
}

// The float nearest to significand * 2^(exponent - 190), ties to even; the significand is not zero.
inline std::uint32_t pack(std::uint64_t significand, std::int32_t exponent) {
  while ((significand >> 63) == 0u) {  // seldom more than twice
    significand <<= 1;
    --exponent;
  }
  if (exponent > 254) {
    return 0x7f800000u;
  }
  if (exponent < 1) {
    significand = shifted(significand, static_cast<std::uint32_t>(1 - exponent));
    exponent = 1;
  }
  const auto high = static_cast<std::uint32_t>(significand >> 32);
  std::uint32_t rounded = ((high >> 7) + 1u) >> 1;
  if ((high << 24) == 0x80000000u && static_cast<std::uint32_t>(significand) == 0u) {
    rounded &= ~1u;
  }
  return (static_cast<std::uint32_t>(exponent - 1) << 23) + rounded;  // a carry walks into the exponent, up to infinity
}

struct Term {  // its magnitude: significand * 2^(exponent - 190)
  std::uint64_t significand;
  std::int32_t exponent;
  std::uint32_t sign;  // bit 31 alone counts
};

// The sum, rounded once. Bit 63 of both is free, and at most one is zero.
[[gnu::always_inline]] inline std::uint32_t sum_of(Term x, Term y) {
  std::int32_t distance = x.exponent - y.exponent;
  if (distance < 0) {
    const Term swapped = x;
    x = y;
    y = swapped;
    distance = -distance;
  }
  y.significand = shifted(y.significand, static_cast<std::uint32_t>(distance));
  if (((x.sign ^ y.sign) & 0x80000000u) == 0u) {
    x.significand += y.significand;
  } else {
    x.significand -= y.significand;
    if (x.significand == 0u) {
      return 0u;
    }
    if ((x.significand >> 63) != 0u) {  // y was larger
      x.significand = 0u - x.significand;
      x.sign = y.sign;
    }
  }
  return (x.sign & 0x80000000u) | pack(x.significand, x.exponent);
}

// For cores without floating-point hardware.
inline float fused_by_integer(float a, float b, float c) {
  const Unpacked ua = unpack(bits_of(a));
  const Unpacked ub = unpack(bits_of(b));
  if (ua.exponent == 255 || ub.exponent == 255) {
    return a * b + c;
  }
  std::int32_t exponent = ua.exponent + ub.exponent - 125;
  std::uint64_t product = product_of(ua.significand, ub.significand);  // times 2^(exponent - 190)
  if (product == 0u) {
    return a * b + c;
  }
  const Unpacked uc = unpack(bits_of(c));
  if (uc.exponent == 255) {
    return c + 0.0f;  // the product is finite, however large
  }
  while ((product >> 61) == 0u) {  // where a or b is subnormal: what is shifted out must not count
    product <<= 1;
    --exponent;
  }
  // A subnormal c stays as it is: its last bit is the last one that a result can have.
  const std::uint64_t addend = std::uint64_t{uc.significand} << 38;
  return float_of(sum_of({product, exponent, bits_of(a) ^ bits_of(b)}, {addend, uc.exponent + 2, bits_of(c)}));
}

// Correctly rounded square root without hardware, bit by bit.
inline float square_root_by_integer(float x) {
  const std::uint32_t bits = bits_of(x);
  if (bits == 0x80000000u || bits == 0u || bits == 0x7f800000u) {
    return x;
  }
  if (bits > 0x7f800000u) {
    return (bits & 0x7fffffffu) > 0x7f800000u ? x + x : float_of(0x7fc00000u);  // NaN, or negative
  }
  Unpacked u = unpack(bits);
  while (u.significand < 0x00800000u) {
    u.significand <<= 1;
    --u.exponent;
  }
  const std::int32_t scale = u.exponent - 127;
  std::uint32_t rest = (scale & 1) != 0 ? u.significand << 1 : u.significand;
  std::uint32_t root = 0u;
  std::uint32_t sum = 0u;
  rest <<= 1;
  for (std::uint32_t bit = 0x01000000u; bit != 0u; bit >>= 1) {
    const std::uint32_t trial = sum + bit;
    if (trial <= rest) {
      sum = trial + bit;
      rest -= trial;
      root += bit;
    }
    rest <<= 1;
  }
  root += root & 1u & (rest != 0u ? 1u : root >> 1);
  return float_of((root >> 1) + static_cast<std::uint32_t>(((scale >> 1) + 126) << 23));
}

}  // namespace
}  // namespace linnet
