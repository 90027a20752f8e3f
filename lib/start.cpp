#include <linnet/start.hpp>

#include "activation/descriptor.hpp"
#include "arithmetic/number.hpp"
#include "tables/tables.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

Status draw(Network& network, Pcg32& random, Initializer initializer) {
  switch (initializer) {
    case Initializer::linear_default:
      return linear_default(network, random);
    case Initializer::xavier_uniform:
      return xavier_uniform(network, random);
    case Initializer::xavier_normal:
      return xavier_normal(network, random);
    case Initializer::kaiming_uniform:
      return kaiming_uniform(network, random);
    case Initializer::kaiming_normal:
      return kaiming_normal(network, random);
    case Initializer::orthogonal:
      return orthogonal(network, random);
  }
  return Status::bad_argument;
}

// In double: one pass, and the squares of floats are exact.
float deviation_of(const float* x, std::size_t n) {
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double from_first = static_cast<double>(x[k]) - static_cast<double>(x[0]);
    sum += from_first;
    squares += from_first * from_first;
  }
  const double mean = sum / static_cast<double>(n);
  const double variance = squares / static_cast<double>(n) - mean * mean;
  return variance > 0.0 ? square_root(static_cast<float>(variance)) : 0.0f;
}

// Pre-activations of layer l from its inputs x: (rows, inputs), with its weights scaled if it is trainable.
// z: (rows, units)
bool scale_layer(Network& network, std::size_t l, const KernelTable& kernels, const float* x, std::size_t rows,
                 float* z) {
  const ConstMatrix weights = network.read_weights(l);
  const std::size_t n = rows * weights.rows();
  for (int attempt = 0;; ++attempt) {
    kernels.multiply({x, weights.data(), network.read_biases(l).data(), z, rows, weights.columns(), weights.rows()},
                     layout::stored_by_unit(weights.columns(), weights.rows()));
    if (training_kernels_of(kernels).largest(z, n, kMagnitudeBits) >= kInfinityBits) {
      return false;
    }
    const float deviation = deviation_of(z, n);
    const bool frozen = l < network.frozen_layers();
    if (frozen || attempt == 10 || deviation == 0.0f || magnitude(deviation - 1.0f) <= 0.01f) {
      return true;
    }
    const float factor = divide(1.0f, deviation);
    float* scaled = network.weights(l).data();
    for (std::size_t k = 0; k < weights.size(); ++k) {
      scaled[k] *= factor;
    }
  }
}

Status check(const Network& network, Rows inputs, Span<float> memory) {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (inputs.data() == nullptr || memory.data() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || layout::product(inputs.count(), inputs.columns()) == kTooLarge) {
    return Status::bad_batch;
  }
  if (inputs.columns() != network.topology().inputs) {
    return Status::bad_columns;
  }
  const std::size_t needed = unit_variance_floats(network.topology(), inputs.count());
  if (memory.size() < needed) {
    return Status::too_little_memory;
  }
  const Span<const float> own(memory.data(), needed);
  return shares_memory(own.data(), own.size(), network) ||
                 overlap(own, {inputs.data(), inputs.count() * inputs.columns()})
             ? Status::overlapping_memory
             : Status::ok;
}

}  // namespace

const char* objection(Initializer initializer, const Activation& activation) noexcept {
  const Kind kind = activation.descriptor->kind;
  if (initializer == Initializer::linear_default) {
    return "its weights keep a third of the variance at best: signals fade with depth";
  }
  if (kind == Kind::self_normalizing) {
    return "SELU normalizes itself when weights have deviation 1 / sqrt(fan_in): automatic() draws them so";
  }
  const bool for_rectifiers = initializer == Initializer::kaiming_uniform || initializer == Initializer::kaiming_normal;
  if (for_rectifiers && kind == Kind::linear_around_zero) {
    return "Kaiming doubles the variance for rectifiers: before this activation it drives units into saturation";
  }
  if (!for_rectifiers && kind == Kind::rectifier) {
    return "half of what a rectifier gets is cut off: without Kaiming's gain of sqrt(2) signals fade with depth";
  }
  return nullptr;
}

Status initialize(Network& network, Pcg32& random, Initializer initializer, const char*& reason) noexcept {
  if (const Status status = draw(network, random, initializer); status != Status::ok) {
    return status;
  }
  reason = nullptr;
  const TopologyView topology = network.topology();
  for (std::size_t l = network.frozen_layers(); l + 1 < topology.layer_count && reason == nullptr; ++l) {
    reason = objection(initializer, topology.layers[l].activation);
  }
  return Status::ok;
}

Status scale_to_unit_variance(Network& network, Rows inputs, Span<float> memory, const KernelTable& kernels) noexcept {
  if (const Status status = check(network, inputs, memory); status != Status::ok) {
    return status;
  }
  const std::size_t rows = inputs.count();
  if (training_kernels_of(kernels).largest(inputs.data(), rows * inputs.columns(), kMagnitudeBits) >= kInfinityBits) {
    return Status::bad_input;
  }
  const std::size_t half = memory.size() / 2;
  const float* x = inputs.data();  // (rows, inputs)
  const TopologyView topology = network.topology();
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    float* z = memory.data() + (l % 2) * half;  // (rows, units)
    if (!scale_layer(network, l, kernels, x, rows, z)) {
      return Status::diverged;
    }
    const Layer& layer = topology.layers[l];
    const ActivationVariant& activation = *layer.activation.descriptor->variants[index_of(kernels)];
    if (l + 1 < topology.layer_count && !activation.apply(z, rows * layer.units, layer.activation.parameter)) {
      return Status::diverged;
    }
    x = z;
  }
  return Status::ok;
}

}  // namespace linnet
