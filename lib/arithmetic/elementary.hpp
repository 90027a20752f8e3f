// exp, log, tanh and their relatives, one branch-free formula each for a float and for a vector of floats, made of the
// operations of number.hpp alone, so that the bits agree on every target. The conventions:
//  - ULP: the error in units in the last place of the exact result, the maximum over all floats, measured by
//    tests/sweep.sh. The second number holds for LINNET_FUSED=0.
//  - Where the exact result is below the smallest normal number the result is a zero; NaN gives NaN.
//  - Intermediate results are zero or normal wherever the result depends on them, so vectors that flush agree.
//  - The polynomials are minimax, found by Sollya's fpminimax with float coefficients for relative error; each says its
//    range and its error.
#pragma once

#include "arithmetic/number.hpp"
#include "arithmetic/unroll.hpp"

namespace linnet {
namespace {

constexpr float kSmallestNormal = 1.17549435e-38f;  // 2^-126
constexpr float kInfinity = __builtin_inff();
constexpr float kLog2E = 1.44269504f;
constexpr float kLn2 = 0.693147182f;
constexpr float kLn2Upper = 0.693145752f;  // 15 bits: times an exponent it is exact
constexpr float kLn2Lower = 1.42860677e-6f;
constexpr float kLowestExponential = -87.3365402f;  // the last x with exp(x) >= kSmallestNormal
constexpr float kHighestExponential = 88.7228317f;  // the last x with a finite exp(x)

// c[0] x^(N - 1) + ... + c[N - 1]. A loop where the code is to be small.
template <class V, std::size_t N>
[[gnu::always_inline]] inline V polynomial(V x, const float (&c)[N]) {
  V sum(c[0]);
  if constexpr (kCompact && Shape<V>::kWidth == 1) {
#pragma GCC unroll 1
    for (std::size_t k = 1; k < N; ++k) {
      sum = multiply_add(x, sum, V(c[k]));
    }
  } else {
    unroll<N - 1>([&](auto k) LINNET_INLINED { sum = multiply_add(x, sum, V(c[k + 1])); });
  }
  return sum;
}

// r = x - n ln 2, |r| <= 0.35, with n the integer next to x / ln 2; rounded = n + kRounder.
template <class V>
V reduce(V x, V& rounded) {
  rounded = multiply_add(x, V(kLog2E), V(kRounder));
  const V n = rounded - V(kRounder);
  return multiply_add(n, V(-kLn2Lower), multiply_add(n, V(-kLn2Upper), x));
}

// (exp(r) - 1 - r) / r^2, degree 4 on [-0.35, 0.35]: exp(r) to 3.5e-9.
#define LINNET_EXPONENTIAL_TAIL 1.37874787e-3f, 8.36938247e-3f, 4.16689254e-2f, 0.166665152f, 0.499999911f
template <class V>
V exponential_tail(V r) {
  static constexpr float kCoefficients[] = {LINNET_EXPONENTIAL_TAIL};
  return polynomial(r, kCoefficients);
}

// exp(x) for x in [kLowestExponential, kHighestExponential].
template <class V>
[[gnu::always_inline]] inline V exponential_in_range(V x) {
  static constexpr float kCoefficients[] = {LINNET_EXPONENTIAL_TAIL, 1.0f, 1.0f};
  V rounded(0.0f);
  const V r = reduce(x, rounded);
  return shift_exponent(polynomial(r, kCoefficients), rounded);
}
#undef LINNET_EXPONENTIAL_TAIL

// exp(x) for x <= 0.
template <class V>
[[gnu::always_inline]] inline V exponential_of_negative(V x) {
  return where(x >= V(kLowestExponential), exponential_in_range(x));
}

// exp(x); +Inf on overflow. 0.90 ULP, 1.17.
template <class V>
V exponential(V x) {
  const V beyond = choose(x < V(kLowestExponential), V(0.0f), x * V(3.40282347e38f));  // 0, +Inf, NaN
  return choose(both(x >= V(kLowestExponential), x <= V(kHighestExponential)), exponential_in_range(x), beyond);
}

// exp(x) - 1 for x <= 88. 1.46 ULP, 1.59; for x <= 0 0.96 ULP, 0.92.
template <class V>
V exponential_minus_one(V x) {
  V rounded(0.0f);
  const V r = reduce(x, rounded);
  const V scale = shift_exponent(V(1.0f), rounded);
  const V grown = multiply_add(r * r, exponential_tail(r), r);
  const V y = multiply_add(scale, grown, scale - V(1.0f));  // 2^n (exp(r) - 1) + (2^n - 1)
  const V bounded = choose(x < V(-18.0f), V(-1.0f), y);
  return choose(magnitude(x) < V(kSmallestNormal), with_sign(V(0.0f), x), bounded);
}

// log(x) for positive normal x = (1 + f) 2^e, 1 + f in [sqrt(1/2), sqrt(2)); log(1 + f) = f + f^2 q(f), degree 8: to
// 4.2e-9.
template <class V>
[[gnu::always_inline]] inline V logarithm_of_parts(V mantissa, V e) {
  const V f = mantissa - V(1.0f);
  static constexpr float kCoefficients[] = {-7.62397423e-2f, 0.129090890f,  -0.132445619f, 0.141811341f, -0.166087657f,
                                            0.200020030f,    -0.250016004f, 0.333333254f,  -0.499999881f};
  const V q = polynomial(f, kCoefficients);
  const V near_one = multiply_add(e, V(kLn2Lower), multiply_add(f * f, q, f));
  return multiply_add(e, V(kLn2Upper), near_one);
}
template <class V>
[[gnu::always_inline]] inline V logarithm_of_normal(V x) {
  V mantissa(0.0f);
  V e(0.0f);
  split_exponent(x, mantissa, e);
  return logarithm_of_parts(mantissa, e);
}

// log(x): +-0 gives -Inf, x < 0 NaN, +Inf +Inf. 0.92 ULP, 0.91.
template <class V>
V logarithm(V x) {
  const auto subnormal = x < V(kSmallestNormal);
  V mantissa(0.0f);
  V e(0.0f);
  split_exponent(choose(subnormal, x * V(0x1p23f), x), mantissa, e);
  const V y = logarithm_of_parts(mantissa, e + choose(subnormal, V(-23.0f), V(0.0f)));
  const V outside = choose(x < V(0.0f), V(__builtin_nanf("")), V(-kInfinity));
  return choose(x < V(kInfinity), choose(x > V(0.0f), y, outside), x);
}

// log(1 + u) for u = 0 or normal, u <= 1. 1.08 ULP, 1.32.
// With s = u / (2 + u): 2 atanh(s) = 2 s + s R = u - s (u - R), R = s^2 q(s^2), degree 3 on [0, 1/9]: to 4.5e-9.
template <class V>
V log_one_plus(V u) {
  const V s = divide(u, u + V(2.0f));
  const V z = s * s;
  V q = multiply_add(z, V(0.280063719f), V(0.280030966f));
  q = multiply_add(z, q, V(0.400214344f));
  q = multiply_add(z, q, V(0.666664183f));
  return multiply_add(negative(s), multiply_add(negative(z), q, u), u);
}

// tanh(x), odd. 2.50 ULP, 2.50.
// |x| = n ln(2) / 2 + h, |h| <= ln(2) / 4. With g = tanh(h) and 2^n the addition theorem reads
//   tanh |x| = ((2^n - 1) + (2^n + 1) g) / ((2^n + 1) + (2^n - 1) g).
// g = h + h^3 q(h^2), degree 1: to 5.9e-8. ln 2 needs no second part: where n is large, tanh hardly depends on h.
template <class V>
[[gnu::always_inline]] inline V hyperbolic_tangent_of_magnitude(V size) {
  const V within = settled(at_most(V(9.02f), size));  // tanh(9.02) rounds to 1
  const V rounded = multiply_add(within, V(2.0f * kLog2E), V(kExponentRounder));
  const V n = rounded - V(kExponentRounder);
  const V h = multiply_add(n, V(-0.5f * kLn2), within);
  const V square = h * h;
  const V q = multiply_add(square, V(0.131062031f), V(-0.333311886f));
  const V g = multiply_add(h * square, q, h);
  const V scale = power_of_two(rounded);
  const V above = scale + V(1.0f);
  const V below = scale - V(1.0f);
  return divide(multiply_add(above, g, below), multiply_add(below, g, above));
}

template <class V>
[[gnu::always_inline]] inline V hyperbolic_tangent(V x, V& slope) {
  const V y = hyperbolic_tangent_of_magnitude(magnitude(x));
  always(y);
  slope = (V(1.0f) - y) * (V(1.0f) + y);  // 1 - y^2 without cancellation
  return with_sign(zero_if_subnormal(magnitude(x), y), x);
}

// 1 / (1 + exp(-x)). 2.44 ULP, 2.44.
// -x = n ln 2 - r. exp(-r) = (c - r) / (c + r) with c = r coth(r / 2) = 2 + r^2 q(r^2), degree 1: exp to 8.2e-10. Then
//   logistic(x) = (c + r) / ((c + r) + 2^n (c - r)).
template <class V>
V logistic(V x) {
  const V rounded = multiply_add(x, V(-kLog2E), V(kRounder));
  const V n = rounded - V(kRounder);
  const V r = multiply_add(n, V(kLn2Lower), multiply_add(n, V(kLn2Upper), x));
  const V square = r * r;
  const V c = multiply_add(square, multiply_add(square, V(-2.76652141e-3f), V(0.166666240f)), V(2.0f));
  const V above = c + r;
  const V y = divide(above, multiply_add(shift_exponent(V(1.0f), rounded), c - r, above));
  return choose(x < V(kLowestExponential), V(0.0f), choose(x > V(24.0f), V(1.0f), y));
}

// y * y = result + rest, for 0 <= y < 16.
template <class V>
V square_in_two(V y, V& rest) {
#if LINNET_FUSED
  const V square = y * y;
  rest = multiply_add(y, y, negative(square));
  return square;
#else
  const V coarse = (y + V(49152.0f)) - V(49152.0f);  // y to 8 binary places: its square has 24 bits
  rest = (y - coarse) * (y + coarse);
  return coarse * coarse;
#endif
}

// P(N(0, 1) <= x); density = exp(-x^2 / 2) / sqrt(2 pi). 3.76 ULP, 4.22; the density 1.36 ULP, 1.50.
// With y = |x|: P(N(0, 1) <= -y) = density T(y) / (y T(y) + M(y)). T and M, of degree 4, are minimax on [0, 13]: to
// 1.5e-8 (least squares, weighted until the error is level; the coefficients rounded one after the other). In this form
// the rounding errors of T and M fade where y is large, and both start below 2, where floats are densest.
template <class V>
V normal_cdf(V x, V& density) {
  const V y = magnitude(x);
  V rest(0.0f);
  const V square = square_in_two(y, rest);
  V rounded(0.0f);
  const V r = multiply_add(rest, V(-0.5f), reduce(square * V(-0.5f), rounded));
  const V grown = multiply_add(r * r, exponential_tail(r), r);
  const V middle(0.398942280f);  // 1 / sqrt(2 pi)
  const V unbounded = shift_exponent(V(1.0f), rounded) * multiply_add(middle, grown, middle);
  V t = multiply_add(y, V(1.81758590e-2f), V(0.171793938f));
  t = multiply_add(y, t, V(0.749963999f));
  t = multiply_add(y, t, V(1.74475408f));
  t = multiply_add(y, t, V(1.91913724f));
  V m = multiply_add(y, V(2.21085929e-6f), V(1.80807244e-2f));
  m = multiply_add(y, m, V(0.173561037f));
  m = multiply_add(y, m, V(0.694737196f));
  m = multiply_add(y, m, V(1.53125f));
  const V below = choose(y > V(12.9499521f), V(0.0f), divide(unbounded * t, multiply_add(y, t, m)));
  density = choose(y > V(13.1466799f), V(0.0f), unbounded);
  return choose(x < V(0.0f), below, V(1.0f) - below);
}

}  // namespace
}  // namespace linnet
