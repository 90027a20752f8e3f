#include <linnet/network.hpp>

#include <cstdint>

#include "activation/descriptor.hpp"
#include "matrix.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

// check(topology) and what needs the descriptors, in one loop.
Status check_layers(const TopologyView& topology) {
  if (topology.inputs == 0 || topology.layer_count == 0 || topology.layer_count > kMaxLayers) {
    return Status::bad_topology;
  }
  const Layer* layer = topology.layers;
  for (std::size_t left = topology.layer_count; left > 0; --left, ++layer) {
    const Activation& activation = layer->activation;
    if (layer->units == 0 || activation.descriptor == nullptr) {
      return Status::bad_topology;
    }
    const ActivationDescriptor& descriptor = *activation.descriptor;
    if (descriptor.only_last && (left > 1 || layer->units == 1)) {  // one softmax is 1, whatever it sees
      return Status::bad_topology;
    }
    if (!(activation.parameter >= descriptor.least && activation.parameter <= descriptor.most)) {
      return Status::bad_activation;
    }
  }
  return Status::ok;
}

}  // namespace

bool shares_memory(const float* memory, std::size_t size, const Network& network) noexcept {
  const Span<const float> own(memory, size);
  return (!network.trainable().empty() && overlap(own, network.trainable())) ||
         (!network.frozen().empty() && overlap(own, network.frozen()));
}

Status check_memory(const float* memory, std::size_t size, std::size_t needed) noexcept {
  if (needed == 0) {
    return Status::ok;
  }
  if (needed == kTooLarge) {
    return Status::too_large;
  }
  if (memory == nullptr) {
    return Status::null_memory;
  }
  return size < needed ? Status::too_little_memory : Status::ok;
}

Status Network::bind(const TopologyView& topology, const Span<float>& parameters) noexcept {
  return bind(topology, {}, parameters, 0);
}

Status Network::bind(const TopologyView& topology, const Span<const float>& frozen, const Span<float>& trainable,
                     std::size_t frozen_layers) noexcept {
  if (const Status status = check_layers(topology); status != Status::ok) {
    return status;
  }
  if (frozen_layers > topology.layer_count) {
    return Status::bad_topology;
  }
  const std::size_t all = layout::parameters(topology, 0, topology.layer_count);
  if (all == kTooLarge) {
    return Status::too_large;
  }
  const std::size_t frozen_floats = layout::parameters(topology, 0, frozen_layers);
  const std::size_t trainable_floats = all - frozen_floats;
  if (const Status status = check_memory(frozen.data(), frozen.size(), frozen_floats); status != Status::ok) {
    return status;
  }
  if (const Status status = check_memory(trainable.data(), trainable.size(), trainable_floats); status != Status::ok) {
    return status;
  }
  if (frozen_floats != 0 && trainable_floats != 0 &&
      overlap({frozen.data(), frozen_floats}, {trainable.data(), trainable_floats})) {
    return Status::overlapping_memory;
  }
  data_.layers = topology.layers;
  data_.inputs = topology.inputs;
  data_.layer_count = static_cast<std::uint8_t>(topology.layer_count);
  data_.frozen = frozen.data();
  data_.frozen_floats = frozen_floats;
  data_.trainable = trainable.data();
  data_.trainable_floats = trainable_floats;
  data_.frozen_layers = static_cast<std::uint8_t>(frozen_layers);
  return Status::ok;
}

Status check_memory(const float* memory, std::size_t size, std::size_t needed, const Network& network) noexcept {
  const Status status = check_memory(memory, size, needed);
  return status == Status::ok && shares_memory(memory, needed, network) ? Status::overlapping_memory : status;
}

// Where the parameters of layer l begin, frozen or not.
static const float* parameters(const Network& network, std::size_t l) {
  const NetworkData& data = network.inside();
  const TopologyView topology = network.topology();
  return l < data.frozen_layers ? data.frozen + layout::parameters(topology, 0, l)
                                : data.trainable + layout::parameters(topology, data.frozen_layers, l);
}

ConstMatrix Network::read_weights(std::size_t l) const noexcept {
  if (l >= data_.layer_count) {
    return {};
  }
  return matrix_at(parameters(*this, l), topology().inputs_of(l), data_.layers[l].units);
}

Span<const float> Network::read_biases(std::size_t l) const noexcept {
  if (l >= data_.layer_count || !data_.layers[l].bias) {
    return {};
  }
  const std::size_t units = data_.layers[l].units;
  return {parameters(*this, l) + topology().inputs_of(l) * units, units};
}

Matrix Network::weights(std::size_t l) const noexcept {
  if (l < data_.frozen_layers) {
    return {};
  }
  const ConstMatrix read = read_weights(l);
  return {const_cast<float*>(read.data()), read.rows(), read.columns(), read.row_stride(), read.column_stride()};
}

Span<float> Network::biases(std::size_t l) const noexcept {
  const Span<const float> read = read_biases(l);
  return l < data_.frozen_layers ? Span<float>() : Span<float>(const_cast<float*>(read.data()), read.size());
}

}  // namespace linnet
