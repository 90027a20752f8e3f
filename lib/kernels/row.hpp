// One row through a layer: its sums in registers for whoever goes on with them. A product of its own would store them
// for a pass that waits for the store: 13 cycles a layer, and as many instructions as the sums take.
#pragma once

#include "kernels/product.hpp"

namespace linnet {
namespace {

// layout::stored_by_unit(), which without optimization would be shared with objects for other instruction sets.
[[gnu::always_inline]] inline bool is_transposed(std::size_t inputs, std::size_t units) {
  return units < 16 && units < inputs;
}

// The row x: (terms) and the parameters w: (terms, outputs) or transposed, then the biases, if there are any.
struct RowSums {
  const float* x;
  const float* w;
  std::size_t terms, outputs;
  bool bias;

  [[nodiscard]] const float* biases() const { return bias ? w + terms * outputs : nullptr; }
  [[nodiscard]] Product product(float* y) const { return {x, w, biases(), y, 1, terms, outputs}; }
};

constexpr std::size_t kRowVectors = 2;  // so many are summed at once; more are left to multiply_row(), by eights

// N vectors of sums from `o` on.
template <std::size_t N, class Last>
[[gnu::always_inline]] inline void sums_of_row(const RowSums& m, std::size_t o, Last last, Vector (&sum)[N]) {
  Tile<1, N> tile;
  const float* biases = m.biases();
  tile.start(biases != nullptr ? biases + o : nullptr, last);
  tile.join_terms(m.x, 0, m.w + o, m.outputs, m.terms, last);
  unroll<N>([&](auto n) LINNET_INLINED { sum[n] = tile.sum[0][n]; });
}

constexpr std::size_t kFewOutputs = smaller(4, kWidth - 1);

// So few outputs by a transposed B, as numbers: turning their rows into vectors takes longer than their chains.
// 0 where there is no output.
template <std::size_t N>
[[gnu::always_inline]] inline Vector few_sums_of_row(const RowSums& m) {
  const float* biases = m.biases();
  float sum[N];
  unroll<N>([&](auto n) LINNET_INLINED { sum[n] = biases != nullptr ? biases[n] : -0.0f; });
  const float* w = m.w;
  for (std::size_t k = 0; k < m.terms; ++k, ++w) {
    unroll<N>([&](auto n) LINNET_INLINED { sum[n] = multiply_add(m.x[k], w[n * m.terms], sum[n]); });
  }
  Vector all(0.0f);
  unroll<N>([&](auto n) LINNET_INLINED {
    constexpr std::size_t kLane = N - 1 - n;
    all = keep_lanes(Vector(sum[kLane]), n == 0 ? Vector(0.0f) : all, Some(kLane + 1));
  });
  return all;
}

inline Vector few_sums_of_row(const RowSums& m) {
  switch (m.outputs) {
    case 1:
      return few_sums_of_row<1>(m);
    case 2:
      return few_sums_of_row<2>(m);
    case 3:
      return few_sums_of_row<3>(m);
    default:
      return few_sums_of_row<4>(m);
  }
}

// A vector of sums from `o` on, B transposed; 0 where there is no output.
template <class Last>
[[gnu::always_inline]] inline Vector transposed_sums_of_row(const RowSums& m, std::size_t o, Last last) {
  if (m.outputs <= kFewOutputs) {
    return few_sums_of_row(m);
  }
  Tile<1, 1> tile;
  const float* biases = m.biases();
  tile.start(biases != nullptr ? biases + o : nullptr, last);
  return keep_lanes(join_transposed(m.x, m.w + o * m.terms, m.terms, last, tile.sum[0][0]), Vector(0.0f), last);
}

// A row of fewer outputs than a vector has lanes.
[[gnu::always_inline]] inline Vector short_row(const RowSums& row, const Some& some) {
  if (is_transposed(row.terms, row.outputs)) {
    return transposed_sums_of_row(row, 0, some);
  }
  Vector sum[1];
  sums_of_row(row, 0, some, sum);
  return sum[0];
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

inline std::uint32_t row_below(const float* d, const float* w, std::size_t inputs, std::size_t units, float* below) {
  const RowSums row{d, w, units, inputs, false};
  const bool transposed = !is_transposed(inputs, units);  // the order of the layer's weights, seen from above
  Largest<Vector> largest;
  if (transposed) {
    for_each<Vector>(inputs, [&](std::size_t i, auto last) LINNET_INLINED {
      const Vector sum[1] = {transposed_sums_of_row(row, i, last)};
      replace_below(below + i, last, sum, largest);
    });
  } else if (inputs > kRowVectors * kWidth) {
    return multiply_row({row.product(below), Finish::times_c});
  } else {
    over_columns<kRowVectors>(0, inputs, [&](auto n, std::size_t i, auto last) LINNET_INLINED {
      Vector sum[n];
      sums_of_row<n>(row, i, last, sum);
      replace_below<n>(below + i, last, sum, largest);
    });
  }
  return largest.magnitude_bits();
}

}  // namespace
}  // namespace linnet
