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

Status Predictor::check(const Rows& inputs, const MutableRows& outputs) const noexcept {
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
  const Span<const float> written(outputs.data(), outputs.count() * outputs.columns());
#if LINNET_LAYER_ROWS  // without calls, which take as long as a layer
  const auto shares = [&written](const float* from, std::size_t size) LINNET_INLINED {
    const auto a = reinterpret_cast<std::uintptr_t>(written.data());
    const auto b = reinterpret_cast<std::uintptr_t>(from);
    return a < b + size * sizeof(float) && b < a + written.size() * sizeof(float);
  };
  const bool shared = shares(inputs.data(), inputs.count() * inputs.columns()) || shares(scratch_, 2 * widest_) ||
                      shares(network_.trainable_, network_.trainable_floats_) ||
                      shares(network_.frozen_, network_.frozen_floats_);
#else
  const bool shared = overlap(written, {inputs.data(), inputs.count() * inputs.columns()}) ||
                      overlap(written, {scratch_, 2 * widest_}) ||
                      shares_memory(written.data(), written.size(), network_);
#endif
  return shared ? Status::overlapping_memory : Status::ok;
}

bool Predictor::finite(const Rows& inputs) const noexcept {
  return kernels_->largest(inputs.data(), inputs.count() * inputs.columns(), kMagnitudeBits) < kInfinityBits;
}

#if LINNET_LAYER_ROWS
namespace {

// Predictor::run() on vectors, in the frame of predict().  y, other: (widest layer)
[[gnu::always_inline]] inline const float* run_layers(const Network& network, const KernelTable& kernels,
                                                      const float* x, float* y, float* other) {
  for (Walk walk(network); walk.pass(kernels, x, y, nullptr); walk.up()) {
    if (walk.at_last()) {
      return y;
    }
    x = y;
    y = other;
    other = const_cast<float*>(x);
  }
  return nullptr;
}

}  // namespace
#endif

const float* Predictor::run(const float* x) const noexcept {
  Product product(x, nullptr, nullptr, nullptr, Finish::none, 1, 0, 0);
  for (Walk walk(network_);; walk.up()) {
    product.c = product.a == scratch_ ? scratch_ + widest_ : scratch_;
    walk.pre_activations(*kernels_, product);
    if (!walk.activation(*kernels_).apply(product.c, 1, walk.units(), walk.layer->activation.parameter)) {
      return nullptr;
    }
    if (walk.at_last()) {
      return product.c;
    }
    product.a = product.c;
  }
}

#if LINNET_LAYER_ROWS
[[gnu::flatten]]
#endif
Status
Predictor::predict(const Rows& inputs, const MutableRows& outputs) noexcept {
  if (const Status status = check(inputs, outputs); status != Status::ok) {
    return status;
  }
  // A single row is looked at when an activation refuses what came of it: no sum of the first layer is finite then.
  if (inputs.count() > 1 && !finite(inputs)) {
    return Status::bad_input;
  }
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const float* x = inputs.data() + b * inputs.columns();
#if LINNET_LAYER_ROWS
    const float* from = kernels_->index > 0 ? run_layers(network_, *kernels_, x, scratch_, scratch_ + widest_) : run(x);
#else
    const float* from = run(x);
#endif
    if (from == nullptr) {
      return finite(inputs) ? Status::diverged : Status::bad_input;
    }
    float* y = outputs.data() + b * outputs.columns();
    for (std::size_t o = 0; o < outputs.columns(); ++o) {
      y[o] = from[o];
    }
  }
  return Status::ok;
}

}  // namespace linnet
