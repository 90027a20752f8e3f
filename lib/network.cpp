#include <linnet/network.hpp>

#include <cstdint>

#include "activation/descriptor.hpp"
#include "overlap.hpp"
#include "walk.hpp"

namespace linnet {

namespace {

// check(topology) and what needs the descriptors, in one loop.
Status check_layers(const TopologyView& topology) {
  if (!has_layers(topology)) {
    return Status::bad_topology;
  }
  const Layer* layer = topology.layers;
  for (std::size_t left = topology.layer_count; left > 0; --left, ++layer) {
    const Activation& activation = layer->activation;
    if (layer->units == 0 || activation.descriptor == nullptr || (activation.descriptor->only_last && left > 1)) {
      return Status::bad_topology;
    }
    const ActivationDescriptor& descriptor = *activation.descriptor;
    if (!(activation.parameter >= descriptor.least && activation.parameter <= descriptor.most)) {
      return Status::bad_activation;
    }
  }
  return Status::ok;
}

}  // namespace

bool overlap(const float* a, std::size_t a_size, const float* b, std::size_t b_size) noexcept {
  return overlap_without_a_call(a, a_size, b, b_size);
}

void copy_words(void* to, const void* from, std::size_t words) noexcept {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  for (; words > 0; --words, target += sizeof(std::uint32_t), source += sizeof(std::uint32_t)) {
    __builtin_memcpy(target, source, sizeof(std::uint32_t));
  }
}

bool shares_memory(const float* memory, std::size_t size, const Network& network) noexcept {
  return overlap({memory, size}, network.trainable()) || overlap({memory, size}, network.frozen());
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
    return Status::bad_argument;
  }
  const std::size_t all = layout::parameters(topology, 0, topology.layer_count);
  if (all == kTooLarge) {
    return Status::too_large;
  }
  const std::size_t frozen_floats = layout::parameters(topology, 0, frozen_layers);
  const std::size_t trainable_floats = all - frozen_floats;
  if (const Status status = linnet::check_memory(frozen.data(), frozen.size(), frozen_floats); status != Status::ok) {
    return status;
  }
  if (const Status status = linnet::check_memory(trainable.data(), trainable.size(), trainable_floats);
      status != Status::ok) {
    return status;
  }
  if (overlap({frozen.data(), frozen_floats}, {trainable.data(), trainable_floats})) {
    return Status::overlapping_memory;
  }
  layers_ = topology.layers;
  inputs_ = topology.inputs;
  layer_count_ = static_cast<std::uint8_t>(topology.layer_count);
  frozen_ = frozen.data();
  frozen_floats_ = frozen_floats;
  trainable_ = trainable.data();
  trainable_floats_ = trainable_floats;
  frozen_layers_ = static_cast<std::uint8_t>(frozen_layers);
  return Status::ok;
}

Status Network::check_memory(const float* memory, std::size_t size, std::size_t needed) const noexcept {
  const Status status = linnet::check_memory(memory, size, needed);
  return status == Status::ok && shares_memory(memory, needed, *this) ? Status::overlapping_memory : status;
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
