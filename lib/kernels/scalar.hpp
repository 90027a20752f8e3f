// The kernels in plain loops: the specification, and what a core without SIMD runs. Several outputs are computed side
// by side so that their accumulators stay in registers and their chains do not wait for each other.
#pragma once

#include "kernels/elementwise.hpp"
#include "optimizer/rules.hpp"

namespace linnet {
namespace {

constexpr std::size_t kSide = 4;  // outputs side by side

inline void finish(const Product& m, std::size_t b, std::size_t o, float sum) {
  const float with_bias = m.bias != nullptr ? sum + m.bias[o] : sum;
  float& c = m.c[b * m.outputs + o];
  c = m.times_c ? with_bias * c : with_bias;
}

// N outputs of row b as chains. Element k of output o of B is at b[k * term_stride + o * output_stride].
template <std::size_t N>
inline void chains(const Product& m, std::size_t b, std::size_t o, std::size_t term_stride, std::size_t output_stride) {
  const float* a = m.a + b * m.terms;
  const float* column = m.b + o * output_stride;
  float sum[N];
  for (std::size_t j = 0; j < N; ++j) {
    sum[j] = a[0] * column[j * output_stride];
  }
  for (std::size_t k = 1; k < m.terms; ++k) {
    column += term_stride;
    for (std::size_t j = 0; j < N; ++j) {
      sum[j] = multiply_add(a[k], column[j * output_stride], sum[j]);
    }
  }
  for (std::size_t j = 0; j < N; ++j) {
    finish(m, b, o + j, sum[j]);
  }
}

inline void multiply_chains(const Product& m, std::size_t term_stride, std::size_t output_stride) {
  for (std::size_t b = 0; b < m.batch; ++b) {
    std::size_t o = m.first;
    for (; o + kSide <= m.last; o += kSide) {
      chains<kSide>(m, b, o, term_stride, output_stride);
    }
    for (; o < m.last; ++o) {
      chains<1>(m, b, o, term_stride, output_stride);
    }
  }
}

// N columns of row r of an outer sum, each handed to the rule.
template <std::size_t N, class Rule>
inline void outer_side(const OuterSum& g, const Rule& rule, const Parameters& parameters, float limit, std::size_t r,
                       std::size_t c) {
  float sum[N];
  const float* p = g.p + r;
  const float* q = g.q + c;
  for (std::size_t j = 0; j < N; ++j) {
    sum[j] = *p * q[j];
  }
  for (std::size_t b = 1; b < g.batch; ++b) {
    p += g.p_stride;
    q += g.columns;
    for (std::size_t j = 0; j < N; ++j) {
      sum[j] = multiply_add(*p, q[j], sum[j]);
    }
  }
  if (g.share != 1.0f) {
    for (std::size_t j = 0; j < N; ++j) {
      sum[j] *= g.share;
    }
  }
  if (limit > 0.0f) {
    for (std::size_t j = 0; j < N; ++j) {
      sum[j] = clipped(sum[j], limit);
    }
  }
  for (std::size_t j = 0; j < N; ++j) {
    update_at(rule, sum[j], parameters, r * g.columns + c + j, Full{});
  }
}

template <class Rule>
inline void outer(const OuterSum& g, const Rule& rule, const Parameters& parameters, float limit) {
  for (std::size_t r = g.first; r < g.last; ++r) {
    std::size_t c = 0;
    for (; c + kSide <= g.columns; c += kSide) {
      outer_side<kSide>(g, rule, parameters, limit, r, c);
    }
    for (; c < g.columns; ++c) {
      outer_side<1>(g, rule, parameters, limit, r, c);
    }
  }
}

template <class Rule>
void update_fused(const OuterSum& gradient, const Parameters& parameters, const Update& update) {
  outer(gradient, Rule(update), parameters, update.clip);
}

template <class Rule>
constexpr OptimizerVariant optimizer_variant() {
  return {update_fused<Rule>, update_from_kept<float, Rule>};
}

}  // namespace
}  // namespace linnet
