// What a formula may do with a number. The formulas of the library (elementary.hpp, activation/formulas.hpp, ...) are
// templates on a number type V: here V is float, in vectors/ a vector of floats. Every operation is exactly rounded
// or works on bits, so that both give the same bits on every target.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arithmetic/contract.hpp"
#include "arithmetic/fused.hpp"

namespace linnet {
namespace {

// round(a * b + c) in the fused contract; round(round(a * b) + c) in the other.
inline float multiply_add(float a, float b, float c) {
#if !LINNET_FUSED
  return a * b + c;
#elif defined(__FMA__) || defined(__FP_FAST_FMAF) || defined(__ARM_FEATURE_FMA)
  return __builtin_fmaf(a, b, c);
#elif defined(__SSE2__) || defined(__riscv_flen) || (defined(__ARM_FP) && (__ARM_FP & 8))
  return fused_by_double(a, b, c);
#else
  return fused_by_integer(a, b, c);
#endif
}

inline float square_root(float x) {
#if defined(__SSE2__) || defined(__aarch64__) || defined(__riscv_flen) || defined(__ARM_FP)
  return __builtin_sqrtf(x);  // one instruction under -fno-math-errno
#else
  return square_root_by_integer(x);
#endif
}

inline float divide(float a, float b) { return a / b; }
inline float choose(bool first, float a, float b) { return first ? a : b; }
// x, but no more than the limit; NaN stays.
inline float at_most(float limit, float x) { return choose(x > limit, limit, x); }
inline bool both(bool a, bool b) { return a && b; }
// x where `keep`, else +0, without a branch.
inline float where(bool keep, float x) { return float_of(bits_of(x) & (0u - static_cast<std::uint32_t>(keep))); }
inline float negative(float x) { return float_of(bits_of(x) ^ 0x80000000u); }
inline float magnitude(float x) { return float_of(bits_of(x) & 0x7fffffffu); }
inline bool is_finite(float x) { return (bits_of(x) & 0x7fffffffu) < 0x7f800000u; }
inline float with_sign(float x, float sign) {  // x >= 0
  return float_of(bits_of(x) | (bits_of(sign) & 0x80000000u));
}

// 0 where size is subnormal or zero, else y; size >= 0.
inline float zero_if_subnormal(float size, float y) { return float_of(bits_of(size) < 0x00800000u ? 0u : bits_of(y)); }

// Makes the compiler compute x even where a later choice drops it: a branch around it would make the time depend on the
// data. It costs no instruction.
template <class V>
inline void always(V /*x*/) {}
#if defined(__arm__) && defined(__ARM_FP)
inline void always(float x) { __asm__ volatile("" : : "t"(x)); }
#endif

// x, hidden from the compiler: else it would branch to the result of a formula for a constant x. Why and what it costs is
// as above.
template <class V>
inline V settled(V x) {
  return x;
}
#if defined(__arm__) && defined(__ARM_FP)
inline float settled(float x) {
  __asm__("" : "+t"(x));
  return x;
}
#endif

// Adding this to |x| < 2^22 rounds x to an integer, which then stands in the low bits of the sum.
constexpr float kRounder = 12582912.0f;  // 1.5 * 2^23

// x * 2^n for n = rounded - kRounder, as long as x and the result are normal.
inline float shift_exponent(float x, float rounded) { return float_of(bits_of(x) + (bits_of(rounded) << 23)); }

// 2^n for n = rounded - kExponentRounder, -126 <= n <= 127: the exponent stands in the low bits as it does in a float.
constexpr float kExponentRounder = kRounder + 127.0f;
inline float power_of_two(float rounded) { return float_of(bits_of(rounded) << 23); }

// Whether x is +0 or -0 (in every lane); NaN is not.
inline bool is_zero(float x) { return bits_of(x) << 1u == 0; }

// Positive normal x = mantissa * 2^exponent, the mantissa in [sqrt(1/2), sqrt(2)).
inline void split_exponent(float x, float& mantissa, float& exponent) {
  const std::uint32_t bits = bits_of(x);
  const std::uint32_t steps = (bits - 0x3f3504f3u + 0x40000000u) >> 23;  // exponent + 128, never negative
  mantissa = float_of(bits - ((steps - 128u) << 23));
  exponent = float_of(0x4b000000u + steps) - 8388736.0f;  // (2^23 + steps) - (2^23 + 128)
}

// ---- Numbers in memory. A part says which lanes of a number count: all (Full), or at the end of an array the first
// few (Some). load() and store() touch no others.

struct Full {};

template <class V>
struct Shape;  // kWidth, and Some: the lanes of an incomplete vector

template <>
struct Shape<float> {
  static constexpr std::size_t kWidth = 1;
  using Some = Full;
};

template <class V>
V load(const float* x, Full);
template <>
inline float load<float>(const float* x, Full) {
  return *x;
}
inline void store(float* x, float value, Full) { *x = value; }
inline float keep_lanes(float fresh, float /*old*/, Full) { return fresh; }

// The largest magnitude of the numbers seen, as bits: NaN > Inf > all else.
template <class V>
struct Largest;
template <>
struct Largest<float> {
  std::uint32_t twice = 0;  // shifting the sign out is one instruction
  void see(float x, Full) {
    const std::uint32_t bits = bits_of(x) << 1;
    twice = bits > twice ? bits : twice;
  }
  [[nodiscard]] std::uint32_t magnitude_bits() const { return twice >> 1; }
};

// Lane i: i. Of vectors alone.
template <class V>
V lane_numbers();

}  // namespace
}  // namespace linnet
