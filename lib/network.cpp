#include <linnet/network.hpp>

#include "activation/descriptor.hpp"
#include "overlap.hpp"
#include "walk.hpp"

namespace linnet {

namespace {

Status check_activations(const TopologyView& topology) {
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Activation& activation = topology.layers[l].activation;
    if (activation.descriptor == nullptr) {
      return Status::bad_topology;
    }
    const ActivationDescriptor& descriptor = *activation.descriptor;
    if (!(activation.parameter >= descriptor.least && activation.parameter <= descriptor.most)) {
      return Status::bad_activation;
    }
    if (descriptor.only_last && l + 1 != topology.layer_count) {
      return Status::bad_topology;
    }
  }
  return Status::ok;
}

Status check_memory(const float* data, std::size_t size, std::size_t needed) {
  if (needed == 0) {
    return Status::ok;
  }
  if (data == nullptr) {
    return Status::null_memory;
  }
  return size < needed ? Status::too_little_memory : Status::ok;
}

}  // namespace

Status Network::bind(const TopologyView& topology, Span<float> parameters) noexcept {
  return bind(topology, {}, parameters, 0);
}

Status Network::bind(const TopologyView& topology, Span<const float> frozen, Span<float> trainable,
                     std::size_t frozen_layers) noexcept {
  if (const Status status = check(topology); status != Status::ok) {
    return status;
  }
  if (const Status status = check_activations(topology); status != Status::ok) {
    return status;
  }
  if (frozen_layers > topology.layer_count) {
    return Status::bad_argument;
  }
  const layout::Counts counts = layout::count(topology, frozen_layers);
  if (layout::sum(counts.frozen, counts.trainable) == kTooLarge) {
    return Status::too_large;
  }
  if (const Status status = check_memory(frozen.data(), frozen.size(), counts.frozen); status != Status::ok) {
    return status;
  }
  if (const Status status = check_memory(trainable.data(), trainable.size(), counts.trainable); status != Status::ok) {
    return status;
  }
  if (overlap({frozen.data(), counts.frozen}, {trainable.data(), counts.trainable})) {
    return Status::overlapping_memory;
  }
  topology_ = topology;
  frozen_ = frozen.data();
  trainable_ = trainable.data();
  frozen_layers_ = frozen_layers;
  return Status::ok;
}

Span<float> Network::trainable() const noexcept {
  return bound() ? Span<float>(trainable_, trainable_floats(topology_, frozen_layers_)) : Span<float>();
}

Span<const float> Network::frozen() const noexcept {
  return bound() ? Span<const float>(frozen_, frozen_floats(topology_, frozen_layers_)) : Span<const float>();
}

ConstMatrix Network::read_weights(std::size_t l) const noexcept {
  Walk walk(*this);
  return walk.go(l) ? walk.matrix(walk.weights) : ConstMatrix();
}

Span<const float> Network::read_biases(std::size_t l) const noexcept {
  Walk walk(*this);
  return walk.go(l) && walk.layer->bias ? Span<const float>(walk.biases(), walk.units()) : Span<const float>();
}

Matrix Network::weights(std::size_t l) const noexcept {
  Walk walk(*this);
  return walk.go(l) && !walk.frozen() ? walk.matrix(walk.trainable_parameters()) : Matrix();
}

Span<float> Network::biases(std::size_t l) const noexcept {
  const Span<const float> read = read_biases(l);
  return l < frozen_layers_ ? Span<float>() : Span<float>(const_cast<float*>(read.data()), read.size());
}

}  // namespace linnet
