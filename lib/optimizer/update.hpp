// How an optimizer's rule is applied on vectors: to blocks of gradients, to a single sample, to a layer of one.
#pragma once

#include "kernels/outer.hpp"
#include "kernels/row.hpp"
#include "optimizer/rules.hpp"

namespace linnet {
namespace {

template <class Rule>
void update_fused(const OuterSum& gradient, float* w, float* state, const Update& update) {
  const Rule rule(update);
  const Parameters parameters = update.from<Rule::kSlots>(w, state);
  outer(gradient, rule, parameters, update.clip);
  if (gradient.biases != nullptr && !biases_in_block(gradient)) {
    const float one = 1.0f;
    const std::size_t weights = gradient.rows * gradient.columns;
    outer(gradient.of_biases(&one), rule, parameters.from<Rule::kSlots>(weights), update.clip);
  }
}

// The gradients factor * row.
template <std::size_t N, class Rule, class Last>
[[gnu::always_inline]] inline void update_row(const Rule& rule, Vector factor, const Vector (&row)[N],
                                              const Parameters& at, Last last) {
  unroll<N>([&](auto k) LINNET_INLINED {
    if constexpr (k + 1 < N) {
      update_at(rule, factor * row[k], at, k * kWidth, Full{});
    } else {
      update_at(rule, factor * row[k], at, k * kWidth, last);
    }
  });
}

// Rows of q that are written out. On AArch64, whose vectors are four to such a row, more gain nothing: 3,294 instructions
// of a step of 4-16-16-3 instead of 3,269, and 46 KB of code.
constexpr std::size_t kUpdatedRows = kLaneFactors ? 1 : 4;

// A batch of 1 with nothing to average, to clip or to decay: no sums, q stays in registers.
template <class Rule>
void update_single(const OuterSum& sum, float* w, float* state, const Update& update) {
  const Rule rule(update);
  const Parameters parameters = update.from<Rule::kSlots>(w, state);
  const OuterSum g = sum;  // a copy for the same reason
  over_columns<4>(0, g.columns, [&](auto n, std::size_t c, auto last) LINNET_INLINED {
    Vector row[n];
    Tile<1, n>::load_row(g.q + c, row, in_pieces(last));
    Parameters at = parameters.from<Rule::kSlots>(c);
    over_rows<kUpdatedRows>(0, g.rows, [&](auto rows, std::size_t first) LINNET_INLINED {
      unroll<rows>([&](auto r) LINNET_INLINED {
        update_row(rule, Vector(g.p[first + r]), row, at, last);
        at = at.template from<Rule::kSlots>(g.columns);
      });
    });
    if (g.biases == g.q) {
      update_row(rule, Vector(1.0f), row, at, last);
    }
  });
  if (g.biases == g.p) {
    const Parameters at = parameters.from<Rule::kSlots>(g.rows * g.columns);
    for_each<Vector>(g.rows, [&](std::size_t k, auto part) LINNET_INLINED {
      update_at(rule, load<Vector>(g.p + k, in_pieces(part)), at, k, part);
    });
  }
}

// The same for a layer, of any shape.
template <class Rule>
void update_layer(const float* x, const float* d, std::size_t inputs, const Layer& layer, float* w, float* state,
                  const Update& update) {
  const std::size_t units = layer.units;
  const float* biases = layer.bias ? d : nullptr;
  if (is_transposed(inputs, units)) {
    update_single<Rule>({d, x, units, 1, inputs, units, 1.0f, biases}, w, state, update);
  } else {
    update_single<Rule>({x, d, inputs, 1, units, inputs, 1.0f, biases}, w, state, update);
  }
}

template <class Rule>
constexpr OptimizerVariant optimizer_variant() {
  using WithoutDecay = typename Rule::WithoutDecay;
  return {update_fused<Rule>, update_single<WithoutDecay>, update_layer<WithoutDecay>};
}

}  // namespace
}  // namespace linnet
