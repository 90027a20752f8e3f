// The activation functions and their derivatives, each one formula for a float and for a vector of floats.
// z is finite. Sources: PyTorch's documentation of torch.nn; the kinks as PyTorch computes them.
#pragma once

#include "activation/descriptor.hpp"
#include "kernels/elementary.hpp"
#include "kernels/elementwise.hpp"

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
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V value = hyperbolic_tangent(z);
    derivative = (V(1.0f) - value) * (V(1.0f) + value);  // 1 - value^2 without cancellation
    return value;
  }
};

struct Softplus {
  template <class V>
  static V apply(V z, V /*parameter*/, V& derivative) {
    const V e = exponential(negative(magnitude(z)));
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

// e^(z - largest z) for one row, in place; returns the sum, at least 1.
template <class V>
inline float softmax_numerators(float* z, std::size_t units, float& largest) {
  largest = z[0];
  for (std::size_t o = 1; o < units; ++o) {
    largest = z[o] > largest ? z[o] : largest;
  }
  const V shift(largest);
  return sum_in_lanes<V>(units, [z, shift](std::size_t k, auto part, V lane) {
    const V e = exponential(load<V>(z + k, part) - shift);
    store(z + k, e, part);
    return lane + e;
  });
}

template <class V>
void softmax_rows(float* z, std::size_t rows, std::size_t units, float /*parameter*/) {
  for (std::size_t b = 0; b < rows; ++b, z += units) {
    float largest;
    const float sum = softmax_numerators<V>(z, units, largest);
    scale<V>(z, units, 1.0f / sum);
  }
}

template <class V, class Formula>
void apply_formula(float* z, std::size_t rows, std::size_t units, float parameter) {
  for_each<V>(rows * units, [z, parameter](std::size_t k, auto part) {
    V derivative(0.0f);
    store(z + k, Formula::apply(load<V>(z + k, part), V(parameter), derivative), part);
  });
}

template <class V, class Formula>
void forward_formula(float* z, float* derivative, std::size_t n, float parameter) {
  for_each<V>(n, [z, derivative, parameter](std::size_t k, auto part) {
    V slope(0.0f);
    store(z + k, Formula::apply(load<V>(z + k, part), V(parameter), slope), part);
    store(derivative + k, slope, part);
  });
}

template <class V, class Formula>
constexpr ActivationVariant activation_variant() {
  return {apply_formula<V, Formula>, forward_formula<V, Formula>};
}

template <class V>
constexpr ActivationVariant softmax_variant() {
  return {softmax_rows<V>, nullptr};
}

}  // namespace
}  // namespace linnet

#define LINNET_ACTIVATION(name, least, most, variant)                                                         \
  LINNET_DECLARE_VARIANTS(ActivationVariant, name)                                                            \
  namespace linnet {                                                                                          \
  static constexpr ActivationVariant name##_scalar = variant;                                                 \
  constexpr ActivationDescriptor descriptor::name = {                                                         \
      ActivationId::name, ActivationId::name == ActivationId::softmax, least, most, {LINNET_VARIANTS(name)}}; \
  }
