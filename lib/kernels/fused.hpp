// The fused multiply-add, exact, on cores without one: round(a * b + c) with a single rounding.
// Two versions, equal in every bit; tests compare both with the host's fma over random and special operands.
#pragma once

#include <cstdint>
#include <cstring>

#include "contract.hpp"

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
  std::int32_t exponent;      // value = significand * 2^(exponent - 150)
  std::uint32_t significand;  // bit 23 set, unless the value is zero
};

inline Unpacked unpack(std::uint32_t magnitude) {
  if (magnitude >= 0x00800000u) {
    return {static_cast<std::int32_t>(magnitude >> 23), (magnitude & 0x007fffffu) | 0x00800000u};
  }
  if (magnitude == 0u) {
    return {0, 0u};
  }
  const int shift = __builtin_clz(magnitude) - 8;
  return {1 - shift, magnitude << shift};
}

// Rounds significand * 2^(exponent - 190) to the nearest float, ties to even; bit 63 of the significand is set.
inline std::uint32_t pack(std::uint64_t significand, std::int32_t exponent) {
  const std::int32_t shift = exponent >= 1 ? 40 : 41 - exponent;
  if (shift > 64) {
    return 0u;
  }
  const std::uint64_t kept = shift == 64 ? 0u : significand >> shift;
  const std::uint64_t rest = shift == 64 ? significand : significand << (64 - shift);
  const std::uint64_t half = std::uint64_t{1} << 63;
  const std::uint32_t rounded =
      static_cast<std::uint32_t>(kept) + ((rest > half || (rest == half && (kept & 1u) != 0u)) ? 1u : 0u);
  if (exponent < 1) {
    return rounded;
  }
  if (exponent > 254) {
    return 0x7f800000u;
  }
  return (static_cast<std::uint32_t>(exponent - 1) << 23) + rounded;  // a carry walks into the exponent, up to infinity
}

// For cores without floating-point hardware: through double it would cost 3.4 times the instructions on a Cortex-M0+.
inline float fused_by_integer(float a, float b, float c) {
  const std::uint32_t infinity = 0x7f800000u;
  const std::uint32_t sign_bit = 0x80000000u;
  const std::uint32_t a_magnitude = bits_of(a) & ~sign_bit;
  const std::uint32_t b_magnitude = bits_of(b) & ~sign_bit;
  const std::uint32_t c_magnitude = bits_of(c) & ~sign_bit;
  if (a_magnitude >= infinity || b_magnitude >= infinity) {
    return a * b + c;
  }
  if (c_magnitude >= infinity) {
    return c + 0.0f;  // the product is finite, however large
  }
  if (a_magnitude == 0u || b_magnitude == 0u) {
    return a * b + c;
  }
  if (c_magnitude == 0u) {
    return a * b;  // not + c: a product that rounds to zero keeps its sign
  }
  const Unpacked ua = unpack(a_magnitude);
  const Unpacked ub = unpack(b_magnitude);
  std::uint64_t larger = (static_cast<std::uint64_t>(ua.significand) * ub.significand) << 15;  // bit 61 or 62 set
  std::int32_t exponent = ua.exponent + ub.exponent - 125;  // larger * 2^(exponent - 190)
  std::uint32_t sign = (bits_of(a) ^ bits_of(b)) & sign_bit;
  const Unpacked uc = unpack(c_magnitude);
  std::uint64_t smaller = static_cast<std::uint64_t>(uc.significand) << 38;
  std::int32_t distance = exponent - (uc.exponent + 2);
  std::uint32_t smaller_sign = bits_of(c) & sign_bit;
  if (distance < 0) {
    const std::uint64_t swapped = larger;
    larger = smaller;
    smaller = swapped;
    const std::uint32_t swapped_sign = sign;
    sign = smaller_sign;
    smaller_sign = swapped_sign;
    exponent -= distance;
    distance = -distance;
  }
  if (distance > 0) {  // what falls off the end is remembered in the last bit
    smaller = distance >= 64 ? 1u : (smaller >> distance) | ((smaller << (64 - distance)) != 0u ? 1u : 0u);
  }
  if (sign == smaller_sign) {
    larger += smaller;
  } else if (larger == smaller) {
    return 0.0f;
  } else if (larger > smaller) {
    larger -= smaller;
  } else {
    larger = smaller - larger;
    sign = smaller_sign;
  }
  const int shift = __builtin_clzll(larger);
  return float_of(sign | pack(larger << shift, exponent - shift));
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
  const Unpacked u = unpack(bits);
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
