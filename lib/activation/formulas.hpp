// The activation functions and their derivatives, each one formula for a float and for a vector of floats.
// z is finite. Sources: PyTorch's documentation of torch.nn; the kinks as PyTorch computes them.
#pragma once

#include "activation/descriptor.hpp"
#include "arithmetic/elementary.hpp"
#include "arithmetic/elementwise.hpp"

namespace linnet {
namespace {

struct Identity {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    derivative = V(1.0f);
    return z;
  }
};

struct Relu {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    derivative = choose(z > V(0.0f), V(1.0f), V(0.0f));
    return choose(z > V(0.0f), z, V(0.0f));
  }
};

struct LeakyRelu {
  template <class V>
  static V apply(V z, V slope, V& derivative) {
    derivative = choose(z > V(0.0f), V(1.0f), slope);
    return z * derivative;
  }
};

struct Relu6 {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    derivative = choose(both(z > V(0.0f), z < V(6.0f)), V(1.0f), V(0.0f));
    return choose(z > V(0.0f), choose(z < V(6.0f), z, V(6.0f)), V(0.0f));
  }
};

struct Elu {
  template <class V>
  static V apply(V z, V alpha, V& derivative) {
    const V grown = exponential_minus_one(choose(z > V(0.0f), V(0.0f), z));
    derivative = choose(z > V(0.0f), V(1.0f), multiply_add(alpha, grown, alpha));
    return choose(z > V(0.0f), z, alpha * grown);
  }
};

struct Selu {  // constants: Klambauer et al. 2017, equation 14
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V scale(1.05070099f);
    const V scaled_alpha(1.75809934f);
    const V grown = exponential_minus_one(choose(z > V(0.0f), V(0.0f), z));
    derivative = choose(z > V(0.0f), scale, multiply_add(scaled_alpha, grown, scaled_alpha));
    return choose(z > V(0.0f), scale * z, scaled_alpha * grown);
  }
};

struct Gelu {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    V density(0.0f);
    const V below = normal_cdf(z, density);
    derivative = multiply_add(z, density, below);
    return z * below;
  }
};

struct GeluTanh {  // (1 + tanh u) / 2 = sigmoid(2 u), u = sqrt(2 / pi) (z + 0.044715 z^3)
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V near = clipped(z, V(16.0f));  // sigmoid(2 u) is 0 or 1 beyond
    const V square = near * near;
    const V twice_u = V(1.59576912f) * near * multiply_add(V(0.044715f), square, V(1.0f));
    const V slope = V(1.59576912f) * multiply_add(V(0.134145f), square, V(1.0f));
    const V gate = logistic(twice_u);
    derivative = multiply_add(near * slope, gate * (V(1.0f) - gate), gate);
    return z * gate;
  }
};

struct Silu {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V gate = logistic(z);
    const V value = z * gate;
    derivative = multiply_add(value, V(1.0f) - gate, gate);
    return value;
  }
};

struct
    Mish {  // with n = e^z and w = n (n + 2): tanh(softplus(z)) = w / (w + 2), its derivative 4 n (n + 1) / (w + 2)^2
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V n = exponential(choose(z < V(20.0f), z, V(20.0f)));
    const V w = n * (n + V(2.0f));
    const V inverse = divide(V(1.0f), w + V(2.0f));
    const V gate = w * inverse;
    const V slope = V(4.0f) * n * (n + V(1.0f)) * inverse * inverse;
    derivative = choose(z < V(20.0f), multiply_add(z, slope, gate), V(1.0f));
    return choose(z < V(20.0f), z * gate, z);
  }
};

struct Sigmoid {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V value = logistic(z);
    derivative = value * (V(1.0f) - value);
    return value;
  }
};

struct Tanh {
  template <class V>
  [[gnu::always_inline]] static V apply(V z, V /*parameter*/, V& derivative) {
    return hyperbolic_tangent(z, derivative);
  }
  template <class V>
  [[gnu::always_inline]] static V value(V z) {
    return hyperbolic_tangent(z);
  }
};

// f(z) alone, by a formula's own value() where it has one.
template <class Formula, class V>
[[gnu::always_inline]] inline auto value_of(V z, V /*parameter*/, int) -> decltype(Formula::value(z)) {
  return Formula::value(z);
}
template <class Formula, class V>
[[gnu::always_inline]] inline V value_of(V z, V parameter, long) {
  V derivative(0.0f);
  return Formula::apply(z, parameter, derivative);
}

struct Softplus {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V e = exponential_of_negative(negative(magnitude(z)));
    derivative = divide(choose(z < V(0.0f), e, V(1.0f)), V(1.0f) + e);
    return choose(z > V(0.0f), z, V(0.0f)) + log_one_plus(e);
  }
};

struct Softsign {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V size = magnitude(z);
    const V inverse = divide(V(1.0f), V(1.0f) + choose(size < V(1e18f), size, V(1e18f)));
    derivative = inverse * inverse;
    return choose(size < V(1e18f), z * inverse, with_sign(V(1.0f), z));
  }
};

struct HardTanh {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    derivative = choose(magnitude(z) < V(1.0f), V(1.0f), V(0.0f));
    return clipped(z, V(1.0f));
  }
};

struct HardSigmoid {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    derivative = choose(magnitude(z) < V(3.0f), V(1.0f / 6.0f), V(0.0f));
    return (clipped(z, V(3.0f)) + V(3.0f)) * V(1.0f / 6.0f);
  }
};

struct HardSwish {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V inside = multiply_add(z, V(1.0f / 3.0f), V(0.5f));
    derivative = choose(z < V(-3.0f), V(0.0f), choose(z > V(3.0f), V(1.0f), inside));
    return z * ((clipped(z, V(3.0f)) + V(3.0f)) * V(1.0f / 6.0f));
  }
};

// |f(z)| can be larger than |z| and overflow.
template <class Formula>
constexpr bool kGrows = false;
template <>
constexpr bool kGrows<LeakyRelu> = true;
template <>
constexpr bool kGrows<Selu> = true;

template <class V, class Formula>
bool forward_formula(float* z, float* derivative, std::size_t n, float parameter) {
  Watch<V> watch;
  for_each<V>(n, [&watch, z, derivative, parameter](std::size_t k, auto part) LINNET_INLINED {
    const V x = load<V>(z + k, part);
    V slope(0.0f);
    watch.see(x);
    const V y = Formula::apply(x, V(parameter), slope);
    if constexpr (kGrows<Formula>) {
      watch.see(y);
    }
    store(derivative + k, slope, part);
    store(z + k, y, part);  // behind the derivative: apply_formula() puts both in one place
  });
  return watch.finite();
}

template <class V, class Formula>
bool apply_formula(float* z, std::size_t rows, std::size_t units, float parameter) {
  if constexpr (kCompact && Shape<V>::kWidth == 1) {
    return forward_formula<V, Formula>(z, z, rows * units, parameter);
  } else {
    Watch<V> watch;
    for_each<V>(rows * units, [&watch, z, parameter](std::size_t k, auto part) LINNET_INLINED {
      const V x = load<V>(z + k, part);
      const V y = value_of<Formula>(x, V(parameter), 0);
      watch.see(x);
      if constexpr (kGrows<Formula>) {
        watch.see(y);
      }
      store(z + k, y, part);
    });
    return watch.finite();
  }
}

constexpr bool within_one(ActivationId id) {
  return id == ActivationId::sigmoid || id == ActivationId::tanh || id == ActivationId::hard_tanh ||
         id == ActivationId::hard_sigmoid;
}

template <class V, class Formula>
constexpr ActivationVariant activation_variant() {
  return {apply_formula<V, Formula>, forward_formula<V, Formula>};
}

}  // namespace
}  // namespace linnet

#define LINNET_ACTIVATION(name, least, most, variant)                                             \
  LINNET_DECLARE_VARIANTS(ActivationVariant, name)                                                \
  namespace linnet {                                                                              \
  static constexpr ActivationVariant name##_scalar = variant;                                     \
  constexpr ActivationDescriptor descriptor::name = {ActivationId::name,                          \
                                                     ActivationId::name == ActivationId::softmax, \
                                                     within_one(ActivationId::name),              \
                                                     least,                                       \
                                                     most,                                        \
                                                     {LINNET_VARIANTS(name)}};                    \
  }
