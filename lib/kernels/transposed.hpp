// Products on vectors by a transposed B: (outputs, terms).
#pragma once

#include "kernels/panel.hpp"

namespace linnet {
namespace {

inline std::size_t count_of(Full) { return kWidth; }
inline std::size_t count_of(const Some& some) { return some.count; }

// Lane i of column[j] = B[o + i][k + j] for the outputs of `last`; further lanes repeat the last one.
template <class Last, class Part>
[[gnu::always_inline]] inline void load_square_of(const FinishedProduct& m, std::size_t o, Last last, std::size_t k,
                                                  Part part, Vector (&column)[kWidth]) {
  load_square(m.b + o * m.terms + k, m.terms, count_of(last), part, column);
}

// The row x joins a vector of sums, of as many outputs as `last` says; w: their rows of B, (outputs, terms). The squares
// are used as they come.
template <class Last>
[[gnu::always_inline]] inline Vector join_transposed(const float* x, const float* w, std::size_t terms, Last last,
                                                     Vector sum) {
  const float* const end = x + terms;
  const std::size_t rows = count_of(last);
  Vector column[kWidth];
  for (const float* const squares = x + terms / kWidth * kWidth; x != squares; x += kWidth, w += kWidth) {
    if (rows == kWidth) {
      load_whole_square(w, terms, column);
    } else {
      load_square(w, terms, rows, Full{}, column);
    }
    unroll<kWidth>([&](auto j) LINNET_INLINED { sum = multiply_add(Vector(x[j]), column[j], sum); });
  }
  if (x != end) {
    const std::size_t rest = static_cast<std::size_t>(end - x);
    load_square(w, terms, rows, Some(rest), column);
    unroll<kWidth>([&](auto j) LINNET_INLINED {
      if (j < rest) {
        sum = multiply_add(Vector(x[j]), column[j], sum);
      }
    });
  }
  return sum;
}

// One row. With a common bias all its sums start there.
[[gnu::noinline]] inline void multiply_transposed_row(const FinishedProduct& m, const float* common_bias, Seen& seen) {
  over_columns<1>(0, m.outputs, [&](auto, std::size_t o, auto last) LINNET_INLINED {
    Tile<1, 1> row;
    row.start(m.bias_from(o), last);
    if (common_bias != nullptr) {
      row.sum[0][0] = Vector(*common_bias);
    }
    row.sum[0][0] = join_transposed(m.a, m.b + o * m.terms, m.terms, last, row.sum[0][0]);
    finish_tile(m, 0, o, row, in_pieces(last), seen);
  });
}

// A batch: with a panel of B^T.
struct TransposedPanel : Panel {
  using Panel::Panel;

  static constexpr std::size_t kMostTerms = 128;                // at once; otherwise in pieces, and the sums of
  static constexpr std::size_t kMostRows = 128;                 // so many rows at a time wait beside them,
  static constexpr std::size_t kRoom = kFloats / kTileColumns;  // both in
  static_assert(kRoom >= kMostRows + kWidth, "no room for a piece");

  // Terms [k, k + terms) of N vectors of outputs, from `o` on; what lies `ahead` floats behind them is asked for.
  template <std::size_t N, class Last>
  void pack(const FinishedProduct& m, std::size_t o, std::size_t k, std::size_t terms, std::ptrdiff_t ahead,
            Last last) {
    unroll<N>([&](auto n) LINNET_INLINED {
      if constexpr (n + 1 < N) {
        pack_vector(m, o + n * kWidth, k, terms, ahead, Full{}, b + n * kWidth);
      } else {
        pack_vector(m, o + n * kWidth, k, terms, ahead, last, b + n * kWidth);
      }
    });
  }

 private:
  template <class Last>
  [[gnu::noinline]] static void pack_vector(const FinishedProduct& m, std::size_t o, std::size_t k, std::size_t terms,
                                            std::ptrdiff_t ahead, Last last, float* to) {
    std::size_t t = 0;
    for (; t + kWidth <= terms; t += kWidth) {
      unroll<kWidth>([&](auto i) LINNET_INLINED { ask_for(m.b + (o + i) * m.terms + k + t + ahead, kWidth); });
      store_square(m, o, last, k + t, Full{}, to + t * kTileColumns);
    }
    if (t < terms) {
      store_square(m, o, last, k + t, Some(terms - t), to + t * kTileColumns);
    }
  }

  template <class Last, class Part>
  static void store_square(const FinishedProduct& m, std::size_t o, Last last, std::size_t k, Part part, float* to) {
    Vector column[kWidth];
    load_square_of(m, o, last, k, part, column);
    unroll<kWidth>([&](auto j) LINNET_INLINED { store(to + j * kTileColumns, column[j], Full{}); });
  }
};

inline void multiply_transposed_batch(const FinishedProduct& m, Seen& seen) {
  TransposedPanel panel(seen);
  const bool whole = m.terms <= TransposedPanel::kMostTerms;
  const std::size_t rows = whole ? m.batch : smaller(m.batch, TransposedPanel::kMostRows);
  const std::size_t piece = whole ? m.terms : (TransposedPanel::kRoom - rows) / kWidth * kWidth;
  float* sums = panel.b + piece * kTileColumns;  // (rows, kTileColumns)
  for (std::size_t first = 0; first < m.batch; first += rows) {
    const std::size_t end = m.batch - first < rows ? m.batch : first + rows;
    over_columns<kTileVectors>(0, m.outputs, [&](auto n, std::size_t o, auto last) {
      for (std::size_t k = 0; k < m.terms; k += piece) {
        const std::size_t terms = smaller(piece, m.terms - k);
        const std::size_t next = k + terms < m.terms ? terms : kTileColumns * m.terms - k;  // packed after these
        panel.template pack<n>(m, o, k, terms, static_cast<std::ptrdiff_t>(next), last);
        over_rows<kTileRows>(first, end, [&](auto r, std::size_t row) {
          panel.template add<r, n>(m, row, o, k, terms, sums + (row - first) * kTileColumns, kTileColumns, last);
        });
      }
    });
  }
}

inline std::uint32_t multiply_transposed(const FinishedProduct& m) {
  Seen seen;
  if (m.batch == 1) {
    multiply_transposed_row(m, nullptr, seen);
  } else if (m.outputs == 1) {  // C^T = B A^T: vectors of rows; a vector of outputs would use one of its lanes
    multiply_transposed_row({{m.b, m.a, nullptr, m.c, 1, m.terms, m.batch}, m.finish, m.y}, m.bias, seen);
  } else {
    multiply_transposed_batch(m, seen);
  }
  return seen.result(m.finish);
}

}  // namespace
}  // namespace linnet
