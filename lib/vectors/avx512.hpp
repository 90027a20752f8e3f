// AVX-512 F, CD, DQ, BW, VL.
#pragma once

#define LINNET_TABLE avx512

#include "vectors/avx.hpp"

namespace linnet {
namespace {

using Architecture = xsimd::avx512dq;
using Vector = xsimd::batch<float, Architecture>;
constexpr bool kLaneFactors = false;
constexpr bool kFlushesSubnormals = false;

// xsimd::fma multiplies and adds before release 11.
inline Vector fused_multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }

// The second operand where one is NaN or both are zeros; xsimd's min and max exchanged theirs between releases.
inline Vector at_most(Vector limit, Vector x) { return _mm512_min_ps(limit, x); }
inline Vector rectified(Vector x) { return _mm512_max_ps(x, Vector(0.0f)); }

// Release 8 of xsimd has no loads and stores by a mask.
struct Some : Count {
  __mmask16 lanes;
  explicit Some(std::size_t n) : Count(n), lanes(static_cast<__mmask16>((1u << n) - 1u)) {}
};
inline Vector load_some(const float* x, const Some& some) { return _mm512_maskz_loadu_ps(some.lanes, x); }
inline void store_some(float* x, Vector value, const Some& some) { _mm512_mask_storeu_ps(x, some.lanes, value); }
inline Vector keep_some(Vector fresh, Vector old, const Some& some) {
  return _mm512_mask_blend_ps(some.lanes, old, fresh);
}
inline Vector load_pieces(const float* x, std::size_t count) {
  if ((count & 8) == 0) {
    return _mm512_zextps256_ps512(load_seven(x, count));
  }
  return _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(x)), load_seven(x + 8, count), 1);
}
inline void store_pieces(float* x, Vector value, std::size_t count) {
  if ((count & 8) == 0) {
    store_seven(x, count, _mm512_castps512_ps256(value));
  } else {
    _mm256_storeu_ps(x, _mm512_castps512_ps256(value));
    store_seven(x + 8, count, _mm512_extractf32x8_ps(value, 1));
  }
}

// Release 8 of xsimd has no constant shuffles.
inline Vector pairs_low(Vector a, Vector b) { return _mm512_unpacklo_ps(a, b); }
inline Vector pairs_high(Vector a, Vector b) { return _mm512_unpackhi_ps(a, b); }
inline Vector halves_low(Vector a, Vector b) { return _mm512_shuffle_ps(a, b, 0x44); }
inline Vector halves_high(Vector a, Vector b) { return _mm512_shuffle_ps(a, b, 0xee); }
inline float first_lane(Vector x) { return _mm512_cvtss_f32(x); }
template <std::size_t H>
inline Vector upper_lanes(Vector x) {
  if constexpr (H == 8) {
    return _mm512_castps256_ps512(_mm512_extractf32x8_ps(x, 1));
  } else if constexpr (H == 4) {
    return _mm512_castps128_ps512(_mm512_extractf32x4_ps(x, 1));
  } else {
    return _mm512_shuffle_ps(x, x, H == 2 ? 0xee : 0x55);
  }
}

inline void transpose_quarters(Vector (&x)[4]) {
  const __m512 low01 = _mm512_shuffle_f32x4(x[0], x[1], 0x44);
  const __m512 high01 = _mm512_shuffle_f32x4(x[0], x[1], 0xee);
  const __m512 low23 = _mm512_shuffle_f32x4(x[2], x[3], 0x44);
  const __m512 high23 = _mm512_shuffle_f32x4(x[2], x[3], 0xee);
  x[0] = _mm512_shuffle_f32x4(low01, low23, 0x88);
  x[1] = _mm512_shuffle_f32x4(low01, low23, 0xdd);
  x[2] = _mm512_shuffle_f32x4(high01, high23, 0x88);
  x[3] = _mm512_shuffle_f32x4(high01, high23, 0xdd);
}
// Halves of rows are put where they belong as they are loaded, half of the shuffles between quarters. With quarters of
// rows none is left, but a step of 4-16-16-3 takes 5 % longer.
[[gnu::always_inline]] inline void load_quarters(const float* x, std::size_t stride, Vector (&column)[16]) {
  const auto two_rows = [stride](const float* row) LINNET_INLINED {
    return _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(row)), _mm256_loadu_ps(row + 4 * stride), 1);
  };
  unroll<8>([&](auto k) LINNET_INLINED {
    constexpr std::size_t kTo = k / 4 * 8 + k % 4;
    const float* row = x + k % 4 * stride + k / 4 * 8;
    const __m512 first = two_rows(row);
    const __m512 second = two_rows(row + 8 * stride);
    column[kTo] = _mm512_shuffle_f32x4(first, second, 0x88);
    column[kTo + 4] = _mm512_shuffle_f32x4(first, second, 0xdd);
  });
}

}  // namespace
}  // namespace linnet

#include "vectors/vector.hpp"
