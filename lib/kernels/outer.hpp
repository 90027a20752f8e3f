// Weight gradients on vectors: the outer sums of specification.hpp, in blocks, and what becomes of them.
#pragma once

#include "kernels/apply.hpp"
#include "kernels/tile.hpp"

namespace linnet {
namespace {

// ---- Weight gradients: a block of rows on the stack, then the rule over it, as over any array. (With the rule on the
// tile, its constants and the sums fought for the registers.)

// Completed sums, times the share, clipped and stored.
template <std::size_t R, std::size_t N, class Last>
[[gnu::always_inline]] inline void finish_sums(const OuterSum& g, float limit, Tile<R, N>& tile, float* to,
                                               std::size_t stride, Last last) {
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
  unroll<R>([&](auto r) LINNET_INLINED { tile.store_row(to + r * stride, tile.sum[r], last); });
}

// R rows; with kBias the row behind them sums q itself.
template <std::size_t R, std::size_t N, bool kBias, class Last>
[[gnu::noinline]] void outer_tile(const OuterSum& g, float limit, std::size_t r0, std::size_t c, float* to,
                                  std::size_t stride, Last last) {
  const std::size_t columns = g.columns;
  Tile<R, N> tile;
  Tile<1, N> bias;
  const float* p = g.p + r0;
  const float* q = g.q + c;
  tile.start(nullptr, last);
  bias.start(nullptr, last);
#pragma GCC unroll kTurns
  for (std::size_t b = 0; b < g.batch; ++b) {
    tile.join_rows(p, q, last);
    if constexpr (kBias) {
      Vector row[N];
      tile.load_row(q, row, last);
      unroll<N>([&](auto n) LINNET_INLINED { bias.sum[0][n] = bias.sum[0][n] + row[n]; });
    }
    p += g.p_stride;
    q += columns;
  }
  finish_sums(g, limit, tile, to, stride, last);
  if constexpr (kBias) {
    finish_sums(g, limit, bias, to + R * stride, 0, last);
  }
}

struct GradientBlock {
  static constexpr std::size_t kFloats = 4096;
  static constexpr std::size_t kPackedFloats = 2048;
  static constexpr std::size_t kFarColumns = 256;
  alignas(64) float of[kFloats];
  alignas(64) float packed[kPackedFloats];

  // The rows [r0, r1) of the columns [c0, c1), one after the other; with kBias the biases' row behind them. Where the
  // parameters of the sum are far away (null otherwise), those of a tile are asked for before its sums are formed.
  template <bool kBias>
  [[gnu::noinline]] void fill(const OuterSum& sum, float limit, std::size_t r0, std::size_t r1, std::size_t c0,
                              std::size_t c1, const Parameters* far) {
    switch (r1 - r0) {  // a bias, what is kept, the weights of a few inputs: chains enough in long tiles
      case 1:
        return fill_few<1, kVectorsOfOne<kBias>, kBias>(sum, limit, r0, c0, c1);
      case 2:
        return fill_few<2, 4, kBias>(sum, limit, r0, c0, c1);
      case 3:
        return fill_few<3, kVectorsOfThree<kBias>, kBias>(sum, limit, r0, c0, c1);
      default:
        break;
    }
    const OuterSum g = with_p_packed(sum, r0, r1);
    const std::size_t stride = c1 - c0;
    over_columns<kTileVectors>(c0, c1, [&](auto n, std::size_t c, auto last) LINNET_INLINED {
      over_rows<kOuterRows>(0, r1 - r0, [&](auto r, std::size_t row) LINNET_INLINED {
        if (far != nullptr) {
          ask_for_rows<r, n>(*far, (r0 + row) * g.columns + c, g.columns);
        }
        float* to = of + row * stride + (c - c0);
        if constexpr (kBias) {
          if (row + r == r1 - r0) {
            outer_tile<r, n, true>(g, limit, row, c, to, stride, last);
            return;
          }
        }
        outer_tile<r, n, false>(g, limit, row, c, to, stride, last);
      });
    });
  }

 private:
  // Sums, those of the biases, and what is loaded for them: as many as fit the registers.
  template <bool kBias>
  static constexpr std::size_t kVectorsOfOne = kBias ? 4 : 8;
  template <bool kBias>
  static constexpr std::size_t kVectorsOfThree = kWidth < 16 && !kLaneFactors && kBias ? 2 : 4;

  template <std::size_t R, std::size_t N, bool kBias>
  void fill_few(const OuterSum& sum, float limit, std::size_t r0, std::size_t c0, std::size_t c1) {
    over_columns<N>(c0, c1, [&](auto n, std::size_t c, auto last) LINNET_INLINED {
      outer_tile<R, n, kBias>(sum, limit, r0, c, of + (c - c0), c1 - c0, last);
    });
  }

  template <std::size_t R, std::size_t N>
  [[gnu::always_inline]] static void ask_for_rows(const Parameters& parameters, std::size_t at, std::size_t columns) {
    const float* const runs[] = {parameters.w, parameters.state[0], parameters.state[1], parameters.state[2]};
    for (const float* x : runs) {
      if (x != nullptr) {
        unroll<R>([&](auto r) LINNET_INLINED { ask_for(x + at + r * columns, N * kWidth); });
      }
    }
  }

  // The rows [r0, r1) of the sum, their factors next to each other where rows of q are long: lines 1 KiB or 2 KiB apart
  // share a few sets of the first cache, which then hold neither p nor q.
  OuterSum with_p_packed(const OuterSum& sum, std::size_t r0, [[maybe_unused]] std::size_t r1) {
    OuterSum g = sum;
    g.p += r0;
    if constexpr (kWidth < 16) {
      const std::size_t rows = r1 - r0;
      if (g.columns >= kFarColumns && rows * g.batch <= kPackedFloats) {
        for (std::size_t b = 0; b < g.batch; ++b) {
          const float* from = g.p + b * g.p_stride;
          float* to = packed + b * rows;
          for_each<Vector>(rows, [from, to](std::size_t k, auto part)
                                     LINNET_INLINED { store(to + k, load<Vector>(from + k, part), part); });
        }
        g.p = packed;
        g.p_stride = rows;
      }
    }
    return g;
  }
};

// gradient: (n), of the parameters from `at` on
template <class Rule>
[[gnu::always_inline]] inline void apply(const Rule& rule, const float* gradient, const Parameters& at, std::size_t n) {
  for_each<Vector>(n, [&rule, gradient, &at](std::size_t k, auto part)
                          LINNET_INLINED { update_at(rule, load<Vector>(gradient + k, part), at, k, part); });
}

// Whether the biases are one row more of the last block: their sums take no pass over q of their own. Of long rows they
// would take the place of a tile.
inline bool biases_in_block(const OuterSum& g) {
  return g.biases == g.q && g.columns <= GradientBlock::kFloats / (2 * kOuterRows);
}

template <class Rule>
[[gnu::noinline]] void outer(const OuterSum& g, const Rule& shared_rule, const Parameters& parameters, float limit) {
  const bool with_bias = biases_in_block(g);
  const Rule rule = shared_rule;  // a copy, or every store to a weight would make the compiler load it again
  GradientBlock block;
  const std::size_t width =
      smaller(g.columns, GradientBlock::kFloats / smaller(g.rows, kOuterRows) / kTileColumns * kTileColumns);
  const std::size_t most_rows = GradientBlock::kFloats / width - (with_bias ? 1 : 0);
  const std::size_t height = most_rows < kOuterRows ? most_rows : most_rows / kOuterRows * kOuterRows;
  const Parameters all = parameters.from<Rule::kSlots>(0);
  const Parameters* far = g.rows * g.columns >= kFarFloats ? &all : nullptr;
  for (std::size_t c = 0; c < g.columns; c += width) {
    const std::size_t columns = smaller(width, g.columns - c);
    for (std::size_t r = 0; r < g.rows; r += height) {
      std::size_t rows = smaller(height, g.rows - r);
      if (with_bias && r + rows == g.rows) {
        block.template fill<true>(g, limit, r, r + rows, c, c + columns, far);
        ++rows;
      } else {
        block.template fill<false>(g, limit, r, r + rows, c, c + columns, far);
      }
      if (columns == g.columns) {
        apply(rule, block.of, parameters.from<Rule::kSlots>(r * columns), rows * columns);
      } else {
        for (std::size_t k = 0; k < rows; ++k) {
          apply(rule, block.of + k * columns, parameters.from<Rule::kSlots>((r + k) * g.columns + c), columns);
        }
      }
    }
  }
}

inline void keep(const OuterSum& sum, float* gradient) { outer(sum, Overwrite<Vector>(), {gradient, {}}, 0.0f); }
inline void add(const OuterSum& sum, float* gradient) { outer(sum, Accumulate<Vector>(), {gradient, {}}, 0.0f); }

}  // namespace
}  // namespace linnet
