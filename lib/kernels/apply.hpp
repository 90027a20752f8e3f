// What becomes of each completed gradient: a rule gets it with its parameter and the numbers kept beside that.
#pragma once

#include "arithmetic/elementwise.hpp"
#include "kernels/kernels.hpp"

namespace linnet {

// A run of parameters and what an optimizer keeps of them, in the same order.
struct Parameters {
  float* w;
  float* state[3];  // not used where the rule has fewer

  // The run from parameter k on.
  template <std::size_t kSlots>
  [[nodiscard, gnu::always_inline]] Parameters from(std::size_t k) const {
    return {w + k,
            {kSlots > 0 ? state[0] + k : nullptr, kSlots > 1 ? state[1] + k : nullptr,
             kSlots > 2 ? state[2] + k : nullptr}};
  }
};

namespace {

// The gradients themselves, for a buffer that keeps them.
template <class V>
struct Overwrite {
  static constexpr std::size_t kSlots = 0;
  void operator()(V g, V& w, V& /*s0*/, V& /*s1*/) const { w = g; }
};
template <class V>
struct Accumulate {
  static constexpr std::size_t kSlots = 0;
  void operator()(V g, V& w, V& /*s0*/, V& /*s1*/) const { w = w + g; }
};

// Applies a rule to the parameters at k.
template <class V, class Rule, class Part>
[[gnu::always_inline]] inline void update_at(const Rule& rule, V g, const Parameters& p, std::size_t k, Part part) {
  V w = load<V>(p.w + k, part);
  V s0(0.0f);
  V s1(0.0f);
  if constexpr (Rule::kSlots > 0) {
    s0 = load<V>(p.state[0] + k, part);
  }
  if constexpr (Rule::kSlots > 1) {
    s1 = load<V>(p.state[1] + k, part);
  }
  if constexpr (Rule::kSlots > 2) {
    V s2 = load<V>(p.state[2] + k, part);
    rule(g, w, s0, s1, s2);
    store(p.state[2] + k, s2, part);
  } else {
    rule(g, w, s0, s1);
  }
  store(p.w + k, w, part);
  if constexpr (Rule::kSlots > 0) {
    store(p.state[0] + k, s0, part);
  }
  if constexpr (Rule::kSlots > 1) {
    store(p.state[1] + k, s1, part);
  }
}

}  // namespace
}  // namespace linnet
