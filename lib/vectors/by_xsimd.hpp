// What xsimd, releases 8 to 14, does rightly on most instruction sets; no other file includes it. These are templates:
// an instruction set that needs another way has a plain function of the same name, which C++ prefers. Where xsimd is
// not used, and why, stands in lib/DESIGN.md ("xsimd's traps") and beside what is used instead.
#pragma once

#include "arithmetic/contract.hpp"  // before the functions of xsimd

#include <xsimd/xsimd.hpp>

#include "arithmetic/number.hpp"
#include "arithmetic/unroll.hpp"

namespace linnet {
namespace {

#if XSIMD_VERSION_MAJOR >= 11
template <class T, class A>
using CastTo = T;  // bitwise_cast is told of a number
#else
template <class T, class A>
using CastTo = xsimd::batch<T, A>;  // it is told of a vector
#endif

template <class A>
inline xsimd::batch<std::int32_t, A> as_integers(xsimd::batch<float, A> x) {
  return xsimd::bitwise_cast<CastTo<std::int32_t, A>>(x);
}
template <class A>
inline xsimd::batch<std::uint32_t, A> as_bits(xsimd::batch<float, A> x) {
  return xsimd::bitwise_cast<CastTo<std::uint32_t, A>>(x);
}
template <class T, class A>
inline xsimd::batch<float, A> as_floats(xsimd::batch<T, A> x) {
  return xsimd::bitwise_cast<CastTo<float, A>>(x);
}

constexpr int kExponentShift = 23;
template <class A>
inline xsimd::batch<std::int32_t, A> into_exponent(xsimd::batch<std::int32_t, A> x) {
  return x << kExponentShift;
}
template <class A>
inline xsimd::batch<std::int32_t, A> out_of_exponent(xsimd::batch<std::int32_t, A> x) {
  return x >> kExponentShift;
}

template <class A>
inline xsimd::batch<float, A> square_root(xsimd::batch<float, A> x) {
  return xsimd::sqrt(x);
}
template <class A>
inline xsimd::batch<float, A> divide(xsimd::batch<float, A> a, xsimd::batch<float, A> b) {
  return a / b;
}
template <class V>
inline V at_most(V limit, V x) {
  return xsimd::select(x > limit, limit, x);
}
template <class V>
inline V rectified(V x) {
  return xsimd::select(x > V(0.0f), x, V(0.0f));
}

// ---- Of vectors of 128 bits, and of those without masks.

// The first `count` lanes, 0 < count < kWidth. Where there are masks, Some is a struct with one more member.
struct Count {
  std::size_t count;
  explicit Count(std::size_t n) : count(n) {}
};

// Of wider vectors x: (kWidth / 4): their pieces of 128 bits transposed, piece i of x[j] with piece j of x[i].
template <class V>
inline void transpose_quarters(V (&/*x*/)[1]) {}

// A square, x: (kWidth, stride): the piece p of column[4 q + i] is what row 4 p + i has from 4 q on.
template <class V>
[[gnu::always_inline]] inline void load_quarters(const float* x, std::size_t stride, V (&column)[4]) {
  unroll<4>([&](auto i) LINNET_INLINED { column[i] = V::load_unaligned(x + i * stride); });
}

}  // namespace
}  // namespace linnet
