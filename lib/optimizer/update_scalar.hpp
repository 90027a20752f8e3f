// How an optimizer's rule is applied where there are no vectors.
#pragma once

#include "kernels/scalar_outer.hpp"
#include "optimizer/rules.hpp"

namespace linnet {
namespace {

// A batch of 1 with nothing to average, to clip or to decay, and a rule without state: of eight columns q stays in
// registers.
template <class Rule>
// NOLINTNEXTLINE(misc-no-recursion): once, for biases have no biases
void update_single(const OuterSum& g, float* w, float* state, const Update& update) {
  const Rule rule(update);
  float none = 0.0f;
  std::size_t c = 0;
  for (; kHasRegisters && c + 8 <= g.columns; c += 8) {
    Eight row = BankB::load(g.q + c);
    float* at = w + c;
    const float* end = g.p + g.rows;
    for (const float* p = g.p; p < end; ++p, at += g.columns) {
      const float factor = *p;
      Eight weights = BankA::load(at);
      unroll<8>([&](auto k) LINNET_INLINED { rule(factor * row.of[k], weights.of[k], none, none); });
      BankA::store(at, weights);
    }
  }
  if (c < g.columns) {
    float* at = w;
    for (std::size_t r = 0; r < g.rows; ++r, at += g.columns) {
      const float factor = g.p[r];
      for (std::size_t k = c; k < g.columns; ++k) {
        rule(factor * g.q[k], at[k], none, none);
      }
    }
  }
  if (kBiasesWithWeights && g.biases != nullptr) {
    const float one = 1.0f;
    update_single<Rule>(g.of_biases(&one), w + g.rows * g.columns, state, update);
  }
}

// A batch of 1 with nothing to clip: no sums, and the constants of the rule stay in registers.
template <class Rule>
void update_row(const OuterSum& g, const Rule& rule, Parameters at) {
  const float share = g.share;
  const bool as_it_is = !kHasRegisters && bits_of(share) == kOneBits;
  const float* const end = g.q + g.columns;
  for (std::size_t r = 0; r < g.rows; ++r) {
    const float factor = g.p[r];
    for (const float* q = g.q; q < end; ++q, at = at.from<Rule::kSlots>(1)) {
      const float gradient = factor * *q;
      update_at(rule, as_it_is ? gradient : gradient * share, at, 0, Full{});
    }
  }
}

template <class Rule>
// NOLINTNEXTLINE(misc-no-recursion): once, for biases have no biases
void update_fused(const OuterSum& g, float* w, float* state, const Update& update) {
  const Parameters parameters = update.from<Rule::kSlots>(w, state);
  if (Rule::kSlots > 0 && g.batch == 1 && !(update.clip > 0.0f)) {
    update_row(g, Rule(update), parameters);
  } else {
    outer(g, Rule(update), parameters, update.clip);
  }
  if (kBiasesWithWeights && g.biases != nullptr) {
    const float one = 1.0f;
    const std::size_t weights = g.rows * g.columns;
    update_fused<Rule>(g.of_biases(&one), w + weights, Rule::kSlots > 0 ? state + weights : state, update);
  }
}

template <class Rule>
constexpr OptimizerVariant optimizer_variant() {
  if constexpr (Rule::kSlots > 0) {
    return {update_fused<Rule>, update_fused<Rule>};
  } else {
    return {update_fused<Rule>, update_single<typename Rule::WithoutDecay>};
  }
}

}  // namespace
}  // namespace linnet
