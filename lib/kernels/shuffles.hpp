// Vectors among each other: transposing a square of them, and the halving trees of several at once.
#pragma once

#include "kernels/unroll.hpp"
#include "kernels/vector.hpp"

namespace linnet {
namespace {

// ---- Of two vectors a and b, in each 128 bits for itself (a0 a1 a2 a3, b0 b1 b2 b3).

#if defined(__ARM_NEON)
inline Vector pairs_low(Vector a, Vector b) { return vzipq_f32(a, b).val[0]; }                           // a0 b0 a1 b1
inline Vector pairs_high(Vector a, Vector b) { return vzipq_f32(a, b).val[1]; }                          // a2 b2 a3 b3
inline Vector halves_low(Vector a, Vector b) { return vcombine_f32(vget_low_f32(a), vget_low_f32(b)); }  // a0 a1 b0 b1
inline Vector halves_high(Vector a, Vector b) {
  return vcombine_f32(vget_high_f32(a), vget_high_f32(b));
}  // a2 a3 b2 b3
inline Vector evens(Vector a, Vector b) { return vuzpq_f32(a, b).val[0]; }  // a0 a2 b0 b2
inline Vector odds(Vector a, Vector b) { return vuzpq_f32(a, b).val[1]; }   // a1 a3 b1 b3
#else
#if LINNET_VECTOR_BITS == 512
#define LINNET_OF_TWO(name, ...) _mm512_##name(__VA_ARGS__)
#elif LINNET_VECTOR_BITS == 256
#define LINNET_OF_TWO(name, ...) _mm256_##name(__VA_ARGS__)
#else
#define LINNET_OF_TWO(name, ...) _mm_##name(__VA_ARGS__)
#endif
inline Vector pairs_low(Vector a, Vector b) { return LINNET_OF_TWO(unpacklo_ps, a, b); }         // a0 b0 a1 b1
inline Vector pairs_high(Vector a, Vector b) { return LINNET_OF_TWO(unpackhi_ps, a, b); }        // a2 b2 a3 b3
inline Vector halves_low(Vector a, Vector b) { return LINNET_OF_TWO(shuffle_ps, a, b, 0x44); }   // a0 a1 b0 b1
inline Vector halves_high(Vector a, Vector b) { return LINNET_OF_TWO(shuffle_ps, a, b, 0xee); }  // a2 a3 b2 b3
inline Vector evens(Vector a, Vector b) { return LINNET_OF_TWO(shuffle_ps, a, b, 0x88); }        // a0 a2 b0 b2
inline Vector odds(Vector a, Vector b) { return LINNET_OF_TWO(shuffle_ps, a, b, 0xdd); }         // a1 a3 b1 b3
#undef LINNET_OF_TWO
#endif

constexpr std::size_t kQuarters = kWidth / 4;  // pieces of 128 bits

// The pieces of 128 bits of x[0], x[kQuarters - 1]...: piece i of x[j] and piece j of x[i] change places.
inline void transpose_quarters(Vector (&x)[kQuarters]) {
#if LINNET_VECTOR_BITS == 512
  const __m512 low01 = _mm512_shuffle_f32x4(x[0], x[1], 0x44);
  const __m512 high01 = _mm512_shuffle_f32x4(x[0], x[1], 0xee);
  const __m512 low23 = _mm512_shuffle_f32x4(x[2], x[3], 0x44);
  const __m512 high23 = _mm512_shuffle_f32x4(x[2], x[3], 0xee);
  x[0] = _mm512_shuffle_f32x4(low01, low23, 0x88);
  x[1] = _mm512_shuffle_f32x4(low01, low23, 0xdd);
  x[2] = _mm512_shuffle_f32x4(high01, high23, 0x88);
  x[3] = _mm512_shuffle_f32x4(high01, high23, 0xdd);
#elif LINNET_VECTOR_BITS == 256
  const __m256 low = _mm256_permute2f128_ps(x[0], x[1], 0x20);
  x[1] = _mm256_permute2f128_ps(x[0], x[1], 0x31);
  x[0] = low;
#else
  static_cast<void>(x);
#endif
}

// In each 128 bits for itself: lane i of rows[j] and lane j of rows[i] change places.
[[gnu::always_inline]] inline void transpose_four(Vector* rows) {
  const Vector low01 = pairs_low(rows[0], rows[1]);
  const Vector low23 = pairs_low(rows[2], rows[3]);
  const Vector high01 = pairs_high(rows[0], rows[1]);
  const Vector high23 = pairs_high(rows[2], rows[3]);
  rows[0] = halves_low(low01, low23);
  rows[1] = halves_high(low01, low23);
  rows[2] = halves_low(high01, high23);
  rows[3] = halves_high(high01, high23);
}

// Lane i of x[j] and lane j of x[i] change places.
[[gnu::always_inline]] inline void transpose(Vector (&x)[kWidth]) {
  unroll<kQuarters>([&](auto q) LINNET_INLINED {
    Vector* rows = x + 4 * q;
    transpose_four(rows);
  });
  if constexpr (kQuarters > 1) {
    unroll<4>([&](auto c) LINNET_INLINED {
      Vector pieces[kQuarters];
      unroll<kQuarters>([&](auto q) LINNET_INLINED { pieces[q] = x[4 * q + c]; });
      transpose_quarters(pieces);
      unroll<kQuarters>([&](auto q) LINNET_INLINED { x[4 * q + c] = pieces[q]; });
    });
  }
}

// The same of a whole square: lane i of column[j] is x[i * stride + j]. Parts of rows are put where they belong as they
// are loaded: half of the shuffles between quarters, or all of them.
[[gnu::always_inline]] inline void load_whole_square(const float* x, std::size_t stride, Vector* column) {
#if LINNET_VECTOR_BITS == 512
  const auto two_rows = [stride](const float* row) LINNET_INLINED {
    return _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(row)), _mm256_loadu_ps(row + 4 * stride), 1);
  };
  unroll<2>([&](auto half) LINNET_INLINED {
    unroll<4>([&](auto i) LINNET_INLINED {
      const float* row = x + i * stride + 8 * half;
      const __m512 first = two_rows(row);
      const __m512 second = two_rows(row + 8 * stride);
      column[8 * half + i] = _mm512_shuffle_f32x4(first, second, 0x88);
      column[8 * half + 4 + i] = _mm512_shuffle_f32x4(first, second, 0xdd);
    });
  });
#elif LINNET_VECTOR_BITS == 256
  unroll<2>([&](auto half) LINNET_INLINED {
    unroll<4>([&](auto i) LINNET_INLINED {
      const float* row = x + i * stride + 4 * half;
      column[4 * half + i] =
          _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(row)), _mm_loadu_ps(row + 4 * stride), 1);
    });
  });
#else
  unroll<kWidth>([&](auto i) LINNET_INLINED { column[i] = load<Vector>(x + i * stride, Full{}); });
#endif
  unroll<kQuarters>([&](auto q) LINNET_INLINED { transpose_four(column + 4 * q); });
}

// `rows` rows of `part` floats, the next one `stride` further, as columns: lane i of column[j] is x[i * stride + j];
// further lanes repeat the last row.
template <class Part>
[[gnu::always_inline]] inline void load_square(const float* x, std::size_t stride, std::size_t rows, Part part,
                                               Vector* column) {
  Vector square[kWidth];
  unroll<kWidth>([&](auto i)
                     LINNET_INLINED { square[i] = load<Vector>(x + (i < rows ? i : rows - 1) * stride, part); });
  transpose(square);
  unroll<kWidth>([&](auto j) LINNET_INLINED { column[j] = square[j]; });
}

// The way back.
template <class Part>
[[gnu::always_inline]] inline void store_square(float* x, std::size_t stride, std::size_t rows, Part part,
                                                const Vector* column) {
  Vector square[kWidth];
  unroll<kWidth>([&](auto j) LINNET_INLINED { square[j] = column[j]; });
  transpose(square);
  unroll<kWidth>([&](auto i) LINNET_INLINED {
    if (i < rows) {
      store(x + i * stride, square[i], part);
    }
  });
}

// ---- The halving tree (elementwise.hpp) of a vector: lane l += lane l + h for h = kWidth / 2 .. 1.

// The level h of a and b: lanes of quarters (h >= 4) or within them.
template <std::size_t H>
[[gnu::always_inline]] inline Vector halve_two(Vector a, Vector b) {
  if constexpr (H == 1) {
    return evens(a, b) + odds(a, b);
  } else if constexpr (H == 2) {
    return halves_low(a, b) + halves_high(a, b);
  } else {
#if LINNET_VECTOR_BITS == 512
    return H == 8 ? Vector(_mm512_shuffle_f32x4(a, b, 0x44)) + Vector(_mm512_shuffle_f32x4(a, b, 0xee))
                  : Vector(_mm512_shuffle_f32x4(a, b, 0x88)) + Vector(_mm512_shuffle_f32x4(a, b, 0xdd));
#elif LINNET_VECTOR_BITS == 256
    return Vector(_mm256_permute2f128_ps(a, b, 0x20)) + Vector(_mm256_permute2f128_ps(a, b, 0x31));
#else
    return a + b;  // a vector has no such lanes
#endif
  }
}

// The sum of the lanes of x by the same tree; with H, of the first 2 H lanes.
template <std::size_t H = kWidth / 2>
[[gnu::always_inline]] inline float sum_of_lanes(Vector x) {
  if constexpr (H == 0) {
    return first_lane(x);
  } else {
    return sum_of_lanes<H / 2>(halve_two<H>(x, x));
  }
}

// The same where lanes from some.count on are -0.
[[gnu::always_inline]] inline float sum_of_lanes_in(Vector x, const Some& some) {
  return some.count <= 4 ? sum_of_lanes<2>(x) : sum_of_lanes(x);
}

// The largest lane where lanes from some.count on are smaller than all others.
[[gnu::always_inline]] inline float largest_lane_in(Vector x, const Some& some) {
  if (some.count > 4) {
    return largest_lane(x);
  }
#if LINNET_VECTOR_BITS == 512
  const __m128 four = _mm512_castps512_ps128(x);
#elif LINNET_VECTOR_BITS == 256
  const __m128 four = _mm256_castps256_ps128(x);
#else
  return largest_lane(x);
#endif
#if LINNET_VECTOR_BITS > 128
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
#endif
}

}  // namespace
}  // namespace linnet
