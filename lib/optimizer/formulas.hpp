// What the descriptors share: ranges, and the constants of a step.
#pragma once

#include "optimizer/descriptor.hpp"
#include "optimizer/update_scalar.hpp"

namespace linnet {
namespace {

inline bool is_fraction(float x) { return x >= 0.0f && x < 1.0f; }
inline bool is_divisor(float x) { return x >= 1e-20f && x <= 1.0f; }

inline void advance_corrections(const Optimizer& o, float bias_corrections[2]) {
  // 1 - beta^t = beta (1 - beta^(t-1)) + (1 - beta): all terms positive, nothing cancels
  bias_corrections[0] = multiply_add(o.momentum, bias_corrections[0], o.one_minus_beta1);
  bias_corrections[1] = multiply_add(o.beta2, bias_corrections[1], o.one_minus_beta2);
}

inline void prepare_nothing(const Optimizer& /*optimizer*/, float /*bias_corrections*/[2], Update& /*update*/) {}

// beta in [0, 1), and its complement: 1 - beta up to the rounding of both, and not so small that a quotient by it or by its
// root leaves the finite range
inline bool is_beta(float beta, float complement) {
  return is_fraction(beta) && complement >= 0x1p-26f && magnitude(beta + complement - 1.0f) <= 2e-7f;
}

inline bool sound_rmsprop(const Optimizer& o) {
  return is_fraction(o.momentum) && is_beta(o.beta2, o.one_minus_beta2) && is_divisor(o.epsilon);
}

// Where beta_1^2 is less than beta_2, a mean is never larger than a multiple of the root of its square, by the inequality
// of Cauchy and Schwarz. Otherwise the square may fade first, and the mean over epsilon is what a step can reach.
inline bool sound_adam(const Optimizer& o) {
  return is_beta(o.momentum, o.one_minus_beta1) && is_beta(o.beta2, o.one_minus_beta2) && is_divisor(o.epsilon) &&
         (o.momentum * o.momentum < 0.999999f * o.beta2 || o.learning_rate < 0x1p50f * o.epsilon);
}

inline void prepare_adam(const Optimizer& o, float bias_corrections[2], Update& u) {
  advance_corrections(o, bias_corrections);
  u.rate = divide(o.learning_rate, bias_corrections[0]);
  u.root_correction = divide(1.0f, square_root(bias_corrections[1]));
}

inline bool sound_adamw(const Optimizer& o) { return sound_adam(o) && o.learning_rate * o.weight_decay <= 1.0f; }

inline void prepare_adamw(const Optimizer& o, float bias_corrections[2], Update& u) {
  prepare_adam(o, bias_corrections, u);
  u.keep = multiply_add(-o.learning_rate, o.weight_decay, 1.0f);
  u.decay = 0.0f;
}

}  // namespace
}  // namespace linnet

#define LINNET_OPTIMIZER(name, slots, sign_0, sign_1, start_1, fades, steepness, known, sound, prepare, Rule) \
  LINNET_DECLARE_VARIANTS(OptimizerVariant, name)                                                             \
  namespace linnet {                                                                                          \
  static constexpr OptimizerVariant name##_scalar = optimizer_variant<Rule<float>>();                         \
  constexpr OptimizerDescriptor descriptor::name = {OptimizerId::name,                                        \
                                                    slots,                                                    \
                                                    {sign_0, sign_1, false},                                  \
                                                    start_1,                                                  \
                                                    fades,                                                    \
                                                    steepness,                                                \
                                                    kAllFields & ~(known),                                    \
                                                    sound,                                                    \
                                                    {LINNET_VARIANTS(name)},                                  \
                                                    slots > 0 ? &kStateFunctions : nullptr,                   \
                                                    prepare};                                                 \
  }
