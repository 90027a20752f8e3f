// Products on vectors: the chains of specification.hpp, several at a time. B lies as (terms, outputs), or transposed.
#pragma once

#include "kernels/elementwise.hpp"
#include "kernels/tile.hpp"

namespace linnet {
namespace {

// What becomes of complete sums.
enum class Finish : std::uint8_t {
  none,
  times_c,    // each is multiplied by the element of C that it replaces
  rectified,  // max(sum, 0)
  times_step  // each is multiplied by 1 where y is positive, else by 0
};

struct FinishedProduct : Product {
  Finish finish;
  const float* y;  // (batch, outputs), for times_step

  FinishedProduct(const Product& m, Finish how, const float* gate = nullptr) : Product(m), finish(how), y(gate) {}
  [[nodiscard]] const float* bias_from(std::size_t o) const { return bias != nullptr ? bias + o : nullptr; }
};

// What a product sees of the numbers that it finishes. Bits of positive floats, taken as integers, are in the order of
// the floats, those of negative ones, taken without a sign, in the order of their magnitudes, NaN after Inf in both: so
// two maxima tell of sums that are to be rectified whether all are finite, and how large they will be.
class Seen {
 public:
  template <class Part>
  [[gnu::always_inline]] void see(Vector x, Part part) {
    farthest_ = larger(farthest_, as_bits(keep_lanes(x, Vector(0.0f), part)) & Bits(kMagnitudeBits));
  }
  template <class Part>
  [[gnu::always_inline]] void see_before_rectified(Vector sum, Part part) {
    const Vector x = keep_lanes(sum, Vector(0.0f), part);
    farthest_ = larger(farthest_, as_bits(x));
    highest_ = larger(highest_, as_integers(x));
  }

  // What the product returns.
  [[nodiscard]] std::uint32_t result(Finish finish) const {
    if (finish == Finish::none) {
      return 0;
    }
    const std::uint32_t farthest = largest_lane(farthest_);
    if (finish != Finish::rectified) {
      return farthest;
    }
    constexpr std::uint32_t kSign = kAllBits ^ kMagnitudeBits;
    return farthest >= (kSign | kInfinityBits) ? kInfinityBits : largest_lane(as_bits(as_floats(highest_)));
  }

 private:
  Bits farthest_ = Bits(0u);
  Integers highest_ = Integers(0);
};

// Each sum times what body(factor) makes of its factor; factors: (R, stride), from the first output of the tile on.
template <std::size_t R, std::size_t N, class Last, class Body>
[[gnu::always_inline]] inline void times(Tile<R, N>& tile, const float* factors, std::size_t stride, Last last,
                                         Seen& seen, Body body) {
  unroll<R>([&](auto r) LINNET_INLINED {
    Vector factor[N];
    tile.load_row(factors + r * stride, factor, last);
    unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = tile.sum[r][n] * body(factor[n]); });
  });
  tile.for_all(last, [&seen](Vector& sum, auto part) LINNET_INLINED { seen.see(sum, part); });
}

// The sums of the outputs from `o` on of the rows from `b` on are complete.
template <std::size_t R, std::size_t N, class Last>
[[gnu::always_inline]] inline void finish_tile(const FinishedProduct& m, std::size_t b, std::size_t o, Tile<R, N>& tile,
                                               Last last, Seen& seen) {
  const std::size_t stride = m.outputs;  // loaded once: a store of a vector may alias all
  float* c = m.c + b * stride + o;
  if (m.finish == Finish::times_c) {
    times(tile, c, stride, last, seen, [](Vector factor) LINNET_INLINED { return factor; });
  } else if (m.finish == Finish::times_step) {
    times(tile, m.y + b * stride + o, stride, last, seen,
          [](Vector y) LINNET_INLINED { return choose(y > Vector(0.0f), Vector(1.0f), Vector(0.0f)); });
  } else if (m.finish == Finish::rectified) {
    tile.for_all(last, [&seen](Vector& sum, auto part) LINNET_INLINED {
      seen.see_before_rectified(sum, part);
      sum = rectified(sum);
    });
  }
  unroll<R>([&](auto r) LINNET_INLINED { tile.store_row(c + r * stride, tile.sum[r], last); });
}

// Where B is far, the first rows ask for its next columns.
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

// One row and 8 vectors of columns. While B streams from a cache, A is asked for ahead: a line of it lasts for 16 rows
// of B, too long for the processor to see a stream. (784-128-64-10, inputs from the third cache: 5 % less of a
// prediction. What is asked for behind the end of A is not read.)
[[gnu::always_inline]] inline void multiply_wide_tile(const FinishedProduct& m, std::size_t o, Seen& seen) {
  constexpr std::size_t kPiece = 64;
  constexpr std::size_t kAhead = 3 * kPiece;
  Tile<1, 8> tile;
  tile.start(m.bias_from(o), Full{});
  ask_for<3>(m.a, smaller(m.terms, kAhead));
  for (std::size_t k = 0; k < m.terms; k += kPiece) {
    const std::size_t terms = smaller(m.terms - k, kPiece);
    ask_for<3>(m.a + k + kAhead, kPiece);
    tile.join_terms(m.a + k, m.terms, m.b + k * m.outputs + o, m.outputs, terms, Full{});
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

// ---- B: (outputs, terms), transposed in squares of vectors.

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

[[gnu::noinline]] inline void multiply_transposed_row(const FinishedProduct& m, Seen& seen) {
  over_columns<1>(0, m.outputs, [&](auto, std::size_t o, auto last) LINNET_INLINED {
    Tile<1, 1> row;
    row.start(m.bias_from(o), last);
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
  if (m.batch > 1) {
    multiply_transposed_batch(m, seen);
  } else {
    multiply_transposed_row(m, seen);
  }
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
