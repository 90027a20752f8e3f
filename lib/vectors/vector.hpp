// A vector of floats as a number (number.hpp): the vocabulary of all that is above. A table's .cpp includes the file of
// its instruction set, which ends with this one, before all templates on numbers: they find these functions by the order
// of declaration. It is compiled for that instruction set (the flags of the program may allow more; what a table uses
// does not depend on that), and everything is private to it, so that no linker can mix two of them.
#pragma once

#include "vectors/by_xsimd.hpp"

namespace linnet {
namespace {

// ---- What the file of an instruction set must define, and a new one too (SVE, RVV, Helium). Each lane has the bits that
// number.hpp gives a float.
//
//   LINNET_TABLE                  a macro: the name of its table
//   Architecture, Vector          of xsimd; Vector is xsimd::batch<float, Architecture>, or derived from it
//   Some                          the first `count` lanes, 0 < count < kWidth: Count, or derived from it with a mask
//   constexpr bool kLaneFactors         whether an instruction multiplies by a lane: then four factors cost one load
//   constexpr bool kFlushesSubnormals   whether subnormal operands and results are taken for zeros
// NOLINTBEGIN(readability-redundant-declaration): declared again, so that another signature does not compile
Vector fused_multiply_add(Vector a, Vector b, Vector c);       // a * b + c, rounded once
Vector load_pieces(const float* x, std::size_t count);         // 0 < count < kWidth; +0 in further lanes
void store_pieces(float* x, Vector value, std::size_t count);  // by 8, 4, 2, 1, whole, as load_pieces loads
Vector pairs_low(Vector a, Vector b);                          // a0 b0 a1 b1, in each 128 bits for itself
Vector pairs_high(Vector a, Vector b);                         // a2 b2 a3 b3
Vector halves_low(Vector a, Vector b);                         // a0 a1 b0 b1
Vector halves_high(Vector a, Vector b);                        // a2 a3 b2 b3
float first_lane(Vector x);                                    // lane 0
template <std::size_t H>
Vector upper_lanes(Vector x);  // lane l is lane l + H of x, for l < H; H halves kWidth, once or more
template <std::size_t L>
Vector multiply_lane(Vector lanes, Vector b);  // lanes[L] * b, where kLaneFactors
template <std::size_t L>
Vector multiply_add_lane(Vector lanes, Vector b, Vector c);  // lanes[L] * b + c, as multiply_add() rounds
// NOLINTEND(readability-redundant-declaration)
//
// What it may define where by_xsimd.hpp or this page has a way that is wrong, or slow, there:
//
//   as_integers(Vector)  as_bits(Vector)  as_floats(Integers)  as_floats(Bits)      the same bits
//   into_exponent(Integers)  out_of_exponent(Integers)                              shifts by 23, the latter arithmetic
//   square_root(Vector)  divide(Vector, Vector)                                     exactly rounded
//   at_most(Vector limit, Vector x)                                                 no more than the limit; NaN stays
//   rectified(Vector)                                                               max(x, 0); NaN gives +0, -0 too
//   load_some(x, Some)  store_some(x, Vector, Some)                                 touch no other floats
//   keep_some(Vector fresh, Vector old, Some)                                       fresh there, old elsewhere
//   largest_lane(Vector)  largest_lane(Bits)                                        of numbers that are no NaN
//   transpose_quarters(Vector (&)[kWidth / 4])  load_quarters(x, stride, Vector (&)[kWidth])     must, from 256 bits on
//
// Everything else follows.

using Mask = typename Vector::batch_bool_type;
using Integers = xsimd::batch<std::int32_t, Architecture>;
using Bits = xsimd::batch<std::uint32_t, Architecture>;
constexpr std::size_t kWidth = Vector::size;

// ---- The operations of number.hpp.

inline Vector multiply_add(Vector a, Vector b, Vector c) {
  if constexpr (LINNET_FUSED != 0) {
    return fused_multiply_add(a, b, c);
  } else {
    return a * b + c;
  }
}
inline Vector choose(Mask first, Vector a, Vector b) { return xsimd::select(first, a, b); }
inline Vector where(Mask keep, Vector x) { return choose(keep, x, Vector(0.0f)); }
inline Mask both(Mask a, Mask b) { return a & b; }
inline bool is_zero(Vector x) { return xsimd::all(x == Vector(0.0f)); }

constexpr std::int32_t kMagnitudeOfLane = 0x7fffffff;
constexpr std::int32_t kSignOfLane = -kMagnitudeOfLane - 1;
// xsimd's own minus is 0 - x on AVX-512, which loses the sign of zero.
inline Vector negative(Vector x) { return as_floats(as_integers(x) ^ Integers(kSignOfLane)); }
inline Vector magnitude(Vector x) { return as_floats(as_integers(x) & Integers(kMagnitudeOfLane)); }
inline Vector with_sign(Vector x, Vector sign) {
  return as_floats(as_integers(x) | (as_integers(sign) & Integers(kSignOfLane)));
}
inline Vector zero_if_subnormal(Vector size, Vector y) {
  return choose(size < Vector(1.17549435e-38f), Vector(0.0f), y);
}

inline Vector power_of_two(Vector rounded) { return as_floats(into_exponent(as_integers(rounded))); }
inline Vector shift_exponent(Vector x, Vector rounded) {
  return as_floats(as_integers(x) + into_exponent(as_integers(rounded)));
}
inline void split_exponent(Vector x, Vector& mantissa, Vector& exponent) {
  const Integers bits = as_integers(x);
  const Integers steps = out_of_exponent(bits - Integers(0x3f3504f3));  // arithmetic: the exponent itself
  mantissa = as_floats(bits - into_exponent(steps));
  exponent = as_floats(Integers(0x4b000080) + steps) - Vector(8388736.0f);
}

template <>
inline Vector lane_numbers<Vector>() {
  static constexpr float kNumbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return Vector::load_unaligned(kNumbers);
}

// As integers.
inline Integers larger(Integers a, Integers b) { return xsimd::max(a, b); }
inline Bits larger(Bits a, Bits b) { return xsimd::max(a, b); }

// ---- Numbers in memory. Nothing beyond a part is read or written.

// Some of what is stored and then soon loaded: in pieces that a load finds again as they were stored. A masked load would
// wait until the store has left the processor's queue, and all instructions before it: 50 to 100 cycles of the 500 that a
// small step takes.
struct Pieces : Some {
  using Some::Some;
  explicit Pieces(const Some& some) : Some(some) {}
};

template <>
struct Shape<Vector> {
  static constexpr std::size_t kWidth = linnet::kWidth;
  using Some = linnet::Some;
  using Pieces = linnet::Pieces;
};

// Without masks. (AArch64: a call would keep sums in the few registers that it leaves alone.)
[[gnu::always_inline]] inline Vector load_some(const float* x, const Count& some) { return load_pieces(x, some.count); }
inline void store_some(float* x, Vector value, const Count& some) { store_pieces(x, value, some.count); }
inline Vector keep_some(Vector fresh, Vector old, const Count& some) {
  return choose(lane_numbers<Vector>() < Vector(static_cast<float>(some.count)), fresh, old);
}

template <>
inline Vector load<Vector>(const float* x, Full) {
  return Vector::load_unaligned(x);
}
template <class V>
inline V load(const float* x, const Some& some) {
  return load_some(x, some);
}
template <class V>
inline V load(const float* x, const Pieces& pieces) {
  return load_pieces(x, pieces.count);
}
inline void store(float* x, Vector value, Full) { value.store_unaligned(x); }
inline void store(float* x, Vector value, const Some& some) { store_some(x, value, some); }
inline void store(float* x, Vector value, const Pieces& pieces) { store_pieces(x, value, pieces.count); }
inline Full in_pieces(Full full) { return full; }
inline Pieces in_pieces(const Some& some) { return Pieces(some); }
inline Vector keep_lanes(Vector fresh, Vector /*old*/, Full) { return fresh; }
inline Vector keep_lanes(Vector fresh, Vector old, const Some& some) { return keep_some(fresh, old, some); }

// ---- One number of all lanes, by halving: lane l joins lane l + H for H = kWidth / 2 .. 1. With another H, of the first
// 2 H lanes.

// The sum; the same tree as elementwise.hpp's.
template <std::size_t H = kWidth / 2>
inline float sum_of_lanes(Vector x) {
  if constexpr (H == 0) {
    return first_lane(x);
  } else {
    return sum_of_lanes<H / 2>(x + upper_lanes<H>(x));
  }
}

// The largest, of numbers that are no NaN.
template <std::size_t H = kWidth / 2>
inline float largest_lane(Vector x) {
  if constexpr (H == 0) {
    return first_lane(x);
  } else {
    return largest_lane<H / 2>(Vector(xsimd::max(x, upper_lanes<H>(x))));
  }
}

// The largest, as unsigned integers.
template <std::size_t H = kWidth / 2>
inline std::uint32_t largest_lane(Bits x) {
  if constexpr (H == 0) {
    return bits_of(first_lane(as_floats(x)));
  } else {
    return largest_lane<H / 2>(larger(x, as_bits(upper_lanes<H>(as_floats(x)))));
  }
}

// The same where lanes from some.count on are -0, or smaller than all others.
inline float sum_of_lanes_in(Vector x, const Some& some) {
  return kWidth > 4 && some.count <= 4 ? sum_of_lanes<2>(x) : sum_of_lanes(x);
}
inline float largest_lane_in(Vector x, const Some& some) {
  return kWidth > 4 && some.count <= 4 ? largest_lane<2>(x) : largest_lane(x);
}

template <>
struct Largest<Vector> {
  Bits most = Bits(0u);
  template <class Part>
  void see(Vector x, Part part) {
    most = larger(most, as_bits(magnitude(keep_lanes(x, Vector(0.0f), part))));
  }
  [[nodiscard]] std::uint32_t magnitude_bits() const { return largest_lane(most); }
};

// ---- Squares of vectors, transposed in registers: lane i of x[j] and lane j of x[i] change places.

constexpr std::size_t kQuarters = kWidth / 4;  // pieces of 128 bits

// In each 128 bits for itself.
[[gnu::always_inline]] inline void transpose_four(Vector* rows) {
  const Vector low01 = pairs_low(rows[0], rows[1]);
  const Vector low23 = pairs_low(rows[2], rows[3]);
  const Vector high01 = pairs_high(rows[0], rows[1]);
  const Vector high23 = pairs_high(rows[2], rows[3]);
  rows[0] = halves_low(low01, low23);
  rows[1] = halves_high(low01, low23);
  rows[2] = halves_low(high01, high23);
  rows[3] = halves_high(high01, high23);
}

[[gnu::always_inline]] inline void transpose(Vector (&x)[kWidth]) {
  unroll<kQuarters>([&](auto q) LINNET_INLINED { transpose_four(x + 4 * q); });
  unroll<4>([&](auto c) LINNET_INLINED {
    Vector pieces[kQuarters];
    unroll<kQuarters>([&](auto q) LINNET_INLINED { pieces[q] = x[4 * q + c]; });
    transpose_quarters(pieces);
    unroll<kQuarters>([&](auto q) LINNET_INLINED { x[4 * q + c] = pieces[q]; });
  });
}

// A whole square: lane i of column[j] is x[i * stride + j].
[[gnu::always_inline]] inline void load_whole_square(const float* x, std::size_t stride, Vector (&column)[kWidth]) {
  load_quarters(x, stride, column);
  unroll<kQuarters>([&](auto q) LINNET_INLINED { transpose_four(column + 4 * q); });
}

// `rows` rows of `part` floats, the next one `stride` further, as columns: lane i of column[j] is x[i * stride + j];
// further lanes repeat the last row.
template <class Part>
[[gnu::always_inline]] inline void load_square(const float* x, std::size_t stride, std::size_t rows, Part part,
                                               Vector* column) {
  Vector square[kWidth];
  unroll<kWidth>([&](auto i)
                     LINNET_INLINED { square[i] = load<Vector>(x + (i < rows ? i : rows - 1) * stride, part); });
  transpose(square);
  unroll<kWidth>([&](auto j) LINNET_INLINED { column[j] = square[j]; });
}

// The way back.
template <class Part>
[[gnu::always_inline]] inline void store_square(float* x, std::size_t stride, std::size_t rows, Part part,
                                                const Vector* column) {
  Vector square[kWidth];
  unroll<kWidth>([&](auto j) LINNET_INLINED { square[j] = column[j]; });
  transpose(square);
  unroll<kWidth>([&](auto i) LINNET_INLINED {
    if (i < rows) {
      store(x + i * stride, square[i], part);
    }
  });
}

}  // namespace
}  // namespace linnet
