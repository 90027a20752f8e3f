// A vector of floats as a number (number.hpp): the only file that includes xsimd, and the place of its traps. It comes
// before all templates on numbers, which find its functions by name. A file per instruction set (avx2.cpp, ...) names
// its architecture in LINNET_ARCHITECTURE, its width in LINNET_VECTOR_BITS, and is compiled for it (the flags of the
// program may allow more; what a table uses does not depend on that); everything is private to that file, so that no
// linker can mix two of them.
#pragma once

#include "contract.hpp"  // before the functions of xsimd

#include <xsimd/xsimd.hpp>

#include "kernels/number.hpp"

namespace linnet {
namespace {

using Architecture = LINNET_ARCHITECTURE;
using Batch = xsimd::batch<float, Architecture>;
using Mask = typename Batch::batch_bool_type;
#if defined(__ARM_NEON) && !defined(__aarch64__)
// On ARMv7 the instructions that compare take subnormal numbers for zeros, like all others on vectors. GCC 12 spells
// vcgtq_f32 as a > b, which it then computes lane by lane in VFP registers: slow, and another result than Clang's.
inline Mask greater(float32x4_t a, float32x4_t b) {
  uint32x4_t mask;
  __asm__("vcgt.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(a), "w"(b));
  return mask;
}
inline Mask greater_or_equal(float32x4_t a, float32x4_t b) {
  uint32x4_t mask;
  __asm__("vcge.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(a), "w"(b));
  return mask;
}
struct Vector : Batch {
  using Batch::Batch;
  Vector(const Batch& x) : Batch(x) {}
  friend Vector operator+(const Vector& a, const Vector& b) { return vaddq_f32(a, b); }
  friend Vector operator-(const Vector& a, const Vector& b) { return vsubq_f32(a, b); }
  friend Vector operator*(const Vector& a, const Vector& b) { return vmulq_f32(a, b); }
  friend Mask operator>(const Vector& a, const Vector& b) { return greater(a, b); }
  friend Mask operator<(const Vector& a, const Vector& b) { return greater(b, a); }
  friend Mask operator>=(const Vector& a, const Vector& b) { return greater_or_equal(a, b); }
  friend Mask operator<=(const Vector& a, const Vector& b) { return greater_or_equal(b, a); }
};
#else
using Vector = Batch;
#endif
using Integers = xsimd::batch<std::int32_t, Architecture>;
using Bits = xsimd::batch<std::uint32_t, Architecture>;
constexpr std::size_t kWidth = Vector::size;

// xsimd's casts on NEON go through tables of functions, which GCC 12 calls, and its shifts through a chain of
// comparisons that ends in an assertion.
inline Integers as_integers(Vector x) {
#if defined(__ARM_NEON)
  return vreinterpretq_s32_f32(x);
#elif XSIMD_VERSION_MAJOR >= 11
  return xsimd::bitwise_cast<std::int32_t>(x);
#else
  return xsimd::bitwise_cast<Integers>(x);
#endif
}
inline Bits as_bits(Vector x) {
#if defined(__ARM_NEON)
  return vreinterpretq_u32_f32(x);
#elif XSIMD_VERSION_MAJOR >= 11
  return xsimd::bitwise_cast<std::uint32_t>(x);
#else
  return xsimd::bitwise_cast<Bits>(x);
#endif
}
inline Vector as_floats(Integers x) {
#if defined(__ARM_NEON)
  return vreinterpretq_f32_s32(x);
#elif XSIMD_VERSION_MAJOR >= 11
  return xsimd::bitwise_cast<float>(x);
#else
  return xsimd::bitwise_cast<Vector>(x);
#endif
}
constexpr int kExponentShift = 23;
#if defined(__ARM_NEON)
inline Integers into_exponent(Integers x) { return vshlq_n_s32(x, kExponentShift); }
inline Integers out_of_exponent(Integers x) { return vshrq_n_s32(x, kExponentShift); }
#else
inline Integers into_exponent(Integers x) { return x << kExponentShift; }
inline Integers out_of_exponent(Integers x) { return x >> kExponentShift; }
#endif

// ---- The operations of number.hpp.

#if LINNET_FUSED && LINNET_VECTOR_BITS == 128 && defined(__SSE2__) && !defined(__FMA__)
// fused_by_double on two halves.
inline __m128d fused_half(__m128d a, __m128d b, __m128d c) {
  const __m128d product = _mm_mul_pd(a, b);
  const __m128d sum = _mm_add_pd(product, c);
  const __m128d grown = _mm_sub_pd(sum, product);
  const __m128d error = _mm_add_pd(_mm_sub_pd(product, _mm_sub_pd(sum, grown)), _mm_sub_pd(c, grown));
  const __m128d zero = _mm_setzero_pd();
  const __m128d up = _mm_cmpgt_pd(error, zero);
  const __m128d down = _mm_cmplt_pd(error, zero);
  const __m128i one = _mm_set1_epi64x(1);
  const __m128i bits = _mm_castpd_si128(sum);
  const __m128i inexact = _mm_castpd_si128(_mm_or_pd(up, down));
  const __m128i even = _mm_andnot_si128(bits, one);  // 1 where the last bit has to be set
  // +1 away from zero where error and sum have one sign, else -1
  const __m128i outwards = _mm_castpd_si128(_mm_xor_pd(up, _mm_cmple_pd(sum, zero)));
  const __m128i step = _mm_or_si128(_mm_andnot_si128(outwards, _mm_set1_epi64x(-1)), _mm_and_si128(outwards, one));
  const __m128i apply = _mm_and_si128(inexact, _mm_sub_epi64(_mm_setzero_si128(), even));
  return _mm_castsi128_pd(_mm_add_epi64(bits, _mm_and_si128(apply, step)));
}
#endif

inline Vector multiply_add(Vector a, Vector b, Vector c) {
#if !LINNET_FUSED
  return a * b + c;
#elif LINNET_VECTOR_BITS == 512
  return _mm512_fmadd_ps(a, b, c);  // xsimd::fma multiplies and adds before version 11
#elif LINNET_VECTOR_BITS == 256
  return _mm256_fmadd_ps(a, b, c);
#elif defined(__FMA__)
  return _mm_fmadd_ps(a, b, c);  // the program is built for a processor that has it
#elif defined(__SSE2__)
  const __m128 high_a = _mm_movehl_ps(a, a);
  const __m128 high_b = _mm_movehl_ps(b, b);
  const __m128 high_c = _mm_movehl_ps(c, c);
  const __m128d low = fused_half(_mm_cvtps_pd(a), _mm_cvtps_pd(b), _mm_cvtps_pd(c));
  const __m128d high = fused_half(_mm_cvtps_pd(high_a), _mm_cvtps_pd(high_b), _mm_cvtps_pd(high_c));
  return _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
#elif defined(__ARM_FEATURE_FMA)
  return vfmaq_f32(c, a, b);  // xsimd::fma multiplies and adds where the flags allow no fused one
#else
#error "no fused multiply-add for this architecture"
#endif
}

// xsimd's division and square root are estimates on NEON, with two steps of Newton's: four in ten results are wrong.
#if defined(__aarch64__)
inline Vector square_root(Vector x) { return vsqrtq_f32(x); }
inline Vector divide(Vector a, Vector b) { return vdivq_f32(a, b); }
#elif defined(__ARM_NEON)
// ARMv7 has neither on vectors: lane by lane, in VFP registers.
inline Vector square_root(Vector x) {
  float32x4_t y = x;
  y[0] = square_root(y[0]);
  y[1] = square_root(y[1]);
  y[2] = square_root(y[2]);
  y[3] = square_root(y[3]);
  return y;
}
inline Vector divide(Vector a, Vector b) {
  float32x4_t x = a;
  const float32x4_t y = b;
  x[0] = x[0] / y[0];
  x[1] = x[1] / y[1];
  x[2] = x[2] / y[2];
  x[3] = x[3] / y[3];
  return x;
}
#else
inline Vector square_root(Vector x) { return xsimd::sqrt(x); }
inline Vector divide(Vector a, Vector b) { return a / b; }
#endif
inline Vector choose(Mask first, Vector a, Vector b) { return xsimd::select(first, a, b); }
inline Vector at_most(Vector limit, Vector x) {
#if LINNET_VECTOR_BITS == 512
  return _mm512_min_ps(limit, x);  // the second where one is NaN; 2 cycles instead of 6
#elif LINNET_VECTOR_BITS == 256
  return _mm256_min_ps(limit, x);
#else
  return choose(x > limit, limit, x);
#endif
}
// max(x, 0): +0 where x is no larger, and where it is NaN.
inline Vector rectified(Vector x) {
#if LINNET_VECTOR_BITS == 512
  return _mm512_max_ps(x, Vector(0.0f));  // the second where one is NaN or both are zeros
#elif LINNET_VECTOR_BITS == 256
  return _mm256_max_ps(x, Vector(0.0f));
#elif defined(__SSE2__)
  return _mm_max_ps(x, Vector(0.0f));
#else
  return choose(x > Vector(0.0f), x, Vector(0.0f));
#endif
}
inline Vector where(Mask keep, Vector x) { return xsimd::select(keep, x, Vector(0.0f)); }
inline Mask both(Mask a, Mask b) { return a & b; }
// The sign turned over, of zeros too. (xsimd's own minus is 0 - x on AVX-512.)
inline Vector negative(Vector x) {
  return as_floats(as_integers(x) ^ Integers(static_cast<std::int32_t>(0x80000000u)));
}
inline Vector magnitude(Vector x) { return as_floats(as_integers(x) & Integers(0x7fffffff)); }
inline Vector with_sign(Vector x, Vector sign) {
  return as_floats(as_integers(x) | (as_integers(sign) & Integers(static_cast<std::int32_t>(0x80000000u))));
}
inline Vector zero_if_subnormal(Vector size, Vector y) {
  return xsimd::select(size < Vector(1.17549435e-38f), Vector(0.0f), y);
}
inline bool is_zero(Vector x) { return xsimd::all(x == Vector(0.0f)); }
inline Vector power_of_two(Vector rounded) { return as_floats(into_exponent(as_integers(rounded))); }
inline Vector shift_exponent(Vector x, Vector rounded) {
  return as_floats(as_integers(x) + into_exponent(as_integers(rounded)));
}
inline void split_exponent(Vector x, Vector& mantissa, Vector& exponent) {
  const Integers bits = as_integers(x);
  const Integers steps = out_of_exponent(bits - Integers(0x3f3504f3));  // arithmetic: the exponent itself
  mantissa = as_floats(bits - into_exponent(steps));
  exponent = as_floats(Integers(0x4b000080) + steps) - Vector(8388736.0f);
}

// ---- One number of all lanes.

inline float first_lane(Vector x) {
#if LINNET_VECTOR_BITS == 512
  return _mm512_cvtss_f32(x);
#elif LINNET_VECTOR_BITS == 256
  return _mm256_cvtss_f32(x);
#elif defined(__ARM_NEON)
  return vgetq_lane_f32(x, 0);
#else
  return _mm_cvtss_f32(x);
#endif
}

// The largest lane, of numbers that are no NaN; the largest, as unsigned integers.
inline float largest_lane(Vector x) {
#if LINNET_VECTOR_BITS == 512
  const __m256 eight = _mm256_max_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
#elif LINNET_VECTOR_BITS == 256
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
#else
  alignas(64) float lane[kWidth];
  x.store_aligned(lane);
  float most = lane[0];
  for (const float l : lane) {
    most = l > most ? l : most;
  }
  return most;
#endif
}
inline std::uint32_t largest_lane(Bits x) {
#if LINNET_VECTOR_BITS == 512
  return _mm512_reduce_max_epu32(x);
#elif LINNET_VECTOR_BITS == 256
  const __m128i four = _mm_max_epu32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  const __m128i two = _mm_max_epu32(four, _mm_shuffle_epi32(four, 0x4e));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_max_epu32(two, _mm_shuffle_epi32(two, 0xb1))));
#else
  alignas(64) std::uint32_t lane[kWidth];
  x.store_aligned(lane);
  std::uint32_t most = 0;
  for (const std::uint32_t l : lane) {
    most = l > most ? l : most;
  }
  return most;
#endif
}

template <>
inline Vector lane_numbers<Vector>() {
  static constexpr float kNumbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return Vector::load_unaligned(kNumbers);
}

// ---- Loads and stores.

}  // namespace
}  // namespace linnet

#include "kernels/part.hpp"

namespace linnet {
namespace {

// ---- Lanes as factors. Where an instruction multiplies by a lane of a register, four factors cost one load.

#if defined(__aarch64__)
constexpr bool kLaneFactors = true;
// lanes[L] * b, and the same added to c
template <std::size_t L>
inline Vector multiply_lane(Vector lanes, Vector b) {
  return vmulq_laneq_f32(b, lanes, L);
}
template <std::size_t L>
inline Vector multiply_add_lane(Vector lanes, Vector b, Vector c) {
#if LINNET_FUSED
  return vfmaq_laneq_f32(c, b, lanes, L);
#else
  return vaddq_f32(multiply_lane<L>(lanes, b), c);
#endif
}
#else
constexpr bool kLaneFactors = false;
template <std::size_t L>
Vector multiply_lane(Vector lanes, Vector b);
template <std::size_t L>
Vector multiply_add_lane(Vector lanes, Vector b, Vector c);
#endif

template <>
struct Shape<Vector> {
  static constexpr std::size_t kWidth = linnet::kWidth;
  using Some = linnet::Some;
  using Pieces = linnet::Pieces;
};

template <class V>
V load(const float* x, const Some& some) {
  return some.load(x);
}
template <class V>
V load(const float* x, const Pieces& pieces) {
  return pieces.load(x);
}
template <>
inline Vector load<Vector>(const float* x, Full) {
  return Vector::load_unaligned(x);
}
inline void store(float* x, Vector value, Full) { value.store_unaligned(x); }
inline void store(float* x, Vector value, const Some& some) { some.store(x, value); }
inline void store(float* x, Vector value, const Pieces& pieces) { pieces.store(x, value); }
inline Full in_pieces(Full full) { return full; }
inline Pieces in_pieces(const Some& some) { return Pieces(some); }
inline Vector keep_lanes(Vector fresh, Vector /*old*/, Full) { return fresh; }
inline Vector keep_lanes(Vector fresh, Vector old, const Some& some) { return some.keep(fresh, old); }

template <>
struct Largest<Vector> {
  Bits most = Bits(0u);
  template <class Part>
  [[gnu::always_inline]] void see(Vector x, Part part) {
    most = xsimd::max(most, as_bits(keep_lanes(x, Vector(0.0f), part)) & Bits(0x7fffffffu));
  }
  [[nodiscard]] std::uint32_t magnitude_bits() const { return largest_lane(most); }
};

}  // namespace
}  // namespace linnet
