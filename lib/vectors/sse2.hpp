// SSE2, which every x86-64 has.
#pragma once

#define LINNET_TABLE sse2

#include "vectors/x86.hpp"

namespace linnet {
namespace {

using Architecture = xsimd::sse2;
using Vector = xsimd::batch<float, Architecture>;
using Some = Count;
constexpr bool kLaneFactors = false;
constexpr bool kFlushesSubnormals = false;

// fused_by_double() on two halves.
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

// xsimd::fma multiplies and adds here.
inline Vector fused_multiply_add(Vector a, Vector b, Vector c) {
#if defined(__FMA__)
  return _mm_fmadd_ps(a, b, c);  // the program is built for a processor that has it
#else
  const __m128 high_a = _mm_movehl_ps(a, a);
  const __m128 high_b = _mm_movehl_ps(b, b);
  const __m128 high_c = _mm_movehl_ps(c, c);
  const __m128d low = fused_half(_mm_cvtps_pd(a), _mm_cvtps_pd(b), _mm_cvtps_pd(c));
  const __m128d high = fused_half(_mm_cvtps_pd(high_a), _mm_cvtps_pd(high_b), _mm_cvtps_pd(high_c));
  return _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
#endif
}

// The second operand where one is NaN or both are zeros; xsimd's min and max exchanged theirs between releases.
inline Vector at_most(Vector limit, Vector x) { return _mm_min_ps(limit, x); }
inline Vector rectified(Vector x) { return _mm_max_ps(x, Vector(0.0f)); }

inline Vector load_pieces(const float* x, std::size_t count) { return load_three(x, count); }
inline void store_pieces(float* x, Vector value, std::size_t count) { store_three(x, count, value); }

// Release 8 of xsimd has no constant shuffles.
inline Vector pairs_low(Vector a, Vector b) { return _mm_unpacklo_ps(a, b); }
inline Vector pairs_high(Vector a, Vector b) { return _mm_unpackhi_ps(a, b); }
inline Vector halves_low(Vector a, Vector b) { return _mm_movelh_ps(a, b); }
inline Vector halves_high(Vector a, Vector b) { return _mm_movehl_ps(b, a); }
inline float first_lane(Vector x) { return _mm_cvtss_f32(x); }
template <std::size_t H>
inline Vector upper_lanes(Vector x) {
  return _mm_shuffle_ps(x, x, H == 2 ? 0xee : 0x55);
}

}  // namespace
}  // namespace linnet

#include "vectors/vector.hpp"
