// The specification of every sum: plain loops that a reader can check against the mathematics. Every kernel table gives
// these bits. A core without a floating-point unit runs them as they stand.
//
// A chain starts at the bias, or at -0, the number that changes no sum, and joins its terms in the order of their index
// with one multiply-add each.
#pragma once

#include "arithmetic/elementwise.hpp"
#include "kernels/kernels.hpp"

namespace linnet::specification {
namespace {

// B(i, o): the weight from input i of the chain to its output o.
inline const float* column_of(const Product& m, bool transposed, std::size_t o) {
  return m.b + (transposed ? o * m.terms : o);
}

// sum + x . column.  x: (terms), column: (terms), `stride` apart
inline float join_column(const float* x, const float* column, std::size_t stride, std::size_t terms, float sum) {
  for (std::size_t i = 0; i < terms; ++i) {
    sum = multiply_add(x[i], column[i * stride], sum);
  }
  return sum;
}

// C = A B + bias
inline void multiply(const Product& m, bool transposed) {
  const std::size_t stride = transposed ? 1 : m.outputs;
  for (std::size_t b = 0; b < m.batch; ++b) {
    for (std::size_t o = 0; o < m.outputs; ++o) {
      const float start = m.bias != nullptr ? m.bias[o] : -0.0f;
      m.c[b * m.outputs + o] = join_column(m.a + b * m.terms, column_of(m, transposed, o), stride, m.terms, start);
    }
  }
}

// C *= A B; returns the largest magnitude in C, as bits.
inline std::uint32_t input_gradient(const Product& m, bool transposed) {
  const std::size_t stride = transposed ? 1 : m.outputs;
  Largest<float> largest;
  for (std::size_t b = 0; b < m.batch; ++b) {
    for (std::size_t o = 0; o < m.outputs; ++o) {
      float& c = m.c[b * m.outputs + o];
      c *= join_column(m.a + b * m.terms, column_of(m, transposed, o), stride, m.terms, -0.0f);
      largest.see(c, Full{});
    }
  }
  return largest.magnitude_bits();
}

// An element of an outer sum, completed: share * sum over the batch of p[r] q[c].
inline float outer_element(const OuterSum& g, std::size_t r, std::size_t c) {
  float sum = -0.0f;
  for (std::size_t b = 0; b < g.batch; ++b) {
    sum = multiply_add(g.p[b * g.p_stride + r], g.q[b * g.columns + c], sum);
  }
  return g.share == 1.0f ? sum : sum * g.share;  // a product that changes nothing costs a core without hardware as any
}

// The largest of x[k] & mask, as bits.
inline std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask) {
  std::uint32_t most = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const std::uint32_t bits = bits_of(x[k]) & mask;
    most = bits > most ? bits : most;
  }
  return most;
}

}  // namespace
}  // namespace linnet::specification
