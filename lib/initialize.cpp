// Rounded after every product and every sum, whatever the contract: both draw the same weights.
#define LINNET_FUSED 0

#include <linnet/initialize.hpp>

#include "activation/descriptor.hpp"
#include "arithmetic/elementary.hpp"
#include "matrix.hpp"

namespace linnet {

namespace {

// The range keeps every deviation and bound finite whatever the shape: either all layers take a gain or none.
bool is_gain(float x) { return x >= 0.0f && x <= 1e12f; }

// body(weights, biases, layer) on every trainable layer. The arguments are the same for all layers: when the first layer
// takes them, so do the others, and nothing is left half done.
template <class Body>
Status over_trainable(Network& network, Body body) {
  if (!network.bound()) {
    return Status::not_bound;
  }
  const TopologyView topology = network.topology();
  float* weights = network.trainable().data();
  for (std::size_t l = network.frozen_layers(); l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    const std::size_t inputs = topology.inputs_of(l);
    const Span<float> biases(weights + inputs * layer.units, layer.bias ? layer.units : 0);
    if (const Status status = body(matrix_at(weights, inputs, layer.units), biases, layer); status != Status::ok) {
      return status;
    }
    weights = biases.end();
  }
  return Status::ok;
}

// Runs an initializer on every trainable layer and clears the biases.
template <class Initialize>
Status over_layers(Network& network, Initialize initialize) {
  return over_trainable(network, [&](const Matrix& weights, Span<float> biases, const Layer& layer) {
    const Status status = initialize(weights, layer);
    if (status == Status::ok) {
      const float zero = settled(0.0f);  // a known one would call memset: 162 bytes on a Cortex-M
      for (float& bias : biases) {
        bias = zero;
      }
    }
    return status;
  });
}

float root_of_ratio(float top, float bottom) { return square_root(divide(top, bottom)); }

float fans(const Matrix& weights) { return static_cast<float>(weights.rows()) + static_cast<float>(weights.columns()); }

float fan(const Matrix& weights, Fan which) {
  return static_cast<float>(which == Fan::in ? weights.columns() : weights.rows());
}

Status uniform_around_zero(const Matrix& weights, Pcg32& random, float bound) {
  return fill(weights, true, [&] { return random.uniform(-bound, bound); });
}
Status normal_around_zero(const Matrix& weights, Pcg32& random, float deviation) {
  return fill(weights, true, [&] { return random.normal(0.0f, deviation); });
}

bool known(Kaiming kaiming) {
  const float gained = gain(kaiming.nonlinearity, kaiming.negative_slope);
  return (kaiming.fan == Fan::in || kaiming.fan == Fan::out) && gained > 0.0f && is_gain(gained);
}

}  // namespace

// ---- Gains.

float gain(Nonlinearity nonlinearity, float negative_slope) noexcept {
  switch (nonlinearity) {
    case Nonlinearity::linear:
    case Nonlinearity::sigmoid:
      return 1.0f;
    case Nonlinearity::tanh:
      return 5.0f / 3.0f;
    case Nonlinearity::relu:
      return 1.41421356f;
    case Nonlinearity::leaky_relu:
      return root_of_ratio(2.0f, 1.0f + negative_slope * negative_slope);
    case Nonlinearity::selu:
      return 0.75f;
  }
  return float_of(0x7fc00000u);
}

float gain(const Activation& activation) noexcept {
  static constexpr ActivationId kKnown[] = {ActivationId::identity, ActivationId::sigmoid,    ActivationId::tanh,
                                            ActivationId::relu,     ActivationId::leaky_relu, ActivationId::selu};
  constexpr std::uint8_t kCount = sizeof kKnown / sizeof kKnown[0];
  std::uint8_t k = 0;  // a Nonlinearity; kCount is none, whose gain is NaN
  while (k < kCount && kKnown[k] != id_of(activation)) {
    ++k;
  }
  return gain(static_cast<Nonlinearity>(k), activation.parameter);
}

// ---- On one tensor.

Status uniform(const Matrix& weights, Pcg32& random, float low, float high) noexcept {
  return fill(weights, low <= high && is_finite(low) && is_finite(high - low),
              [&] { return random.uniform(low, high); });
}

Status normal(const Matrix& weights, Pcg32& random, float mean, float deviation) noexcept {
  return fill(weights, deviation >= 0.0f && is_finite(magnitude(mean) + 7.0f * deviation),
              [&] { return random.normal(mean, deviation); });
}

Status constant(const Matrix& weights, float value) noexcept {
  return fill(weights, is_finite(value), [value] { return value; });
}
Status zeros(const Matrix& weights) noexcept { return constant(weights, 0.0f); }
Status ones(const Matrix& weights) noexcept { return constant(weights, 1.0f); }

Status identity(const Matrix& weights) noexcept {
  if (const Status status = zeros(weights); status != Status::ok) {
    return status;
  }
  for (std::size_t k = 0; k < weights.rows() && k < weights.columns(); ++k) {
    weights(k, k) = 1.0f;
  }
  return Status::ok;
}

Status xavier_uniform(const Matrix& weights, Pcg32& random, float gain) noexcept {
  return is_gain(gain) ? uniform_around_zero(weights, random, gain * root_of_ratio(6.0f, fans(weights)))
                       : Status::bad_argument;
}

Status xavier_normal(const Matrix& weights, Pcg32& random, float gain) noexcept {
  return is_gain(gain) ? normal_around_zero(weights, random, gain * root_of_ratio(2.0f, fans(weights)))
                       : Status::bad_argument;
}

Status kaiming_uniform(const Matrix& weights, Pcg32& random, Kaiming kaiming) noexcept {
  const float gained = gain(kaiming.nonlinearity, kaiming.negative_slope);
  return known(kaiming) ? uniform_around_zero(weights, random, gained * root_of_ratio(3.0f, fan(weights, kaiming.fan)))
                        : Status::bad_argument;
}

Status kaiming_normal(const Matrix& weights, Pcg32& random, Kaiming kaiming) noexcept {
  const float gained = gain(kaiming.nonlinearity, kaiming.negative_slope);
  return known(kaiming) ? normal_around_zero(weights, random, gained * root_of_ratio(1.0f, fan(weights, kaiming.fan)))
                        : Status::bad_argument;
}

Status sparse(const Matrix& weights, Pcg32& random, float sparsity, float deviation) noexcept {
  if (!(sparsity >= 0.0f && sparsity <= 1.0f)) {
    return Status::bad_argument;
  }
  if (const Status status = normal(weights, random, 0.0f, deviation); status != Status::ok) {
    return status;
  }
  // A decimal like 0.3 is a float a little above: what lies within its rounding of an integer is that integer.
  const float share = sparsity * static_cast<float>(weights.rows());
  std::size_t zeros = static_cast<std::size_t>(share);
  zeros += share - static_cast<float>(zeros) > share * 0x1p-22f ? 1 : 0;
  for (std::size_t i = 0; i < weights.columns(); ++i) {
    std::size_t wanted = zeros;  // selection sampling (Knuth 3.4.2, algorithm S)
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      if (random.below(static_cast<std::uint32_t>(weights.rows() - o)) < wanted) {
        weights(o, i) = 0.0f;
        --wanted;
      }
    }
  }
  return Status::ok;
}

Status linear_default(const Matrix& weights, Span<float> biases, Pcg32& random) noexcept {
  if (biases.data() == nullptr && !biases.empty()) {
    return Status::null_memory;
  }
  const float bound = root_of_ratio(1.0f, fan(weights, Fan::in));
  if (const Status status = uniform_around_zero(weights, random, bound); status != Status::ok) {
    return status;
  }
  for (float& bias : biases) {
    bias = random.uniform(-bound, bound);
  }
  return Status::ok;
}

Status automatic(const Matrix& weights, Pcg32& random, const Activation& activation) noexcept {
  if (activation.descriptor == nullptr) {
    return Status::bad_argument;
  }
  const Kind kind = activation.descriptor->kind;
  if (kind == Kind::self_normalizing) {
    return kaiming_normal(weights, random, {0.0f, Fan::in, Nonlinearity::linear});
  }
  if (kind == Kind::linear_around_zero) {
    return xavier_uniform(weights, random);
  }
  const bool leaky = id_of(activation) == ActivationId::leaky_relu;
  return kaiming_uniform(weights, random, {leaky ? activation.parameter : 0.0f});
}

// ---- On a network.

Status uniform(Network& network, Pcg32& random, float low, float high) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return uniform(w, random, low, high); });
}
Status normal(Network& network, Pcg32& random, float mean, float deviation) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return normal(w, random, mean, deviation); });
}
Status truncated_normal(Network& network, Pcg32& random, float mean, float deviation, float low, float high) noexcept {
  return over_layers(
      network, [&](const Matrix& w, const Layer&) { return truncated_normal(w, random, mean, deviation, low, high); });
}
Status constant(Network& network, float value) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return constant(w, value); });
}
Status zeros(Network& network) noexcept { return constant(network, 0.0f); }
Status ones(Network& network) noexcept { return constant(network, 1.0f); }
Status identity(Network& network) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return identity(w); });
}
Status xavier_uniform(Network& network, Pcg32& random, float gain) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return xavier_uniform(w, random, gain); });
}
Status xavier_normal(Network& network, Pcg32& random, float gain) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return xavier_normal(w, random, gain); });
}
Status kaiming_uniform(Network& network, Pcg32& random, Kaiming kaiming) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return kaiming_uniform(w, random, kaiming); });
}
Status kaiming_normal(Network& network, Pcg32& random, Kaiming kaiming) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return kaiming_normal(w, random, kaiming); });
}
Status orthogonal(Network& network, Pcg32& random, float gain) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return orthogonal(w, random, gain); });
}
Status sparse(Network& network, Pcg32& random, float sparsity, float deviation) noexcept {
  return over_layers(network, [&](const Matrix& w, const Layer&) { return sparse(w, random, sparsity, deviation); });
}
Status linear_default(Network& network, Pcg32& random) noexcept {
  return over_trainable(network, [&](const Matrix& weights, Span<float> biases, const Layer&) {
    return linear_default(weights, biases, random);
  });
}
Status automatic(Network& network, Pcg32& random) noexcept {
  return over_layers(network,
                     [&](const Matrix& w, const Layer& layer) { return automatic(w, random, layer.activation); });
}
Status initialize(Network& network, Pcg32& random) noexcept { return automatic(network, random); }

}  // namespace linnet
