// A part of B copied next to each other, for products whose B does not stay in a cache or is transposed.
#pragma once

#include "kernels/finish.hpp"

namespace linnet {
namespace {

// Where B does not stay in a cache at all (or has to be transposed): a panel of it on the stack, (terms, kTileColumns). Where the
// panel does not hold all terms, what is summed so far waits while the next terms are packed, so the chains stay in
// order.
struct Panel {
  static constexpr std::size_t kFloats = 384 * kWidth;

  alignas(64) float b[kFloats];
  Seen& seen;

  explicit Panel(Seen& of) : seen(of) {}

  // R rows from `row` on, N vectors of outputs from `o` on: the packed terms [k, k + terms) join the sums, which wait at
  // `sums`. A function of its own, so that the addresses of R rows stay in registers.
  template <std::size_t R, std::size_t N, class Last>
  [[gnu::noinline]] void add(const FinishedProduct& m, std::size_t row, std::size_t o, std::size_t k, std::size_t terms,
                             float* sums, std::size_t stride, Last last) {
    Tile<R, N> tile;
    const float* a = m.a + row * m.terms + k;
    begin(m, o, k, tile, sums, stride, last);
    tile.join_terms(a, m.terms, b, kTileColumns, terms, Full{});
    end(m, row, o, k + terms, tile, sums, stride, last);
  }

  // The same for the first rows of all, with B as it lies there: (terms, outputs). It is packed on the way.
  template <std::size_t R, std::size_t N>
  [[gnu::noinline]] void pack_and_add(const FinishedProduct& m, std::size_t o, std::size_t k, std::size_t terms,
                                      float* sums, std::size_t stride, std::ptrdiff_t ahead) {
    Tile<R, N> tile;
    begin(m, o, k, tile, sums, stride, Full{});
    tile.template join_ahead<true>(m.a + k, m.terms, m.b + k * m.outputs + o, m.outputs, terms, ahead, b);
    end(m, 0, o, k + terms, tile, sums, stride, Full{});
  }

 private:
  template <std::size_t R, std::size_t N, class Last>
  [[gnu::always_inline]] static void begin(const FinishedProduct& m, std::size_t o, std::size_t k, Tile<R, N>& tile,
                                           const float* sums, std::size_t stride, Last last) {
    if (k == 0) {
      tile.start(m.bias_from(o), last);
    } else {
      unroll<R>([&](auto r) LINNET_INLINED { tile.load_row(sums + r * stride, tile.sum[r], Full{}); });
    }
  }
  template <std::size_t R, std::size_t N, class Last>
  [[gnu::always_inline]] void end(const FinishedProduct& m, std::size_t row, std::size_t o, std::size_t terms,
                                  Tile<R, N>& tile, float* sums, std::size_t stride, Last last) {
    if (terms == m.terms) {
      finish_tile(m, row, o, tile, last, seen);
    } else {
      unroll<R>([&](auto r) LINNET_INLINED { tile.store_row(sums + r * stride, tile.sum[r], Full{}); });
    }
  }
};

}  // namespace
}  // namespace linnet
