// The kernels once more, on vectors: the same sums as scalar.hpp, several at a time.
#pragma once

#include "kernels/vector.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/unroll.hpp"
#include "optimizer/rules.hpp"

namespace linnet {
namespace {

// ---- Tiles: R rows by N vectors of columns, the last vector complete (Full) or not (Some). Registers bound their
// size: 8 x 2 accumulators and the operands fit the 32 registers of AVX-512 and AArch64, 4 x 2 the 16 of the others.

constexpr std::size_t kTileRows = kWidth == 16 || kLaneFactors ? 8 : 4;
constexpr std::size_t kOuterRows = kLaneFactors ? 12 : kTileRows;  // three vectors of factors instead of eight
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kTileColumns = kTileVectors * kWidth;

template <std::size_t R, std::size_t N>
struct Tile {
  Vector sum[R][N];

  template <class Last>
  [[gnu::always_inline]] static inline void load_row(const float* x, Vector (&row)[N], Last last) {
    unroll<N>([&](auto n) LINNET_INLINED {
      if constexpr (n + 1 < N) {
        row[n] = load<Vector>(x + n * kWidth, Full{});
      } else {
        row[n] = load<Vector>(x + n * kWidth, last);
      }
    });
  }
  template <class Last>
  [[gnu::always_inline]] static inline void store_row(float* x, const Vector (&row)[N], Last last) {
    unroll<N>([&](auto n) LINNET_INLINED {
      if constexpr (n + 1 < N) {
        store(x + n * kWidth, row[n], Full{});
      } else {
        store(x + n * kWidth, row[n], last);
      }
    });
  }

  // sum[r] (+)= a[r * a_stride] * b, b one row of N vectors.
  template <bool kFirst, class Last>
  [[gnu::always_inline]] inline void join(const float* a, std::size_t a_stride, const float* b, Last last) {
    Vector row[N];
    load_row(b, row, last);
    unroll<R>([&](auto r) LINNET_INLINED {
      const Vector factor(a[r * a_stride]);
      unroll<N>([&](auto n) LINNET_INLINED {
        if constexpr (kFirst) {
          sum[r][n] = factor * row[n];
        } else {
          sum[r][n] = multiply_add(factor, row[n], sum[r][n]);
        }
      });
    });
  }

  // sum[r] += a[r * a_stride + k] * b[k * b_stride] for k = 0 .. terms - 1, in this order.
  template <class Last>
  [[gnu::always_inline]] inline void join_terms(const float* a, std::size_t a_stride, const float* b,
                                                std::size_t b_stride, std::size_t terms, Last last) {
    std::size_t k = 0;
    if constexpr (kLaneFactors) {
      for (; k + kWidth <= terms; k += kWidth) {
        Vector rows[kWidth][N];
        unroll<kWidth>([&](auto lane) LINNET_INLINED {
          load_row(b, rows[lane], last);
          b += b_stride;
        });
        unroll<R>([&](auto r) LINNET_INLINED {
          const Vector factors = load<Vector>(a + r * a_stride + k, Full{});
          unroll<kWidth>([&](auto lane) LINNET_INLINED {
            unroll<N>([&](auto n)
                          LINNET_INLINED { sum[r][n] = multiply_add_lane<lane>(factors, rows[lane][n], sum[r][n]); });
          });
        });
      }
    }
    for (; k < terms; ++k) {
      join<false>(a + k, a_stride, b, last);
      b += b_stride;
    }
  }

  // sum[r] (+)= a[r] * b, b one row of N vectors.
  template <bool kFirst, class Last>
  [[gnu::always_inline]] inline void join_rows(const float* a, const float* b, Last last) {
    if constexpr (!kLaneFactors || R % kWidth != 0) {
      join<kFirst>(a, 1, b, last);
    } else {
      Vector row[N];
      Vector factors[R / kWidth];
      load_row(b, row, last);
      unroll<R / kWidth>([&](auto v) LINNET_INLINED { factors[v] = load<Vector>(a + v * kWidth, Full{}); });
      unroll<R>([&](auto r) LINNET_INLINED {
        constexpr Constant<r % kWidth> kLane;
        unroll<N>([&](auto n) LINNET_INLINED {
          if constexpr (kFirst) {
            sum[r][n] = multiply_lane<kLane>(factors[r / kWidth], row[n]);
          } else {
            sum[r][n] = multiply_add_lane<kLane>(factors[r / kWidth], row[n], sum[r][n]);
          }
        });
      });
    }
  }
};

// Columns [first, last) in tiles of N vectors, the rest narrower: body(N, first column, last part).
template <std::size_t N, class Body>
[[gnu::always_inline]] inline void over_columns(std::size_t first, std::size_t last, Body&& body) {
  std::size_t c = first;
  for (; c + N * kWidth <= last; c += N * kWidth) {
    body(Constant<N>{}, c, Full{});
  }
  if constexpr (N > 1) {
    over_columns<N / 2>(c, last, body);
  } else {
    if (c < last) {
      body(Constant<1>{}, c, Some(last - c));
    }
  }
}

// Rows [first, last) in tiles of R, the rest in powers of two: body(R, first row).
template <std::size_t R, class Body>
[[gnu::always_inline]] inline void over_rows(std::size_t first, std::size_t last, Body&& body) {
  std::size_t r = first;
  for (; r + R <= last; r += R) {
    body(Constant<R>{}, r);
  }
  if constexpr (R > 1) {
    over_rows<(R & (R - 1)) != 0 ? (R & (R - 1)) : R / 2>(r, last, body);
  }
}

// ---- C = A B + bias, chains.  B: (terms, outputs)

template <std::size_t R, std::size_t N, class Last>
inline void multiply_tile(const Product& m, std::size_t b, std::size_t o, Last last) {
  Tile<R, N> tile;
  const float* a = m.a + b * m.terms;
  const float* column = m.b + o;
  tile.template join<true>(a, m.terms, column, last);
  tile.join_terms(a + 1, m.terms, column + m.outputs, m.outputs, m.terms - 1, last);
  if (m.bias != nullptr) {
    Vector bias[N];
    tile.load_row(m.bias + o, bias, last);
    unroll<R>([&](auto r) LINNET_INLINED {
      unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = tile.sum[r][n] + bias[n]; });
    });
  }
  unroll<R>([&](auto r) LINNET_INLINED {
    float* c = m.c + (b + r) * m.outputs + o;
    if (m.times_c) {
      Vector factor[N];
      tile.load_row(c, factor, last);
      unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = tile.sum[r][n] * factor[n]; });
    }
    tile.store_row(c, tile.sum[r], last);
  });
}

inline void multiply(const Product& m) {
  if (m.batch == 1) {  // one row: 8 chains of vectors hide the latency of the multiply-add
    over_columns<8>(m.first, m.last, [&](auto n, std::size_t o, auto last) { multiply_tile<1, n>(m, 0, o, last); });
    return;
  }
  over_columns<kTileVectors>(m.first, m.last, [&](auto n, std::size_t o, auto last) {
    over_rows<kTileRows>(0, m.batch, [&](auto r, std::size_t b) { multiply_tile<r, n>(m, b, o, last); });
  });
}

// ---- C = A B^T, chains.  B: (outputs, terms), transposed piece by piece into a panel on the stack; what is
// summed so far waits in `partial` while the next piece is packed, so the chains stay in order.

constexpr std::size_t kPanelTerms = 128;
constexpr std::size_t kPanelRows = 64;

struct Panel {
  alignas(64) float b[kPanelTerms * kTileColumns];
  alignas(64) float partial[kPanelRows * kTileColumns];

  // Terms [k, k + terms) of the outputs [o, o + outputs), zeros beside them.
  void pack(const Product& m, std::size_t o, std::size_t outputs, std::size_t k, std::size_t terms) {
    std::size_t j = 0;
    for (; j + 4 <= outputs; j += 4) {
      const float* rows = m.b + (o + j) * m.terms + k;
      std::size_t t = 0;
      for (; t + 4 <= terms; t += 4) {
        transpose_four(rows + t, m.terms, b + t * kTileColumns + j, kTileColumns);
      }
      for (; t < terms; ++t) {
        for (std::size_t i = 0; i < 4; ++i) {
          b[t * kTileColumns + j + i] = rows[i * m.terms + t];
        }
      }
    }
    for (; j < kTileColumns; ++j) {
      for (std::size_t t = 0; t < terms; ++t) {
        b[t * kTileColumns + j] = j < outputs ? m.b[(o + j) * m.terms + k + t] : 0.0f;
      }
    }
  }

  // R rows from row `row` of the block that starts at row `block`. A function of its own, so that the addresses of R
  // rows stay in registers.
  template <std::size_t R>
  [[gnu::noinline]] void add(const Product& m, std::size_t block, std::size_t row, std::size_t k, std::size_t terms) {
    Tile<R, kTileVectors> tile;
    const float* a = m.a + (block + row) * m.terms + k;
    float* sums = partial + row * kTileColumns;
    std::size_t done = 0;
    if (k == 0) {
      tile.template join<true>(a, m.terms, b, Full{});
      done = 1;
    } else {
      unroll<R>([&](auto r) LINNET_INLINED { tile.load_row(sums + r * kTileColumns, tile.sum[r], Full{}); });
    }
    tile.join_terms(a + done, m.terms, b + done * kTileColumns, kTileColumns, terms - done, Full{});
    unroll<R>([&](auto r) LINNET_INLINED { tile.store_row(sums + r * kTileColumns, tile.sum[r], Full{}); });
  }
};

inline void multiply_transposed(const Product& m) {
  Panel panel;
  for (std::size_t block = 0; block < m.batch; block += kPanelRows) {
    const std::size_t rows = m.batch - block < kPanelRows ? m.batch - block : kPanelRows;
    for (std::size_t o = m.first; o < m.last; o += kTileColumns) {
      const std::size_t outputs = m.last - o < kTileColumns ? m.last - o : kTileColumns;
      for (std::size_t k = 0; k < m.terms; k += kPanelTerms) {
        const std::size_t terms = m.terms - k < kPanelTerms ? m.terms - k : kPanelTerms;
        panel.pack(m, o, outputs, k, terms);
        over_rows<kTileRows>(0, rows, [&](auto r, std::size_t row) { panel.template add<r>(m, block, row, k, terms); });
      }
      for (std::size_t row = 0; row < rows; ++row) {
        float* c = m.c + (block + row) * m.outputs + o;
        const float* sums = panel.partial + row * kTileColumns;
        for_each<Vector>(outputs, [&m, c, sums](std::size_t j, auto part) {
          const Vector sum = load<Vector>(sums + j, part);
          store(c + j, m.times_c ? sum * load<Vector>(c + j, part) : sum, part);
        });
      }
    }
  }
}

// ---- C = A B^T + bias, lanes.  B: (outputs, terms). N outputs side by side.

// The halving tree: lane l += lane l + h for h = 8 .. 1, whole vectors first.
template <std::size_t V>
inline float halve_vectors(Vector (&sum)[V]) {
  if constexpr (V > 1) {
    Vector half[V / 2];
    unroll<V / 2>([&](auto v) LINNET_INLINED { half[v] = sum[v] + sum[v + V / 2]; });
    return halve_vectors(half);
  } else {
    alignas(64) float lane[kWidth];
    store(lane, sum[0], Full{});
    return halve(lane, kWidth);
  }
}

template <std::size_t N>
inline void lanes_side(const Product& m, std::size_t b, std::size_t o) {
  constexpr std::size_t kVectors = kLanes / kWidth;
  const float* a = m.a + b * m.terms;
  const float* row = m.b + o * m.terms;
  Vector sum[N][kVectors];
  unroll<N>([&](auto n)
                LINNET_INLINED { unroll<kVectors>([&](auto v) LINNET_INLINED { sum[n][v] = Vector(-0.0f); }); });
  std::size_t k = 0;
  for (; k + kLanes <= m.terms; k += kLanes) {
    unroll<kVectors>([&](auto v) LINNET_INLINED {
      const Vector x = load<Vector>(a + k + v * kWidth, Full{});
      unroll<N>([&](auto n) LINNET_INLINED {
        sum[n][v] = multiply_add(x, load<Vector>(row + n * m.terms + k + v * kWidth, Full{}), sum[n][v]);
      });
    });
  }
  unroll<kVectors>([&](auto v) LINNET_INLINED {
    const std::size_t at = k + v * kWidth;
    if (at + kWidth <= m.terms) {
      const Vector x = load<Vector>(a + at, Full{});
      unroll<N>([&](auto n) LINNET_INLINED {
        sum[n][v] = multiply_add(x, load<Vector>(row + n * m.terms + at, Full{}), sum[n][v]);
      });
    } else if (at < m.terms) {
      const Some some(m.terms - at);
      const Vector x = some.load(a + at);
      unroll<N>([&](auto n) LINNET_INLINED {
        sum[n][v] = some.keep(multiply_add(x, some.load(row + n * m.terms + at), sum[n][v]), sum[n][v]);
      });
    }
  });
  unroll<N>([&](auto n) LINNET_INLINED {
    const float total = halve_vectors(sum[n]);
    float& c = m.c[b * m.outputs + o + n];
    const float with_bias = m.bias != nullptr ? total + m.bias[o + n] : total;
    c = m.times_c ? with_bias * c : with_bias;
  });
}

inline void multiply_lanes(const Product& m) {
  constexpr std::size_t kSide = kWidth == 16 ? 8 : kWidth == 8 || kLaneFactors ? 4 : 2;
  for (std::size_t b = 0; b < m.batch; ++b) {
    over_rows<kSide>(m.first, m.last, [&](auto n, std::size_t o) { lanes_side<n>(m, b, o); });
  }
}

// ---- Weight gradients, each tile handed to the rule while it is in registers.

template <std::size_t R, std::size_t N, class Rule, class Last>
inline void outer_tile(const OuterSum& g, const Rule& shared_rule, const Parameters& shared_parameters, float limit,
                       std::size_t r0, std::size_t c, Last last) {
  // Copies, or every store to a weight would make the compiler load them again.
  const Rule rule = shared_rule;
  const Parameters parameters = shared_parameters;
  const std::size_t columns = g.columns;
  Tile<R, N> tile;
  const float* p = g.p + r0;
  const float* q = g.q + c;
  tile.template join_rows<true>(p, q, last);
  for (std::size_t b = 1; b < g.batch; ++b) {
    p += g.p_stride;
    q += columns;
    tile.template join_rows<false>(p, q, last);
  }
  if (g.share != 1.0f) {
    unroll<R>([&](auto r) LINNET_INLINED {
      unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = tile.sum[r][n] * Vector(g.share); });
    });
  }
  if (limit > 0.0f) {
    unroll<R>([&](auto r) LINNET_INLINED {
      unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = clipped(tile.sum[r][n], Vector(limit)); });
    });
  }
  unroll<R>([&](auto r) LINNET_INLINED {
    const std::size_t k = (r0 + r) * columns + c;
    unroll<N>([&](auto n) LINNET_INLINED {
      if constexpr (n + 1 < N) {
        update_at(rule, tile.sum[r][n], parameters, k + n * kWidth, Full{});
      } else {
        update_at(rule, tile.sum[r][n], parameters, k + n * kWidth, last);
      }
    });
  });
}

template <class Rule>
inline void outer(const OuterSum& g, const Rule& rule, const Parameters& parameters, float limit) {
  over_columns<kTileVectors>(0, g.columns, [&](auto n, std::size_t c, auto last) {
    over_rows<kOuterRows>(g.first, g.last,
                          [&](auto r, std::size_t row) { outer_tile<r, n>(g, rule, parameters, limit, row, c, last); });
  });
}

template <class Rule>
void update_fused(const OuterSum& gradient, const Parameters& parameters, const Update& update) {
  outer(gradient, Rule(update), parameters, update.clip);
}

template <class Rule>
constexpr OptimizerVariant optimizer_variant() {
  return {update_fused<Rule>, update_fused<Rule>};
}

inline void keep(const OuterSum& sum, float* gradient) { outer(sum, Store<Vector>(), {gradient, {}}, 0.0f); }
inline void add(const OuterSum& sum, float* gradient) { outer(sum, Accumulate<Vector>(), {gradient, {}}, 0.0f); }

// In four chains: the order of a maximum does not matter.
inline std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask) {
  constexpr std::size_t kChains = 4;
  const Bits kept(mask);
  Bits most[kChains] = {Bits(0u), Bits(0u), Bits(0u), Bits(0u)};
  std::size_t k = 0;
  for (; k + kChains * kWidth <= n; k += kChains * kWidth) {
    unroll<kChains>([&](auto c) LINNET_INLINED {
      most[c] = xsimd::max(most[c], as_bits(load<Vector>(x + k + c * kWidth, Full{})) & kept);
    });
  }
  for_each<Vector>(n - k, [&](std::size_t rest, auto part) {
    most[0] = xsimd::max(most[0], as_bits(load<Vector>(x + k + rest, part)) & kept);
  });
  alignas(64) std::uint32_t lane[kWidth];
  xsimd::max(xsimd::max(most[0], most[1]), xsimd::max(most[2], most[3])).store_aligned(lane);
  std::uint32_t result = 0;
  for (const std::uint32_t l : lane) {
    result = l > result ? l : result;
  }
  return result;
}

}  // namespace
}  // namespace linnet
