// One row through a layer: its sums, with the bias, in registers for whoever goes on with them. A product of its own
// would store them for a pass that waits for the store: 13 cycles a layer, and as many instructions as the sums take.
#pragma once

#include <linnet/topology.hpp>

#include "kernels/lanes.hpp"

namespace linnet {
namespace {

// layout::stored_by_unit(), which without optimization would be shared with objects for other instruction sets.
[[gnu::always_inline]] inline bool in_lanes(std::size_t inputs, std::size_t units) {
  return units < 16 && units < inputs;
}

// The row x: (terms) and the parameters w: (terms, outputs), in lanes (outputs, terms), then the biases, if there are any.
struct RowSums {
  const float* x;
  const float* w;
  std::size_t terms, outputs;
  bool bias;

  [[nodiscard, gnu::always_inline]] Product product(float* y) const {
    return {x, w, bias ? w + terms * outputs : nullptr, y, Finish::none, 1, terms, outputs};
  }
};

// ---- Chains.

constexpr std::size_t kRowVectors = 2;  // so many are summed at once; more are left to multiply_row(), by eights

// How to take a row of so many floats: one, two, or on 128 bits four whole vectors each have a function without a loop.
constexpr std::size_t kMostAtOnce = kWidth == 4 ? 4 : 2;
template <class Way>
[[gnu::always_inline]] inline Way* way_of(std::size_t floats, Way* one, Way* two, Way* most, Way* in_parts) {
  return floats == kWidth ? one : floats == 2 * kWidth ? two : floats == kMostAtOnce * kWidth ? most : in_parts;
}

// Joins four terms. AVX-512 loads their weights before what they are multiplied with is there, not in the instruction that
// multiplies, which waits for it (Zen 4: an inference of 4-16-16-3 takes 60.5 instead of 62.2 ns, a step 155 instead of
// 156.5); ARMv7 would run out of registers.
template <std::size_t N, class Last>
[[gnu::always_inline]] inline void join_four(Tile<1, N>& tile, const float* x, const float* w, std::size_t stride,
                                             Last last) {
#if LINNET_VECTOR_BITS == 512
  Vector rows[4][N];
  unroll<4>([&](auto k) LINNET_INLINED {
    tile.load_row(w + k * stride, rows[k], last);
    unroll<N>([&](auto n) LINNET_INLINED {
      Vector& weights = rows[k][n];
      asm("" : "+v"(weights.data));
    });
  });
  unroll<4>([&](auto k) LINNET_INLINED {
    const Vector factor(x[k]);
    unroll<N>([&](auto n) LINNET_INLINED { tile.template join_vector<false>(factor, rows[k][n], tile.sum[0][n]); });
  });
#else
  unroll<4>([&](auto k) LINNET_INLINED { tile.template join<false>(x + k, 0, w + k * stride, last); });
#endif
}

// N vectors of sums from `o` on.
template <std::size_t N, class Last>
[[gnu::always_inline]] inline void chains_of_row(const RowSums& m, std::size_t o, Last last, Vector (&sum)[N]) {
  Tile<1, N> tile;
  tile.clear();
  const float* x = m.x;
  const float* w = m.w + o;
  const float* const end = x + m.terms;
  const std::size_t stride = m.outputs;
  if constexpr (kLaneFactors) {
    tile.join_terms(x, 0, w, stride, m.terms, last);
    w += m.terms * stride;
  } else {
    for (const float* const fours = x + m.terms / 4 * 4; x != fours; x += 4, w += 4 * stride) {
      join_four(tile, x, w, stride, last);
    }
    for (; x != end; ++x, w += stride) {
      tile.template join<false>(x, 0, w, last);
    }
  }
  unroll<N>([&](auto n) LINNET_INLINED { sum[n] = tile.sum[0][n]; });
  if (m.bias) {  // w stands on them
    Vector bias[N];
    tile.load_row(w, bias, last);
    unroll<N>([&](auto n) LINNET_INLINED { sum[n] = sum[n] + bias[n]; });
  }
}

// ---- Lanes: four outputs at a time, whose trees meet in 128 bits. AVX-512 takes them in halves of a vector: the first
// level of the tree is then an addition, and what the layer before has stored as a whole, maybe in two cache lines, is there
// sooner (Zen 4: 10 to 13 cycles instead of 13 to 22).

#if LINNET_VECTOR_BITS == 512
using Lanes = __m256;
using SomeLanes = SomeOfEight;
constexpr std::size_t kLanesWidth = 8;
inline Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
#if LINNET_FUSED
  return _mm256_fmadd_ps(a, b, c);
#else
  return _mm256_add_ps(_mm256_mul_ps(a, b), c);
#endif
}
inline Lanes load_lanes(const float* x) { return _mm256_loadu_ps(x); }
inline Lanes load_pieces(const float* x, const SomeLanes& some) { return load_seven(x, some.count); }
inline Lanes lanes_of(float x) { return _mm256_set1_ps(x); }
#else
using Lanes = Vector;
using SomeLanes = Some;
constexpr std::size_t kLanesWidth = kWidth;
inline Lanes load_lanes(const float* x) { return load<Vector>(x, Full{}); }
inline Lanes load_pieces(const float* x, const SomeLanes& some) { return Pieces(some).load(x); }
inline Lanes lanes_of(float x) {
  const Vector all(x);
  return all;
}
#endif
constexpr std::size_t kPartsOfLanes = kLanes / kLanesWidth;

#if LINNET_VECTOR_BITS == 512
using Four = __m128;
inline Four folded(Lanes x) { return _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1)); }
inline Vector widened(Four x) { return _mm512_zextps128_ps512(x); }
template <std::size_t Q>
inline Vector with_quarter(Vector x, Four quarter) {
  return _mm512_insertf32x4(x, quarter, Q);
}
#elif LINNET_VECTOR_BITS == 256
using Four = __m128;
inline Four folded(Vector x) { return _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1)); }
inline Vector widened(Four x) { return _mm256_zextps128_ps256(x); }
template <std::size_t Q>
inline Vector with_quarter(Vector x, Four quarter) {
  return _mm256_insertf128_ps(x, quarter, Q);
}
#else
using Four = Vector;
inline Four folded(Vector x) { return x; }
inline Vector widened(Four x) { return x; }
template <std::size_t Q>
inline Vector with_quarter(Vector /*x*/, Four quarter) {
  return quarter;
}
#endif

// Lane i: the sum of the lanes of x[i].
inline Four sums_of_four(const Four (&x)[4]) {
#if LINNET_VECTOR_BITS > 128
  const Four low = _mm_add_ps(_mm_movelh_ps(x[0], x[1]), _mm_shuffle_ps(x[0], x[1], 0xee));
  const Four high = _mm_add_ps(_mm_movelh_ps(x[2], x[3]), _mm_shuffle_ps(x[2], x[3], 0xee));
  return _mm_add_ps(_mm_shuffle_ps(low, high, 0x88), _mm_shuffle_ps(low, high, 0xdd));
#else
  return sums_of_lanes(x);
#endif
}

// The outputs from `o` on, at most four; further lanes repeat the last one.
[[gnu::always_inline]] inline Four four_lanes_of_row(const RowSums& m, std::size_t o, std::size_t count) {
  const std::size_t terms = m.terms;
  const float* rows[4];
  rows[0] = m.w + o * terms;
  unroll<3>([&](auto n) LINNET_INLINED { rows[n + 1] = n + 1 < count ? rows[n] + terms : rows[n]; });
  const float* x = m.x;
  Lanes sum[kPartsOfLanes][4];
  unroll<kPartsOfLanes>([&](auto v)
                            LINNET_INLINED { unroll<4>([&](auto n) LINNET_INLINED { sum[v][n] = lanes_of(-0.0f); }); });
  const auto join = [&](auto v, std::size_t k) LINNET_INLINED {
    const Lanes factor = load_lanes(x + k);
    unroll<4>([&](auto n) LINNET_INLINED { sum[v][n] = multiply_add(factor, load_lanes(rows[n] + k), sum[v][n]); });
  };
  const auto join_some = [&](auto v, std::size_t k, const SomeLanes& some) LINNET_INLINED {
    const Lanes factor = load_pieces(x + k, some);
    unroll<4>([&](auto n) LINNET_INLINED {
      Lanes& lane = sum[v][n];
      lane = some.keep(multiply_add(factor, some.load(rows[n] + k), lane), lane);
    });
  };
  std::size_t k = 0;
  for (; k + kLanes <= terms; k += kLanes) {
    unroll<kPartsOfLanes>([&](auto v) LINNET_INLINED { join(v, k + v * kLanesWidth); });
  }
  if (k < terms) {
    unroll<kPartsOfLanes>([&](auto v) LINNET_INLINED {
      const std::size_t at = k + v * kLanesWidth;
      if (at + kLanesWidth <= terms) {
        join(v, at);
      } else if (at < terms) {
        join_some(v, at, SomeLanes(terms - at));
      }
    });
  }
  Four four[4];
  unroll<4>([&](auto n) LINNET_INLINED {
    if constexpr (kPartsOfLanes == 4) {
      four[n] = (sum[0][n] + sum[2][n]) + (sum[1][n] + sum[3][n]);
    } else {
      four[n] = folded(sum[0][n] + sum[1][n]);
    }
  });
  return sums_of_four(four);
}

[[gnu::noinline]] inline Four four_lanes_apart(const float* x, const float* w, std::size_t terms, std::size_t count) {
  return four_lanes_of_row({x, w, terms, 0, false}, 0, count);
}

// A vector of sums from `o` on; +0 where there is no output.
template <class Last>
[[gnu::always_inline]] inline Vector lanes_of_row(const RowSums& m, std::size_t o, Last last) {
  const std::size_t count = count_of(last);
  Vector sum = widened(four_lanes_of_row(m, o, count));
  unroll<kQuarters - 1>([&](auto q) LINNET_INLINED {
    constexpr std::size_t kQuarter = q + 1;
    if (count > 4 * kQuarter) {
      sum = with_quarter<kQuarter>(
          sum, four_lanes_apart(m.x, m.w + (o + 4 * kQuarter) * m.terms, m.terms, count - 4 * kQuarter));
    }
  });
  if (m.bias) {
    sum = sum + load<Vector>(m.w + m.terms * m.outputs + o, last);
  }
  return keep_lanes(sum, Vector(0.0f), last);
}

// ---- Either.

// A row of few outputs: at most four in lanes, else fewer than a vector has lanes. +0 where there is none.
[[gnu::always_inline]] inline Vector few_of_row(const RowSums& row, const Some& some) {
  Vector sum = widened(four_lanes_of_row(row, 0, row.outputs));
  if (row.bias) {
    sum = sum + load<Vector>(row.w + row.terms * row.outputs, some);
  }
  return keep_lanes(sum, Vector(0.0f), some);
}
[[gnu::always_inline]] inline Vector short_row(const RowSums& row, const Some& some) {
  if (in_lanes(row.terms, row.outputs)) {
    return lanes_of_row(row, 0, some);
  }
  Vector sum[1];
  chains_of_row(row, 0, some, sum);
  return sum[0];
}
[[gnu::always_inline]] inline bool is_few(std::size_t inputs, std::size_t units) {
  return units < smaller(kWidth, 5) && units < inputs;
}

// ---- Down through a layer: unit gradients below are sums times the derivatives that they replace.

template <std::size_t N, class Last>
[[gnu::always_inline]] inline void replace_below(float* below, Last last, const Vector (&sum)[N],
                                                 Largest<Vector>& largest) {
  Tile<1, N> tile;
  tile.load_row(below, tile.sum[0], in_pieces(last));
  unroll<N>([&](auto n) LINNET_INLINED { tile.sum[0][n] = sum[n] * tile.sum[0][n]; });
  tile.for_all(last, [&largest](Vector& d, auto part) LINNET_INLINED { largest.see(d, part); });
  tile.store_row(below, tile.sum[0], in_pieces(last));
}

// A vector of sums of as many inputs as `last` says, of the weights from w on: (inputs, units).
template <class Last>
[[gnu::always_inline]] inline Vector transposed_of_row(const float* d, const float* w, std::size_t units, Last last) {
  const float* const end = d + units;
  const std::size_t rows = count_of(last);
  Vector column[kWidth];
  Vector sum(-0.0f);
  for (const float* const squares = d + units / kWidth * kWidth; d != squares; d += kWidth, w += kWidth) {
    if (rows == kWidth) {
      load_whole_square(w, units, column);
    } else {
      load_square(w, units, rows, Full{}, column);
    }
    unroll<kWidth>([&](auto j) LINNET_INLINED { sum = multiply_add(Vector(d[j]), column[j], sum); });
  }
  if (d != end) {
    const std::size_t rest = static_cast<std::size_t>(end - d);
    load_square(w, units, rows, Some(rest), column);
    unroll<kWidth>([&](auto j) LINNET_INLINED {
      if (j < rest) {
        sum = multiply_add(Vector(d[j]), column[j], sum);
      }
    });
  }
  return sum;
}

[[gnu::noinline]] inline std::uint32_t transposed_below(const float* d, const float* w, std::size_t inputs,
                                                        std::size_t units, float* below) {
  Largest<Vector> largest;
  for_each<Vector>(inputs, [&](std::size_t i, auto last) LINNET_INLINED {
    const Vector sum[1] = {transposed_of_row(d, w + i * units, units, last)};
    replace_below(below + i, last, sum, largest);
  });
  return largest.magnitude_bits();
}

[[gnu::noinline]] inline std::uint32_t chains_below(const float* d, const float* w, std::size_t inputs,
                                                    std::size_t units, float* below) {
  if (inputs > kRowVectors * kWidth) {
    return multiply_row({d, w, nullptr, below, Finish::times_c, 1, units, inputs});
  }
  Largest<Vector> largest;
  over_columns<kRowVectors>(0, inputs, [&](auto n, std::size_t i, auto last) LINNET_INLINED {
    Vector sum[n];
    chains_of_row<n>({d, w, units, inputs, false}, i, last, sum);
    replace_below<n>(below + i, last, sum, largest);
  });
  return largest.magnitude_bits();
}

// Of as many inputs as N vectors have lanes: no loop over them.
template <std::size_t N>
[[gnu::noinline]] inline std::uint32_t chains_below_at_once(const float* d, const float* w, std::size_t /*inputs*/,
                                                            std::size_t units, float* below) {
  Vector sum[N];
  chains_of_row({d, w, units, N * kWidth, false}, 0, Full{}, sum);
  Largest<Vector> largest;
  replace_below(below, Full{}, sum, largest);
  return largest.magnitude_bits();
}

// A function that ends in another call has a frame, so each way is one: the calls here are jumps.
inline std::uint32_t row_below(const float* d, const float* w, std::size_t inputs, std::size_t units, float* below) {
  if (!in_lanes(inputs, units)) {
    return transposed_below(d, w, inputs, units, below);
  }
  return way_of(inputs, chains_below_at_once<1>, chains_below_at_once<2>, chains_below_at_once<kMostAtOnce>,
                chains_below)(d, w, inputs, units, below);
}

}  // namespace
}  // namespace linnet
