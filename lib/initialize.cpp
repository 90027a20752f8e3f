#include "initializer/descriptor.hpp"

#include "activation/descriptor.hpp"
#include "matrix.hpp"

namespace linnet {

namespace {

constexpr float kGainOfRelu = initializer::kaiming_uniform.gain;

Status draw_layer(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer& layer) {
  const Status status = how.descriptor->draw(weights, random, how, &layer);
  if (status == Status::ok && !how.descriptor->draws_biases) {
    const float zero = settled(0.0f);  // a known one would call memset: 162 bytes on a Cortex-M
    for (float& bias : biases_of(weights, &layer)) {
      bias = zero;
    }
  }
  return status;
}

}  // namespace

Status initialize(Network& network, Pcg32& random, const Initializer& initializer) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (initializer.descriptor == nullptr) {
    return Status::bad_initializer;
  }
  const TopologyView topology = network.topology();
  float* parameters = network.trainable().data();
  // An initializer that the first layer takes, the others take: nothing is left half done.
  for (std::size_t l = network.frozen_layers(); l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    const Matrix weights = matrix_at(parameters, topology.inputs_of(l), layer.units);
    if (const Status status = draw_layer(weights, random, initializer, layer); status != Status::ok) {
      return status;
    }
    parameters = biases_of(weights, &layer).end();
  }
  return Status::ok;
}

Status initialize(Network& network, std::size_t l, Pcg32& random, const Initializer& initializer) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  const Matrix weights = network.weights(l);
  return weights.size() == 0 || initializer.descriptor == nullptr
             ? Status::bad_initializer
             : draw_layer(weights, random, initializer, network.topology().layers[l]);
}

Status initialize(const Matrix& weights, Pcg32& random, const Initializer& initializer) noexcept {
  if (weights.size() == 0 || initializer.descriptor == nullptr) {
    return Status::bad_initializer;
  }
  // That the strides stay in memory is trusted, as a count is.
  return weights.data() == nullptr ? Status::null_memory
                                   : initializer.descriptor->draw(weights, random, initializer, nullptr);
}

float gain(const Activation& activation) noexcept {
  switch (id_of(activation)) {
    case ActivationId::identity:
    case ActivationId::sigmoid:
      return 1.0f;
    case ActivationId::tanh:
      return 5.0f / 3.0f;
    case ActivationId::relu:
      return kGainOfRelu;
    case ActivationId::leaky_relu:
      if (is_finite(activation.parameter)) {
        return root_of_ratio(2.0f, 1.0f + activation.parameter * activation.parameter);
      }
      break;
    case ActivationId::selu:
      return 0.75f;
    default:
      break;
  }
  return float_of(0x7fc00000u);
}

const char* objection(const Initializer& initializer, const Activation& activation) noexcept {
  if (initializer.descriptor == nullptr || activation.descriptor == nullptr) {
    return nullptr;
  }
  const MadeFor made_for = initializer.descriptor->made_for;
  const Kind kind = activation.descriptor->kind;
  if (made_for == MadeFor::anything || initializer.gain != (made_for == MadeFor::rectifier ? kGainOfRelu : 1.0f)) {
    return nullptr;
  }
  if (made_for == MadeFor::nothing) {
    return "its weights keep a third of the variance at best: signals fade with depth";
  }
  if (kind == Kind::self_normalizing) {
    return "SELU normalizes itself when weights have deviation 1 / sqrt(fan_in): automatic draws them so";
  }
  if (made_for == MadeFor::rectifier && kind == Kind::linear_around_zero) {
    return "Kaiming doubles the variance for rectifiers: before this activation it drives units into saturation";
  }
  if (made_for == MadeFor::linear_around_zero && kind == Kind::rectifier) {
    return "half of what a rectifier gets is cut off: without Kaiming's gain of sqrt(2) signals fade with depth";
  }
  return nullptr;
}

const char* objection(const Initializer& initializer, const Network& network) noexcept {
  const TopologyView topology = network.topology();
  const char* reason = nullptr;
  for (std::size_t l = network.frozen_layers(); l + 1 < topology.layer_count && reason == nullptr; ++l) {
    reason = objection(initializer, topology.layers[l].activation);
  }
  return reason;
}

}  // namespace linnet
