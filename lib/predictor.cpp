#include <linnet/predictor.hpp>

#include "overlap.hpp"
#include "walk.hpp"

namespace linnet {

Status Predictor::bind(const Network& network, const Span<float>& scratch, const KernelTable& kernels) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  const std::size_t needed = predictor_floats(network.topology());
  if (const Status status = network.check_memory(scratch.data(), scratch.size(), needed); status != Status::ok) {
    return status;
  }
  network_ = network;
  widest_ = needed / 2;
  scratch_ = scratch.data();
  kernels_ = &kernels;
  return Status::ok;
}

Status Predictor::bind(const TopologyView& topology, const Span<const float>& parameters, const Span<float>& scratch,
                       const KernelTable& kernels) noexcept {
  Network network = network_;
  if (const Status status = network.bind(topology, parameters, {}, topology.layer_count); status != Status::ok) {
    return status;
  }
  return bind(network, scratch, kernels);
}

bool Predictor::shares_memory(Span<const float> outputs, Rows inputs) const noexcept {
  return overlap(outputs, {inputs.data(), inputs.count() * inputs.columns()}) ||
         overlap(outputs, {scratch_, 2 * widest_}) || linnet::shares_memory(outputs.data(), outputs.size(), network_);
}

Status Predictor::predict(Rows inputs, MutableRows outputs) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  const TopologyView topology = network_.topology();
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
  const auto bad_input = [&]() LINNET_INLINED {
    return kernels_->largest(inputs.data(), inputs.count() * inputs.columns(), kMagnitudeBits) >= kInfinityBits;
  };
  // A single row is looked at when an activation refuses what came of it: no sum of the first layer is finite then.
  if (inputs.count() > 1 && bad_input()) {
    return Status::bad_input;
  }
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const float* x = inputs.data() + b * inputs.columns();
    for (Walk walk(network_);; walk.up()) {
      float* z = scratch_ + (walk.l % 2) * widest_;
      walk.pre_activations(*kernels_, x, 1, z);
      if (!walk.activation(*kernels_).apply(z, 1, walk.units(), walk.layer->activation.parameter)) {
        return bad_input() ? Status::bad_input : Status::diverged;
      }
      x = z;
      if (walk.at_last()) {
        break;
      }
    }
    float* y = outputs.data() + b * outputs.columns();
    for (std::size_t o = 0; o < outputs.columns(); ++o) {
      y[o] = x[o];
    }
  }
  return Status::ok;
}

}  // namespace linnet
