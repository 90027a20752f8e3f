// The activation functions and their derivatives, each one formula for a float and for a vector of floats.
// z is finite. Sources: PyTorch's documentation of torch.nn; the kinks as PyTorch computes them.
#pragma once

#include "activation/descriptor.hpp"
#include "arithmetic/elementary.hpp"
#include "arithmetic/elementwise.hpp"

namespace linnet {
namespace {

namespace formula {

template <class V>
inline V identity(V z, V /*parameter*/, V& derivative) {
  derivative = V(1.0f);
  return z;
}

template <class V>
inline V relu(V z, V /*parameter*/, V& derivative) {
  derivative = choose(z > V(0.0f), V(1.0f), V(0.0f));
  return choose(z > V(0.0f), z, V(0.0f));
}

template <class V>
inline V leaky_relu(V z, V slope, V& derivative) {
  derivative = choose(z > V(0.0f), V(1.0f), slope);
  return z * derivative;
}

template <class V>
inline V relu6(V z, V /*parameter*/, V& derivative) {
  derivative = choose(both(z > V(0.0f), z < V(6.0f)), V(1.0f), V(0.0f));
  return choose(z > V(0.0f), choose(z < V(6.0f), z, V(6.0f)), V(0.0f));
}

template <class V>
inline V elu(V z, V alpha, V& derivative) {
  const V grown = exponential_minus_one(choose(z > V(0.0f), V(0.0f), z));
  derivative = choose(z > V(0.0f), V(1.0f), multiply_add(alpha, grown, alpha));
  return choose(z > V(0.0f), z, alpha * grown);
}

// constants: Klambauer et al. 2017, equation 14
template <class V>
inline V selu(V z, V /*parameter*/, V& derivative) {
  const V scale(1.05070099f);
  const V scaled_alpha(1.75809934f);
  const V grown = exponential_minus_one(choose(z > V(0.0f), V(0.0f), z));
  derivative = choose(z > V(0.0f), scale, multiply_add(scaled_alpha, grown, scaled_alpha));
  return choose(z > V(0.0f), scale * z, scaled_alpha * grown);
}

template <class V>
inline V gelu(V z, V /*parameter*/, V& derivative) {
  V density(0.0f);
  const V below = normal_cdf(z, density);
  derivative = multiply_add(z, density, below);
  return z * below;
}

// (1 + tanh u) / 2 = sigmoid(2 u), u = sqrt(2 / pi) (z + 0.044715 z^3)
template <class V>
inline V gelu_tanh(V z, V /*parameter*/, V& derivative) {
  const V near = clipped(z, V(16.0f));  // sigmoid(2 u) is 0 or 1 beyond
  const V square = near * near;
  const V twice_u = V(1.59576912f) * near * multiply_add(V(0.044715f), square, V(1.0f));
  const V slope = V(1.59576912f) * multiply_add(V(0.134145f), square, V(1.0f));
  const V gate = logistic(twice_u);
  derivative = multiply_add(near * slope, gate * (V(1.0f) - gate), gate);
  return z * gate;
}

template <class V>
inline V silu(V z, V /*parameter*/, V& derivative) {
  const V gate = logistic(z);
  const V value = z * gate;
  derivative = multiply_add(value, V(1.0f) - gate, gate);
  return value;
}

// with n = e^z and w = n (n + 2): tanh(softplus(z)) = w / (w + 2), its derivative 4 n (n + 1) / (w + 2)^2
template <class V>
inline V mish(V z, V /*parameter*/, V& derivative) {
  const V n = exponential(choose(z < V(20.0f), z, V(20.0f)));
  const V w = n * (n + V(2.0f));
  const V inverse = divide(V(1.0f), w + V(2.0f));
  const V gate = w * inverse;
  const V slope = V(4.0f) * n * (n + V(1.0f)) * inverse * inverse;
  derivative = choose(z < V(20.0f), multiply_add(z, slope, gate), V(1.0f));
  return choose(z < V(20.0f), z * gate, z);
}

template <class V>
inline V sigmoid(V z, V /*parameter*/, V& derivative) {
  const V value = logistic(z);
  derivative = value * (V(1.0f) - value);
  return value;
}

template <class V>
[[gnu::always_inline]] inline V tanh(V z, V /*parameter*/, V& derivative) {
  return hyperbolic_tangent(z, derivative);
}

template <class V>
inline V softplus(V z, V /*parameter*/, V& derivative) {
  const V e = exponential_of_negative(negative(magnitude(z)));
  derivative = divide(choose(z < V(0.0f), e, V(1.0f)), V(1.0f) + e);
  return choose(z > V(0.0f), z, V(0.0f)) + log_one_plus(e);
}

template <class V>
inline V softsign(V z, V /*parameter*/, V& derivative) {
  const V size = magnitude(z);
  const V inverse = divide(V(1.0f), V(1.0f) + choose(size < V(1e18f), size, V(1e18f)));
  derivative = inverse * inverse;
  return choose(size < V(1e18f), z * inverse, with_sign(V(1.0f), z));
}

template <class V>
inline V hard_tanh(V z, V /*parameter*/, V& derivative) {
  derivative = choose(magnitude(z) < V(1.0f), V(1.0f), V(0.0f));
  return clipped(z, V(1.0f));
}

template <class V>
inline V hard_sigmoid(V z, V /*parameter*/, V& derivative) {
  derivative = choose(magnitude(z) < V(3.0f), V(1.0f / 6.0f), V(0.0f));
  return (clipped(z, V(3.0f)) + V(3.0f)) * V(1.0f / 6.0f);
}

template <class V>
inline V hard_swish(V z, V /*parameter*/, V& derivative) {
  const V inside = multiply_add(z, V(1.0f / 3.0f), V(0.5f));
  derivative = choose(z < V(-3.0f), V(0.0f), choose(z > V(3.0f), V(1.0f), inside));
  return z * ((clipped(z, V(3.0f)) + V(3.0f)) * V(1.0f / 6.0f));
}

}  // namespace formula

template <class V>
using Formula = V (*)(V z, V parameter, V& derivative);

// |f(z)| can be larger than |z| and overflow.
template <class V, Formula<V> kFormula>
constexpr bool kGrows = kFormula == formula::leaky_relu<V> || kFormula == formula::selu<V>;

// z = f(z), and with kSlopes the derivative.
template <class V, Formula<V> kFormula, bool kSlopes>
bool run_formula(float* z, float* derivative, std::size_t n, float parameter) {
  Watch<V> watch;
  for_each<V>(n, [=, &watch](std::size_t k, auto part) LINNET_INLINED {
    const V x = load<V>(z + k, part);
    V slope(0.0f);
    watch.see(x);
    const V y = kFormula(x, V(parameter), slope);
    if constexpr (kGrows<V, kFormula>) {
      watch.see(y);
    }
    if constexpr (kSlopes) {
      store(derivative + k, slope, part);
    }
    store(z + k, y, part);  // behind the derivative: apply_formula() puts both in one place
  });
  return watch.finite();
}

template <class V, Formula<V> kFormula>
bool apply_formula(float* z, std::size_t n, float parameter) {
  constexpr bool kShared = kCompact && Shape<V>::kWidth == 1;  // one loop for both
  return run_formula<V, kFormula, kShared>(z, z, n, parameter);
}

constexpr bool within_one(ActivationId id) {
  return id == ActivationId::sigmoid || id == ActivationId::tanh || id == ActivationId::hard_tanh ||
         id == ActivationId::hard_sigmoid;
}

template <class V, Formula<V> kFormula>
constexpr ActivationVariant activation_variant() {
  return {apply_formula<V, kFormula>, run_formula<V, kFormula, true>};
}

}  // namespace
}  // namespace linnet

#define LINNET_ACTIVATION(name, kind, least, most, variant)                                       \
  LINNET_DECLARE_VARIANTS(ActivationVariant, name)                                                \
  namespace linnet {                                                                              \
  static constexpr ActivationVariant name##_scalar = variant;                                     \
  constexpr ActivationDescriptor descriptor::name = {ActivationId::name,                          \
                                                     ActivationId::name == ActivationId::softmax, \
                                                     within_one(ActivationId::name),              \
                                                     Kind::kind,                                  \
                                                     least,                                       \
                                                     most,                                        \
                                                     {LINNET_VARIANTS(name)}};                    \
  }
