// What a core without SIMD runs: the sums of specification.hpp, several outputs side by side where there are registers
// for them, so that chains do not wait for each other.
#pragma once

#include "kernels/eight.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/specification.hpp"
#include "optimizer/rules.hpp"

namespace linnet {

namespace {

// ---- Outer sums.

// 8 columns of a row of an outer sum.
[[gnu::always_inline]] inline void outer_eight(const OuterSum& g, const float* p, const float* q, float* sums) {
  Eight sum = BankA::load(kNothing);
  for (std::size_t b = 0; b < g.batch; ++b, p += g.p_stride, q += g.columns) {
    const float factor = *p;
    Eight row = BankB::load(q);
    unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] = multiply_add(factor, row.of[k], sum.of[k]); });
  }
  BankA::store(sums, sum);
}

// Each element is handed to the rule.
template <class Rule>
[[gnu::always_inline]] inline void outer(const OuterSum& whole, const Rule& rule, const Parameters& parameters,
                                         float limit) {
  std::size_t at = 0;
  for (std::size_t r = 0; r < whole.rows; ++r) {
    for (std::size_t c = 0; c < whole.columns;) {
      const OuterSum& g = *looked_up_anew(&whole);
      const float* p = g.p + r;
      const float* q = g.q + c;
      float sums[8];
      std::size_t n = 1;
      if (kHasRegisters && c + 8 <= g.columns) {
        outer_eight(g, p, q, sums);
        n = 8;
      } else {
        float sum = -0.0f;
        for (std::size_t b = 0; b < g.batch; ++b, p += g.p_stride, q += g.columns) {
          sum = multiply_add(*p, *q, sum);
        }
        sums[0] = sum;
      }
      for (std::size_t k = 0; k < n; ++k) {
        const float mean = kHasRegisters || g.share != 1.0f ? sums[k] * g.share : sums[k];
        update_at(rule, limit > 0.0f ? clipped(mean, limit) : mean, parameters, at + k, Full{});
      }
      c += n;
      at += n;
    }
  }
}

// The same for a batch of 1 with nothing to average, to clip or to decay: q stays in registers.
template <class Rule>
[[gnu::always_inline]] inline void single_eight(const OuterSum& g, const Rule& rule, Parameters at, const float* q) {
  Eight row = BankB::load(q);
  const float* end = g.p + g.rows;
  for (const float* p = g.p; p < end; ++p, at = at.template from<Rule::kSlots>(g.columns)) {
    const float factor = *p;
    if constexpr (Rule::kSlots == 0) {
      Eight w = BankA::load(at.w);
      float none = 0.0f;
      unroll<8>([&](auto k) LINNET_INLINED { rule(factor * row.of[k], w.of[k], none, none); });
      BankA::store(at.w, w);
    } else {
      unroll<8>([&](auto j) LINNET_INLINED { update_at(rule, factor * q[j], at, j, Full{}); });
    }
  }
}

template <class Rule>
void update_single(const OuterSum& g, float* w, float* state, const Update& update) {
  const Rule rule(update);
  const Parameters parameters = update.from(w, state);
  Parameters at = parameters.from<Rule::kSlots>(0);
  std::size_t c = 0;
  if constexpr (kHasRegisters) {
    for (; c + 8 <= g.columns; c += 8) {
      single_eight(g, rule, at.template from<Rule::kSlots>(c), g.q + c);
    }
  }
  if (c < g.columns) {
    for (std::size_t r = 0; r < g.rows; ++r, at = at.template from<Rule::kSlots>(g.columns)) {
      const float factor = g.p[r];
      for (std::size_t k = c; k < g.columns; ++k) {
        update_at(rule, factor * g.q[k], at, k, Full{});
      }
    }
  }
  if (kBiasesWithWeights && g.biases != nullptr) {
    const std::size_t units = g.biases == g.q ? g.columns : g.rows;
    at = parameters.from<Rule::kSlots>(g.rows * g.columns);
    for (std::size_t k = 0; k < units; ++k) {
      update_at(rule, g.biases[k], at, k, Full{});
    }
  }
}

template <class Rule>
void update_fused(const OuterSum& gradient, float* w, float* state, const Update& update) {
  const Parameters parameters = update.from(w, state);
  outer(gradient, Rule(update), parameters, update.clip);
  if (kBiasesWithWeights && gradient.biases != nullptr) {
    const float one = 1.0f;
    outer(gradient.of_biases(&one), Rule(update),
          parameters.template from<Rule::kSlots>(gradient.rows * gradient.columns), update.clip);
  }
}

template <class Rule>
constexpr OptimizerVariant optimizer_variant() {
  return {update_fused<Rule>, update_single<typename Rule::WithoutDecay>};
}

}  // namespace
}  // namespace linnet
