// The product in lanes once more, on vectors: the same sums as scalar.cpp, several at a time.
#pragma once

#include "kernels/elementwise.hpp"
#include "kernels/products.hpp"
#include "kernels/shuffles.hpp"

namespace linnet {
namespace {

// ---- C = A B^T + bias, lanes.  B: (outputs, terms). As many sums as a vector has lanes go through the tree together.

constexpr std::size_t kVectorsOfLanes = kLanes / kWidth;
constexpr std::size_t kMostLaneSums = (kWidth == 16 || kLaneFactors ? 16 : 8) / kVectorsOfLanes;  // in registers

// to[r * N + n]: the lanes of row b + r and output o + n, added up to one vector.
template <std::size_t R, std::size_t N>
[[gnu::always_inline]] inline void lane_sums(const Product& m, std::size_t b, std::size_t o, Vector* to) {
  const float* a = m.a + b * m.terms;
  const float* row = m.b + o * m.terms;
  Vector sum[kVectorsOfLanes][R * N];
  const auto join = [&](auto v, std::size_t k, auto part) LINNET_INLINED {
    Vector w[N];
    unroll<N>([&](auto n) LINNET_INLINED { w[n] = load<Vector>(row + n * m.terms + k, part); });
    unroll<R>([&](auto r) LINNET_INLINED {
      const Vector x = load<Vector>(a + r * m.terms + k, part);
      unroll<N>([&](auto n) LINNET_INLINED {
        Vector& lane = sum[v][r * N + n];
        lane = keep_lanes(multiply_add(x, w[n], lane), lane, part);
      });
    });
  };
  unroll<kVectorsOfLanes>(
      [&](auto v) LINNET_INLINED { unroll<R * N>([&](auto s) LINNET_INLINED { sum[v][s] = Vector(-0.0f); }); });
  std::size_t k = 0;
  for (; k + kLanes <= m.terms; k += kLanes) {
    unroll<kVectorsOfLanes>([&](auto v) LINNET_INLINED { join(v, k + v * kWidth, Full{}); });
  }
  unroll<kVectorsOfLanes>([&](auto v) LINNET_INLINED {
    const std::size_t at = k + v * kWidth;
    if (at + kWidth <= m.terms) {
      join(v, at, Full{});
    } else if (at < m.terms) {
      join(v, at, Some(m.terms - at));
    }
  });
  for (std::size_t half = kVectorsOfLanes / 2; half > 0; half /= 2) {
    for (std::size_t v = 0; v < half; ++v) {
      unroll<R * N>([&](auto s) LINNET_INLINED { sum[v][s] = sum[v][s] + sum[v + half][s]; });
    }
  }
  unroll<R * N>([&](auto s) LINNET_INLINED { to[s] = sum[0][s]; });
}

// R rows by N outputs, R * N <= kWidth.
template <std::size_t R, std::size_t N>
inline void lanes_tile(const Product& m, std::size_t b, std::size_t o) {
  constexpr std::size_t kRows = R * N > kMostLaneSums ? kMostLaneSums / N : R;
  Vector sum[R * N];
  unroll<R / kRows>([&](auto part)
                        LINNET_INLINED { lane_sums<kRows, N>(m, b + part * kRows, o, sum + part * kRows * N); });
  if constexpr (R == 1 && N < kWidth) {
    Tile<1, 1> row;
    row.sum[0][0] = sums_of_lanes(sum);
    Seen unused;
    finish_tile(m, b, o, row, Pieces(N), unused);
    return;
  }
  alignas(64) float total[kWidth];
  store(total, sums_of_lanes(sum), Full{});
  unroll<R>([&](auto r) LINNET_INLINED {
    unroll<N>([&](auto n) LINNET_INLINED {
      const float lanes = total[r * N + n];
      m.c[(b + r) * m.outputs + o + n] = m.bias != nullptr ? lanes + m.bias[o + n] : lanes;
    });
  });
}

// The outputs [o, last) of one row, at most N.
template <std::size_t N>
[[gnu::always_inline]] inline void lanes_row(const Product& m, std::size_t b, std::size_t o, std::size_t last) {
  if (last - o == N) {
    lanes_tile<1, N>(m, b, o);
  } else if constexpr (N > 1) {
    lanes_row<N - 1>(m, b, o, last);
  }
}

// As many rows of A as a vector has lanes, a row to a lane, so that their trees add vectors and shuffle nothing. Rows of
// few terms have more to do for the trees than for the sums (lib/README.md).
class RowsInLanes {
 public:
  // Whether each lane has a term, the rows fit x_, and the shuffles of all trees would be more than those that turn them.
  [[nodiscard]] static bool takes(const Product& m) {
    return m.terms >= kLanes && m.outputs <= kMostOutputs && m.terms <= kTermsPerOutput * m.outputs;
  }

  // The rows from b on.
  void multiply(const Product& m, std::size_t b) {
    turn(m.a + b * m.terms, m.terms);
    Vector sums[kMostOutputs];  // (outputs, rows)
    over_rows<kOutputs>(0, m.outputs,
                        [&](auto n, std::size_t o) LINNET_INLINED { sum_up<n>(m.b + o * m.terms, m.terms, sums + o); });
    if (m.bias != nullptr) {
      for (std::size_t o = 0; o < m.outputs; ++o) {
        sums[o] = sums[o] + Vector(m.bias[o]);
      }
    }
    float* c = m.c + b * m.outputs;
    for_each<Vector>(m.outputs, [&](std::size_t o, auto part)
                                    LINNET_INLINED { store_square(c + o, m.outputs, kWidth, part, sums + o); });
  }

 private:
  static constexpr std::size_t kTermsPerOutput = 16;
  static constexpr std::size_t kMostOutputs = 16;
  static constexpr std::size_t kMostTerms = kTermsPerOutput * kMostOutputs;
  static constexpr std::size_t kOutputs = kWidth == 16 || kLaneFactors ? 4 : 2;  // five sums of each fit the registers

  void turn(const float* rows, std::size_t terms) {
    Vector column[kWidth];
    float* to = x_;
    std::size_t k = 0;
    for (; k + kWidth <= terms; k += kWidth, to += kWidth * kWidth) {
      load_whole_square(rows + k, terms, column);
      unroll<kWidth>([&](auto j) LINNET_INLINED { store(to + j * kWidth, column[j], Full{}); });
    }
    if (k < terms) {
      load_square(rows + k, terms, kWidth, Some(terms - k), column);
      unroll<kWidth>([&](auto j) LINNET_INLINED {
        if (k + j < terms) {
          store(to + j * kWidth, column[j], Full{});
        }
      });
    }
  }

  // w: (N, terms)
  template <std::size_t N>
  [[gnu::noinline]] void sum_up(const float* w, std::size_t terms, Vector* to) const {
    Vector sum[N];
    add_lanes<0, 1>(w, terms, sum);
    unroll<N>([&](auto n) LINNET_INLINED { to[n] = sum[n]; });
  }

  // The lanes L, L + H, L + 2 H, ...
  template <std::size_t L, std::size_t H, std::size_t N>
  [[gnu::always_inline]] void add_lanes(const float* w, std::size_t terms, Vector (&sum)[N]) const {
    if constexpr (H == kLanes) {
      const Vector first = load<Vector>(x_ + L * kWidth, Full{});
      unroll<N>([&](auto n) LINNET_INLINED { sum[n] = first * Vector(w[n * terms + L]); });
      for (std::size_t k = L + kLanes; k < terms; k += kLanes) {
        const Vector next = load<Vector>(x_ + k * kWidth, Full{});
        unroll<N>([&](auto n) LINNET_INLINED { sum[n] = multiply_add(next, Vector(w[n * terms + k]), sum[n]); });
      }
    } else {
      Vector other[N];
      add_lanes<L, 2 * H>(w, terms, sum);
      add_lanes<L + H, 2 * H>(w, terms, other);
      unroll<N>([&](auto n) LINNET_INLINED { sum[n] = sum[n] + other[n]; });
    }
  }

  alignas(64) float x_[kMostTerms * kWidth];  // (terms, rows)
};

// Returns the row that is left to do.
[[gnu::noinline]] inline std::size_t multiply_rows_in_lanes(const Product& m) {
  RowsInLanes rows;
  std::size_t b = 0;
  for (; b + kWidth <= m.batch; b += kWidth) {
    rows.multiply(m, b);
  }
  return b;
}

// Outputs in pairs of as many rows as fill a vector, the last one alone; the rest of the rows one by one.
inline std::uint32_t multiply_lanes(const Product& m) {
  constexpr std::size_t kSide = smaller(kMostLaneSums, kWidth / 2);
  std::size_t b = m.batch >= kWidth && RowsInLanes::takes(m) ? multiply_rows_in_lanes(m) : 0;
  for (; b + kWidth <= m.batch; b += kWidth) {
    std::size_t o = 0;
    for (; o + 2 <= m.outputs; o += 2) {
      lanes_tile<kWidth / 2, 2>(m, b, o);
      lanes_tile<kWidth / 2, 2>(m, b + kWidth / 2, o);
    }
    if (o < m.outputs) {
      lanes_tile<kWidth, 1>(m, b, o);
    }
  }
  for (; b < m.batch; ++b) {
    std::size_t o = 0;
    for (; o + kSide < m.outputs; o += kSide) {
      lanes_tile<1, kSide>(m, b, o);
    }
    lanes_row<kSide>(m, b, o, m.outputs);
  }
  return 0;
}

}  // namespace
}  // namespace linnet
