// AVX2 with FMA.
#pragma once

#define LINNET_TABLE avx2

#include "vectors/avx.hpp"

namespace linnet {
namespace {

using Architecture = xsimd::fma3<xsimd::avx2>;
using Vector = xsimd::batch<float, Architecture>;
constexpr bool kLaneFactors = false;
constexpr bool kFlushesSubnormals = false;

inline Vector fused_multiply_add(Vector a, Vector b, Vector c) { return xsimd::fma(a, b, c); }

// The second operand where one is NaN or both are zeros; xsimd's min and max exchanged theirs between releases.
inline Vector at_most(Vector limit, Vector x) { return _mm256_min_ps(limit, x); }
inline Vector rectified(Vector x) { return _mm256_max_ps(x, Vector(0.0f)); }

// Release 8 of xsimd has no loads by a mask. A store by one takes 12 cycles on Zen 4: it is done in pieces.
struct Some : Count {
  __m256i lanes;
  explicit Some(std::size_t n)
      : Count(n),
        lanes(_mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))) {}
};
inline Vector load_some(const float* x, const Some& some) { return _mm256_maskload_ps(x, some.lanes); }
inline Vector keep_some(Vector fresh, Vector old, const Some& some) {
  return _mm256_blendv_ps(old, fresh, _mm256_castsi256_ps(some.lanes));
}
inline Vector load_pieces(const float* x, std::size_t count) { return load_seven(x, count); }
inline void store_pieces(float* x, Vector value, std::size_t count) { store_seven(x, count, value); }

// Release 8 of xsimd has no constant shuffles.
inline Vector pairs_low(Vector a, Vector b) { return _mm256_unpacklo_ps(a, b); }
inline Vector pairs_high(Vector a, Vector b) { return _mm256_unpackhi_ps(a, b); }
inline Vector halves_low(Vector a, Vector b) { return _mm256_shuffle_ps(a, b, 0x44); }
inline Vector halves_high(Vector a, Vector b) { return _mm256_shuffle_ps(a, b, 0xee); }
inline float first_lane(Vector x) { return _mm256_cvtss_f32(x); }
template <std::size_t H>
inline Vector upper_lanes(Vector x) {
  if constexpr (H == 4) {
    return _mm256_castps128_ps256(_mm256_extractf128_ps(x, 1));
  } else {
    return _mm256_shuffle_ps(x, x, H == 2 ? 0xee : 0x55);
  }
}

inline void transpose_quarters(Vector (&x)[2]) {
  const __m256 low = _mm256_permute2f128_ps(x[0], x[1], 0x20);
  x[1] = _mm256_permute2f128_ps(x[0], x[1], 0x31);
  x[0] = low;
}
// Quarters of rows are put where they belong as they are loaded: no shuffle between quarters is left.
[[gnu::always_inline]] inline void load_quarters(const float* x, std::size_t stride, Vector (&column)[8]) {
  unroll<8>([&](auto k) LINNET_INLINED {
    const float* row = x + k % 4 * stride + k / 4 * 4;
    column[k] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(row)), _mm_loadu_ps(row + 4 * stride), 1);
  });
}

}  // namespace
}  // namespace linnet

#include "vectors/vector.hpp"
