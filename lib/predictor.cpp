#include <linnet/predictor.hpp>

#include "forward.hpp"
#include "overlap.hpp"

namespace linnet {

Status Predictor::bind(const Network& network, Span<float> scratch, const KernelTable& kernels) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  const std::size_t needed = predictor_floats(network.topology());
  if (needed == kTooLarge) {
    return Status::too_large;
  }
  if (scratch.data() == nullptr) {
    return Status::null_memory;
  }
  if (scratch.size() < needed) {
    return Status::too_little_memory;
  }
  if (overlap({scratch.data(), needed}, network.trainable()) || overlap({scratch.data(), needed}, network.frozen())) {
    return Status::overlapping_memory;
  }
  network_ = network;
  scratch_ = scratch.data();
  kernels_ = &kernels;
  return Status::ok;
}

Status Predictor::bind(const Topology& topology, Span<const float> parameters, Span<float> scratch,
                       const KernelTable& kernels) noexcept {
  Network network;
  if (const Status status = network.bind(topology, parameters, {}, topology.layer_count); status != Status::ok) {
    return status;
  }
  return bind(network, scratch, kernels);
}

bool Predictor::shares_memory(Span<const float> outputs, Rows inputs) const noexcept {
  return overlap(outputs, {inputs.data(), inputs.count() * inputs.columns()}) ||
         overlap(outputs, {scratch_, predictor_floats(network_.topology())}) ||
         overlap(outputs, network_.trainable()) || overlap(outputs, network_.frozen());
}

Status Predictor::predict(Rows inputs, MutableRows outputs) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  const Topology& topology = network_.topology();
  if (inputs.data() == nullptr || outputs.data() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || inputs.count() != outputs.count() || !countable(inputs) || !countable(outputs)) {
    return Status::bad_batch;
  }
  if (inputs.columns() != topology.inputs || outputs.columns() != topology.outputs()) {
    return Status::bad_columns;
  }
  if (shares_memory({outputs.data(), outputs.count() * outputs.columns()}, inputs)) {
    return Status::overlapping_memory;
  }
  if (kernels_->largest(inputs.data(), inputs.count() * inputs.columns(), kMagnitudeBits) >= kInfinityBits) {
    return Status::bad_input;
  }
  const std::size_t widest = layout::widest(topology, 0, topology.layer_count);
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const float* x = inputs.data() + b * inputs.columns();
    for (std::size_t l = 0; l < topology.layer_count; ++l) {
      const Layer& layer = topology.layers[l];
      float* z = scratch_ + (l % 2) * widest;
      if (!pre_activations(network_, *kernels_, l, x, 1, z)) {
        return Status::diverged;
      }
      variant_of(layer.activation, *kernels_).apply(z, 1, layer.units, layer.activation.parameter);
      x = z;
    }
    if (kernels_->largest(x, outputs.columns(), kMagnitudeBits) >= kInfinityBits) {
      return Status::diverged;
    }
    float* y = outputs.data() + b * outputs.columns();
    for (std::size_t o = 0; o < outputs.columns(); ++o) {
      y[o] = x[o];
    }
  }
  return Status::ok;
}

}  // namespace linnet
