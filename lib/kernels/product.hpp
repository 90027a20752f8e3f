// Products on vectors: the chains of specification.hpp, several at a time. B lies as (terms, outputs), or transposed.
#pragma once

#include "kernels/transposed.hpp"

namespace linnet {
namespace {

// Far: B does not fit the second cache, and the first tile of rows prefetches its next columns.
enum class Distance { near, far };

template <std::size_t R, std::size_t N, Distance kDistance = Distance::near, class Last>
[[gnu::always_inline]] inline void multiply_tile(const FinishedProduct& m, std::size_t b, std::size_t o, Last last,
                                                 Seen& seen) {
  Tile<R, N> tile;
  const float* a = m.a + b * m.terms;
  const float* column = m.b + o;
  tile.start(m.bias_from(o), last);
  if constexpr (kDistance == Distance::far) {
    tile.template join_ahead<false>(a, m.terms, column, m.outputs, m.terms, N * kWidth, nullptr);
  } else {
    tile.join_terms(a, m.terms, column, m.outputs, m.terms, last);
  }
  if constexpr (R == 1) {
    finish_tile(m, b, o, tile, in_pieces(last), seen);
  } else {
    finish_tile(m, b, o, tile, last, seen);
  }
}

// A function of its own, so that the addresses of R rows stay in registers.
template <std::size_t R, std::size_t N, Distance kDistance = Distance::near, class Last>
[[gnu::noinline]] void multiply_tile_apart(const FinishedProduct& m, std::size_t b, std::size_t o, Last last,
                                           Seen& seen) {
  multiply_tile<R, N, kDistance>(m, b, o, last, seen);
}

// All rows of kTileColumns outputs, from `o` on. The sums wait in C.
inline void multiply_packed(const FinishedProduct& m, std::size_t o, Panel& panel) {
  constexpr std::size_t kMostTerms = Panel::kFloats / kTileColumns;
  const std::size_t pieces = (m.terms + kMostTerms - 1) / kMostTerms;
  const std::size_t piece = (m.terms + pieces - 1) / pieces;
  for (std::size_t k = 0; k < m.terms; k += piece) {
    const std::size_t terms = smaller(piece, m.terms - k);
    const std::size_t here = k * m.outputs;
    const std::size_t next = k + terms < m.terms ? here + terms * m.outputs : kTileColumns;  // packed after these
    const std::ptrdiff_t ahead = static_cast<std::ptrdiff_t>(next) - static_cast<std::ptrdiff_t>(here);
    float* c = m.c + o;
    panel.pack_and_add<kTileRows, kTileVectors>(m, o, k, terms, c, m.outputs, ahead);
    over_rows<kTileRows>(kTileRows, m.batch, [&](auto r, std::size_t row) LINNET_INLINED {
      panel.add<r, kTileVectors>(m, row, o, k, terms, c + row * m.outputs, m.outputs, Full{});
    });
  }
}

// The columns from `o` on.
inline void multiply_batch(const FinishedProduct& m, std::size_t first, bool far, Seen& seen) {
  over_columns<kTileVectors>(first, m.outputs, [&](auto n, std::size_t o, auto last) {
    std::size_t row = 0;
    if constexpr (n == kTileVectors) {
      if (far) {
        multiply_tile_apart<kTileRows, n, Distance::far>(m, 0, o, last, seen);
        row = kTileRows;
      }
    }
    over_rows<kTileRows>(row, m.batch, [&](auto r, std::size_t b) { multiply_tile_apart<r, n>(m, b, o, last, seen); });
  });
}

// Returns the column that is left to do.
inline std::size_t multiply_all_packed(const FinishedProduct& m, Seen& seen) {
  Panel panel(seen);
  std::size_t o = 0;
  for (; o + kTileColumns <= m.outputs; o += kTileColumns) {
    multiply_packed(m, o, panel);
  }
  return o;
}

// One row and 8 vectors of columns. While B streams from a cache, both are asked for ahead, A because a line of it lasts
// for 16 rows of B, too long for the processor to see a stream. (Zen 5, 784-128-64-10: B's rows take 14 % off a
// prediction. What is asked for behind the ends is not read. Not tried where factors are lanes: there B is left alone.)
[[gnu::always_inline]] inline void multiply_wide_tile(const FinishedProduct& m, std::size_t o, Seen& seen) {
  constexpr std::size_t kPiece = kLaneFactors ? 64 : 1;
  constexpr std::size_t kAhead = 192;
  constexpr std::size_t kRowsAhead = 4;
  Tile<1, 8> tile;
  tile.start(m.bias_from(o), Full{});
  ask_for<3>(m.a, smaller(m.terms, kAhead));
  const float* b = m.b + o;
  for (std::size_t k = 0; k < m.terms; k += kPiece) {
    const std::size_t terms = kPiece == 1 ? 1 : smaller(m.terms - k, kPiece);
    ask_for<3>(m.a + k + kAhead, kPiece);
    if constexpr (!kLaneFactors) {
      ask_for<3>(b + kRowsAhead * m.outputs, 8 * kWidth);
    }
    tile.join_terms(m.a + k, m.terms, b, m.outputs, terms, Full{});
    b += terms * m.outputs;
  }
  finish_tile(m, 0, o, tile, Full{}, seen);
}

// One row: 8 chains of vectors hide the latency of the multiply-add. Apart from the tiles, for which it would save
// registers and align the stack.
[[gnu::noinline]] inline std::uint32_t multiply_row(const FinishedProduct& m) {
  Seen seen;
  over_columns<8>(0, m.outputs, [&](auto n, std::size_t o, auto last) LINNET_INLINED {
    if constexpr (n == 8) {
      multiply_wide_tile(m, o, seen);
    } else {
      multiply_tile<1, n>(m, 0, o, last, seen);
    }
  });
  return seen.result(m.finish);
}

[[gnu::noinline]] inline std::uint32_t multiply_rows(const FinishedProduct& m) {
  constexpr std::size_t kPackedFloats = 16384 * kWidth;
  const std::size_t floats = m.terms * m.outputs;
  const bool often = m.batch >= 4 * kTileRows;  // B is read so often that what is done for the first rows pays
  Seen seen;
  const bool packs = often && floats > kPackedFloats && m.finish != Finish::times_c;
  const std::size_t first = packs ? multiply_all_packed(m, seen) : 0;
  multiply_batch(m, first, often && floats >= kFarFloats, seen);
  return seen.result(m.finish);
}

// ---- What a table has.

inline std::uint32_t multiply_finished(const FinishedProduct& m, bool transposed) {
  return transposed ? multiply_transposed(m) : m.batch == 1 ? multiply_row(m) : multiply_rows(m);
}

inline void multiply(const Product& m, bool transposed) { multiply_finished({m, Finish::none}, transposed); }
inline std::uint32_t rectified_product(const Product& m, bool transposed) {
  return multiply_finished({m, Finish::rectified}, transposed);
}
inline std::uint32_t input_gradient(const Product& m, bool transposed) {
  return multiply_finished({m, Finish::times_c}, transposed);
}
inline std::uint32_t gated_input_gradient(const Product& m, const float* y, bool transposed) {
  return multiply_finished({m, Finish::times_step, y}, transposed);
}

}  // namespace
}  // namespace linnet
