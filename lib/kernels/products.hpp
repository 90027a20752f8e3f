// The products in chains once more, on vectors: the same sums as scalar.cpp and scalar_training.cpp, several at a time.
#pragma once

#include "kernels/shuffles.hpp"
#include "kernels/tile.hpp"

namespace linnet {
namespace {

// ---- C = A B + bias, chains.  B: (terms, outputs)

// What a product sees of the numbers that it finishes. Bits of positive floats, taken as integers, are in the order of
// the floats, those of negative ones, taken without a sign, in the order of their magnitudes, NaN after Inf in both: so
// two maxima tell of sums that are to be rectified whether all are finite, and how large they will be.
class Seen {
 public:
  template <class Part>
  [[gnu::always_inline]] void see(Vector x, Part part) {
    farthest_ = xsimd::max(farthest_, as_bits(keep_lanes(x, Vector(0.0f), part)) & Bits(kMagnitudeBits));
  }
  template <class Part>
  [[gnu::always_inline]] void see_before_rectified(Vector sum, Part part) {
    const Vector x = keep_lanes(sum, Vector(0.0f), part);
    farthest_ = xsimd::max(farthest_, as_bits(x));
    highest_ = xsimd::max(highest_, as_integers(x));
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

// The outputs from `o` on of the rows from `b` on are complete, but for the bias and the finish.
template <std::size_t R, std::size_t N, class Last>
[[gnu::always_inline]] inline void finish_tile(const Product& m, std::size_t b, std::size_t o, Tile<R, N>& tile,
                                               Last last, Seen& seen) {
  if (m.bias != nullptr) {
    Vector bias[N];
    tile.load_row(m.bias + o, bias, last);
    unroll<R>([&](auto r) LINNET_INLINED {
      unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = tile.sum[r][n] + bias[n]; });
    });
  }
  const std::size_t stride = m.outputs;  // loaded once: a store of a vector may alias all
  float* c = m.c + b * stride + o;
  if (m.finish == Finish::times_c) {
    times(tile, c, stride, last, seen, [](Vector factor) LINNET_INLINED { return factor; });
  } else if (m.finish == Finish::times_step) {
    times(tile, static_cast<const GatedProduct&>(m).y + b * stride + o, stride, last, seen,
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
[[gnu::always_inline]] inline void multiply_tile(const Product& m, std::size_t b, std::size_t o, Last last,
                                                 Seen& seen) {
  Tile<R, N> tile;
  const float* a = m.a + b * m.terms;
  const float* column = m.b + o;
  if constexpr (kDistance == Distance::far) {
    tile.clear();
    tile.template join_ahead<false>(a, m.terms, column, m.outputs, m.terms, N * kWidth, nullptr);
  } else if constexpr (R == 1) {  // from -0, so that four terms at a time come out even
    tile.clear();
    tile.join_terms(a, m.terms, column, m.outputs, m.terms, last);
  } else {
    tile.template join<true>(a, m.terms, column, last);
    tile.join_terms(a + 1, m.terms, column + m.outputs, m.outputs, m.terms - 1, last);
  }
  if constexpr (R == 1) {
    finish_tile(m, b, o, tile, in_pieces(last), seen);
  } else {
    finish_tile(m, b, o, tile, last, seen);
  }
}

// A function of its own, so that the addresses of R rows stay in registers.
template <std::size_t R, std::size_t N, Distance kDistance = Distance::near, class Last>
[[gnu::noinline]] void multiply_tile_apart(const Product& m, std::size_t b, std::size_t o, Last last, Seen& seen) {
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
  [[gnu::noinline]] void add(const Product& m, std::size_t row, std::size_t o, std::size_t k, std::size_t terms,
                             float* sums, std::size_t stride, Last last) {
    Tile<R, N> tile;
    const float* a = m.a + row * m.terms + k;
    begin(k, tile, sums, stride);
    tile.join_terms(a, m.terms, b, kTileColumns, terms, Full{});
    end(m, row, o, k + terms, tile, sums, stride, last);
  }

  // The same for the first rows of all, with B as it lies there: (terms, outputs). It is packed on the way.
  template <std::size_t R, std::size_t N>
  [[gnu::noinline]] void pack_and_add(const Product& m, std::size_t o, std::size_t k, std::size_t terms, float* sums,
                                      std::size_t stride, std::ptrdiff_t ahead) {
    Tile<R, N> tile;
    begin(k, tile, sums, stride);
    tile.template join_ahead<true>(m.a + k, m.terms, m.b + k * m.outputs + o, m.outputs, terms, ahead, b);
    end(m, 0, o, k + terms, tile, sums, stride, Full{});
  }

 private:
  template <std::size_t R, std::size_t N>
  [[gnu::always_inline]] static void begin(std::size_t k, Tile<R, N>& tile, const float* sums, std::size_t stride) {
    if (k == 0) {
      tile.clear();
    } else {
      unroll<R>([&](auto r) LINNET_INLINED { tile.load_row(sums + r * stride, tile.sum[r], Full{}); });
    }
  }
  template <std::size_t R, std::size_t N, class Last>
  [[gnu::always_inline]] void end(const Product& m, std::size_t row, std::size_t o, std::size_t terms, Tile<R, N>& tile,
                                  float* sums, std::size_t stride, Last last) {
    if (terms == m.terms) {
      finish_tile(m, row, o, tile, last, seen);
    } else {
      unroll<R>([&](auto r) LINNET_INLINED { tile.store_row(sums + r * stride, tile.sum[r], Full{}); });
    }
  }
};

// All rows of kTileColumns outputs, from `o` on. The sums wait in C.
inline void multiply_packed(const Product& m, std::size_t o, Panel& panel) {
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
inline void multiply_batch(const Product& m, std::size_t first, bool far, Seen& seen) {
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

constexpr std::size_t kFewTerms = 4;

inline GatedProduct copy_of(const Product& m) {
  GatedProduct copy(m, m.finish == Finish::times_step ? static_cast<const GatedProduct&>(m).y : nullptr);
  copy.finish = m.finish;
  return copy;
}

// K terms, so few that a tile would be begun and ended for nothing: their rows of B stay in registers.
template <std::size_t K, std::size_t N, class Last>
[[gnu::noinline]] void multiply_few(const Product& product, std::size_t o, Last last, Seen& all) {
  const GatedProduct m =
      copy_of(product);  // copies, or every store of a vector would make the compiler load them again
  Seen seen = all;
  Vector b[K][N];
  unroll<K>([&](auto k) LINNET_INLINED { Tile<1, N>::load_row(m.b + k * m.outputs + o, b[k], last); });
  const float* a = m.a;
  for (std::size_t row = 0; row < m.batch; ++row, a += K) {
    Tile<1, N> tile;
    unroll<K>([&](auto k) LINNET_INLINED {
      const Vector factor(a[k]);
      unroll<N>([&](auto n) LINNET_INLINED {
        tile.sum[0][n] = k == 0 ? factor * b[0][n] : multiply_add(factor, b[k][n], tile.sum[0][n]);
      });
    });
    finish_tile(m, row, o, tile, last, seen);
  }
  all = seen;
}

// Whether the product has so few terms, and rows enough; then it is formed.
template <std::size_t K>
inline bool multiplied_few(const Product& m, Seen& seen) {
  if (m.terms == K) {
    over_columns<kTileVectors>(
        0, m.outputs, [&](auto n, std::size_t o, auto last) LINNET_INLINED { multiply_few<K, n>(m, o, last, seen); });
    return true;
  }
  if constexpr (K > 1) {
    return multiplied_few<K - 1>(m, seen);
  }
  return false;
}

// Returns the column that is left to do.
inline std::size_t multiply_all_packed(const Product& m, Seen& seen) {
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
[[gnu::always_inline]] inline void multiply_wide_tile(const Product& m, std::size_t o, Seen& seen) {
  constexpr std::size_t kPiece = 64;
  constexpr std::size_t kAhead = 3 * kPiece;
  Tile<1, 8> tile;
  tile.clear();
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
[[gnu::noinline]] inline std::uint32_t multiply_row(const Product& m) {
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

[[gnu::noinline]] inline std::uint32_t multiply_rows(const Product& m) {
  constexpr std::size_t kPackedFloats = 16384 * kWidth;
  const std::size_t floats = m.terms * m.outputs;
  const bool often = m.batch >= 4 * kTileRows;  // B is read so often that what is done for the first rows pays
  Seen seen;
  if (!often || !multiplied_few<kFewTerms>(m, seen)) {
    const bool packs = often && floats > kPackedFloats && m.finish != Finish::times_c;
    const std::size_t first = packs ? multiply_all_packed(m, seen) : 0;
    multiply_batch(m, first, often && floats >= kFarFloats, seen);
  }
  return seen.result(m.finish);
}

inline std::uint32_t multiply(const Product& m) { return m.batch == 1 ? multiply_row(m) : multiply_rows(m); }

// ---- C = A B^T, chains.  B: (outputs, terms), transposed in squares of vectors.

inline std::size_t count_of(Full) { return kWidth; }
inline std::size_t count_of(const Some& some) { return some.count; }

// Lane i of column[j] = B[o + i][k + j] for the outputs of `last`; further lanes repeat the last one.
template <class Last, class Part>
[[gnu::always_inline]] inline void load_square_of(const Product& m, std::size_t o, Last last, std::size_t k, Part part,
                                                  Vector (&column)[kWidth]) {
  load_square(m.b + o * m.terms + k, m.terms, count_of(last), part, column);
}

// A batch of 1: the squares are used as they come.
template <class Last>
inline void multiply_transposed_row(const Product& m, std::size_t o, Last last, Seen& seen) {
  Vector column[kWidth];
  Vector sum(-0.0f);
  std::size_t k = 0;
  for (; k + kWidth <= m.terms; k += kWidth) {
    load_square_of(m, o, last, k, Full{}, column);
    unroll<kWidth>([&](auto j) LINNET_INLINED { sum = multiply_add(Vector(m.a[k + j]), column[j], sum); });
  }
  if (k < m.terms) {
    load_square_of(m, o, last, k, Some(m.terms - k), column);
    unroll<kWidth>([&](auto j) LINNET_INLINED {
      if (k + j < m.terms) {
        sum = multiply_add(Vector(m.a[k + j]), column[j], sum);
      }
    });
  }
  Tile<1, 1> row;
  row.sum[0][0] = sum;
  finish_tile(m, 0, o, row, in_pieces(last), seen);
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
  void pack(const Product& m, std::size_t o, std::size_t k, std::size_t terms, std::ptrdiff_t ahead, Last last) {
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
  [[gnu::noinline]] static void pack_vector(const Product& m, std::size_t o, std::size_t k, std::size_t terms,
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
  static void store_square(const Product& m, std::size_t o, Last last, std::size_t k, Part part, float* to) {
    Vector column[kWidth];
    load_square_of(m, o, last, k, part, column);
    unroll<kWidth>([&](auto j) LINNET_INLINED { store(to + j * kTileColumns, column[j], Full{}); });
  }
};

inline void multiply_transposed_batch(const Product& m, Seen& seen) {
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

inline std::uint32_t multiply_transposed(const Product& m) {
  Seen seen;
  if (m.batch > 1) {
    multiply_transposed_batch(m, seen);
  } else {
    over_columns<1>(0, m.outputs,
                    [&](auto, std::size_t o, auto last) LINNET_INLINED { multiply_transposed_row(m, o, last, seen); });
  }
  return seen.result(m.finish);
}

inline std::uint32_t input_gradient(const Product& m, bool by_unit) {
  return by_unit ? multiply(m) : multiply_transposed(m);
}

}  // namespace
}  // namespace linnet
