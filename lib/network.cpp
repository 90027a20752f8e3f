#include <linnet/network.hpp>

#include "activation/descriptor.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

Status check_activations(const Topology& topology) {
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

Status Network::bind(const Topology& topology, Span<float> parameters) noexcept {
  return bind(topology, {}, parameters, 0);
}

Status Network::bind(const Topology& topology, Span<const float> frozen, Span<float> trainable,
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
  if (parameter_floats(topology) == kTooLarge) {
    return Status::too_large;
  }
  const Status frozen_status = check_memory(frozen.data(), frozen.size(), frozen_floats(topology, frozen_layers));
  if (frozen_status != Status::ok) {
    return frozen_status;
  }
  const Status status = check_memory(trainable.data(), trainable.size(), trainable_floats(topology, frozen_layers));
  if (status != Status::ok) {
    return status;
  }
  const std::size_t trainable_size = trainable_floats(topology, frozen_layers);
  if (overlap({frozen.data(), frozen_floats(topology, frozen_layers)}, {trainable.data(), trainable_size})) {
    return Status::overlapping_memory;
  }
  topology_ = &topology;
  frozen_ = frozen.data();
  trainable_ = trainable.data();
  frozen_layers_ = frozen_layers;
  return Status::ok;
}

Span<float> Network::trainable() const noexcept {
  return bound() ? Span<float>(trainable_, trainable_floats(*topology_, frozen_layers_)) : Span<float>();
}

Span<const float> Network::frozen() const noexcept {
  return bound() ? Span<const float>(frozen_, frozen_floats(*topology_, frozen_layers_)) : Span<const float>();
}

const float* Network::layer(std::size_t l) const noexcept {
  return l < frozen_layers_ ? frozen_ + layout::layers_floats(*topology_, 0, l)
                            : trainable_ + layout::layers_floats(*topology_, frozen_layers_, l);
}

ConstMatrix Network::read_weights(std::size_t l) const noexcept {
  if (!bound() || l >= topology_->layer_count) {
    return {};
  }
  const std::size_t inputs = topology_->inputs_of(l);
  const std::size_t units = topology_->layers[l].units;
  return layout::stored_by_unit(inputs, units) ? ConstMatrix(layer(l), units, inputs, inputs, 1)
                                               : ConstMatrix(layer(l), units, inputs, 1, units);
}

Span<const float> Network::read_biases(std::size_t l) const noexcept {
  if (!bound() || l >= topology_->layer_count || !topology_->layers[l].bias) {
    return {};
  }
  return {layer(l) + layout::weight_floats(*topology_, l), topology_->layers[l].units};
}

Matrix Network::weights(std::size_t l) const noexcept {
  const ConstMatrix read = read_weights(l);
  if (read.size() == 0 || l < frozen_layers_) {
    return {};
  }
  return {trainable_ + (read.data() - trainable_), read.rows(), read.columns(), read.row_stride(),
          read.column_stride()};
}

Span<float> Network::biases(std::size_t l) const noexcept {
  const Span<const float> read = read_biases(l);
  if (read.empty() || l < frozen_layers_) {
    return {};
  }
  return {trainable_ + (read.data() - trainable_), read.size()};
}

}  // namespace linnet
