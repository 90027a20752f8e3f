// How an optimizer's rule is applied where there are no vectors.
#pragma once

#include "kernels/scalar_outer.hpp"
#include "optimizer/rules.hpp"

namespace linnet {
namespace {

// Eight columns of a batch of 1 with nothing to average, to clip or to decay: q stays in registers.
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
