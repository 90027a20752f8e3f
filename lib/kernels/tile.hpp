// What the kernels on vectors are made of: tiles of sums in registers.
#pragma once

#include "arithmetic/unroll.hpp"
#include "vectors/vector.hpp"

namespace linnet {
namespace {

// ---- Tiles: R rows by N vectors of columns, the last vector complete (Full) or not (Some). Registers bound their
// size: 8 x 2 accumulators and the operands fit the 32 registers of AVX-512 and AArch64, 4 x 2 the 16 of the others.

constexpr std::size_t kTileRows = kWidth == 16 || kLaneFactors ? 8 : kWidth == 8 ? 6 : 4;
constexpr std::size_t kOuterRows = kLaneFactors ? 12 : kTileRows;  // three vectors of factors instead of eight
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kTileColumns = kTileVectors * kWidth;

// Turns of an inner loop that are written out. Its counting is 3 of 23 instructions of a turn on AVX2, 3 of 29 on AVX-512.
constexpr int kTurns = kWidth == 8 ? 4 : 1;

// From 512 KiB on, a matrix and what else a step needs do not stay in a second cache of 1 MiB: what follows is asked for
// ahead.
constexpr std::size_t kFarFloats = 131072;

// Asks for `count` floats, so that they lie in the second cache when they are loaded; with kLocality 3, in the first.
template <int kLocality = 2>
[[gnu::always_inline]] inline void ask_for(const float* x, std::size_t count) {
  constexpr std::size_t kLine = 16;
  for (std::size_t k = 0; k < count; k += kLine) {
    __builtin_prefetch(x + k, 0, kLocality);
  }
}

constexpr std::size_t smaller(std::size_t a, std::size_t b) { return a < b ? a : b; }

template <std::size_t R, std::size_t N>
struct Tile {
  Vector sum[R][N];

  // Every row starts at the biases, (N vectors), or without any at -0, the number that changes no sum.
  template <class Last>
  [[gnu::always_inline]] inline void start(const float* biases, Last last) {
    Vector row[N];
    if (biases != nullptr) {
      load_row(biases, row, last);
    } else {
      unroll<N>([&](auto n) LINNET_INLINED { row[n] = Vector(-0.0f); });
    }
    unroll<R>([&](auto r) LINNET_INLINED { unroll<N>([&](auto n) LINNET_INLINED { sum[r][n] = row[n]; }); });
  }

  template <class Last>
  [[gnu::always_inline]] static inline void load_row(const float* x, Vector (&row)[N], Last last) {
    unroll<N>([&](auto n) LINNET_INLINED { row[n] = load_part(x, n, last); });
  }
  template <class Last>
  [[gnu::always_inline]] inline const float* load_rows(const float* x, std::size_t stride, Last last) {
    unroll<R>([&](auto r) LINNET_INLINED {
      load_row(x, sum[r], last);
      x += stride;
    });
    return x;  // the next row
  }
  template <std::size_t K, class Last>
  [[gnu::always_inline]] static inline Vector load_part(const float* x, Constant<K> n, Last last) {
    if constexpr (K + 1 < N) {
      return load<Vector>(x + n * kWidth, Full{});
    } else {
      return load<Vector>(x + n * kWidth, last);
    }
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

  // body(sum, the part of it that counts)
  template <class Last, class Body>
  [[gnu::always_inline]] inline void for_all(Last last, Body body) {
    unroll<R>([&](auto r) LINNET_INLINED {
      unroll<N>([&](auto n) LINNET_INLINED {
        if constexpr (n + 1 < N) {
          body(sum[r][n], Full{});
        } else {
          body(sum[r][n], last);
        }
      });
    });
  }

  // sum[r] += a[r * a_stride] * b, b one row of N vectors. The smaller of the two sets of operands stays in registers.
  template <class Last>
  [[gnu::always_inline]] inline void join(const float* a, std::size_t a_stride, const float* b, Last last) {
    if constexpr (R < N) {
      Vector factors[R];
      unroll<R>([&](auto r) LINNET_INLINED { factors[r] = Vector(a[r * a_stride]); });
      unroll<N>([&](auto n) LINNET_INLINED {
        const Vector column = load_part(b, n, last);
        unroll<R>([&](auto r) LINNET_INLINED { sum[r][n] = multiply_add(factors[r], column, sum[r][n]); });
      });
    } else {
      Vector row[N];
      load_row(b, row, last);
      unroll<R>([&](auto r) LINNET_INLINED {
        const Vector factor(a[r * a_stride]);
        unroll<N>([&](auto n) LINNET_INLINED { sum[r][n] = multiply_add(factor, row[n], sum[r][n]); });
      });
    }
  }
  // Lane k of the factors times row k, for all k, joins four of the rows, from kFirst on. These take turns: in one alone
  // every second multiply-add would wait for the one before, on a core that keeps their order.
  template <std::size_t kFirst, std::size_t kRows>
  [[gnu::always_inline]] inline void join_lanes(const Tile<kRows, 1>& factors, const Tile<kWidth, N>& rows) {
    unroll<kWidth * kRows * N>([&](auto i) LINNET_INLINED {
      constexpr std::size_t kLane = i / (kRows * N);
      constexpr std::size_t kRow = i / N % kRows;
      Vector& joined = sum[kFirst + kRow][i % N];
      joined = multiply_add_lane<kLane>(factors.sum[kRow][0], rows.sum[kLane][i % N], joined);
    });
  }
  // sum[r] += a[r * a_stride + k] * b[k * b_stride] for k = 0 .. terms - 1, in this order.
  template <class Last>
  [[gnu::always_inline]] inline void join_terms(const float* a, std::size_t a_stride, const float* b,
                                                std::size_t b_stride, std::size_t terms, Last last) {
    std::size_t k = 0;
    if constexpr (kLaneFactors) {
      for (; k + kWidth <= terms; k += kWidth) {
        Tile<smaller(R, 4), 1> factors;
        Tile<kWidth, N> rows;
        factors.load_rows(a + k, a_stride, Full{});
        b = rows.load_rows(b, b_stride, last);
        join_lanes<0>(factors, rows);
        if constexpr (R == 8) {
          factors.load_rows(a + k + 4 * a_stride, a_stride, Full{});
          join_lanes<4>(factors, rows);
        }
      }
    }
    if constexpr (R * N <= 2) {  // the loop would cost more than its body
      for (; k + 4 <= terms; k += 4) {
        unroll<4>([&](auto j) LINNET_INLINED {
          join(a + k + j, a_stride, b, last);
          b += b_stride;
        });
      }
    }
#pragma GCC unroll kTurns
    for (; k < terms; ++k) {
      join(a + k, a_stride, b, last);
      b += b_stride;
    }
  }

  // The same; what lies `ahead` floats behind the rows of b is asked for, and if kCopies they are copied, one after the
  // other.
  template <bool kCopies>
  [[gnu::always_inline]] inline void join_ahead(const float* a, std::size_t a_stride, const float* b,
                                                std::size_t b_stride, std::size_t terms, std::ptrdiff_t ahead,
                                                float* copy) {
    for (std::size_t k = 0; k < terms; ++k) {
      Vector row[N];
      load_row(b, row, Full{});
      ask_for(b + ahead, N * kWidth);
      if constexpr (kCopies) {
        store_row(copy, row, Full{});
        copy += N * kWidth;
      }
      unroll<R>([&](auto r) LINNET_INLINED {
        const Vector factor(a[r * a_stride + k]);
        unroll<N>([&](auto n) LINNET_INLINED { sum[r][n] = multiply_add(factor, row[n], sum[r][n]); });
      });
      b += b_stride;
    }
  }

  // sum[r] += a[r] * b, b one row of N vectors.
  template <class Last>
  [[gnu::always_inline]] inline void join_rows(const float* a, const float* b, Last last) {
    if constexpr (!kLaneFactors || R % kWidth != 0) {
      join(a, 1, b, last);
    } else {
      Vector row[N];
      Vector factors[R / kWidth];
      load_row(b, row, last);
      unroll<R / kWidth>([&](auto v) LINNET_INLINED { factors[v] = load<Vector>(a + v * kWidth, Full{}); });
      unroll<R>([&](auto r) LINNET_INLINED {
        constexpr Constant<r % kWidth> kLane;
        unroll<N>([&](auto n)
                      LINNET_INLINED { sum[r][n] = multiply_add_lane<kLane>(factors[r / kWidth], row[n], sum[r][n]); });
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

// Rows [first, last) in tiles of R, the rest in powers of two: body(R, first row). Eight rows are two tiles of four: in
// one of two a multiply-add waits for the one before.
template <std::size_t R, class Body>
[[gnu::always_inline]] inline void over_rows(std::size_t first, std::size_t last, Body&& body) {
  std::size_t r = first;
  for (; r + R <= last && (R != 6 || last - r != 8); r += R) {
    body(Constant<R>{}, r);
  }
  if constexpr (R > 1) {
    over_rows<(R & (R - 1)) != 0 ? (R & (R - 1)) : R / 2>(r, last, body);
  }
}

}  // namespace
}  // namespace linnet
