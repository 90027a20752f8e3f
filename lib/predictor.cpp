#include <linnet/predictor.hpp>

#include "kernels/fused.hpp"
#include "overlap.hpp"
#include "walk.hpp"

namespace linnet {

// Inlined: most programs call one bind().
[[gnu::always_inline]] inline Status Predictor::take(const Network& network, const Span<float>& scratch,
                                                     const KernelTable& kernels) noexcept {
  const TopologyView topology = network.topology();
  const std::size_t widest = layout::widest(topology, 0, topology.layer_count);
  const std::size_t needed = layout::product(2, widest);
  if (const Status status = network.check_memory(scratch.data(), scratch.size(), needed); status != Status::ok) {
    return status;
  }
  copy_words(network_, network);
  widest_ = widest;
  scratch_ = scratch.data();
  kernels_ = &kernels;
  return Status::ok;
}

Status Predictor::bind(const Network& network, const Span<float>& scratch, const KernelTable& kernels) noexcept {
  return network.bound() ? take(network, scratch, kernels) : Status::not_bound;
}

Status Predictor::bind(const TopologyView& topology, const Span<const float>& parameters, const Span<float>& scratch,
                       const KernelTable& kernels) noexcept {
  Network network = network_;
  if (const Status status = network.bind(topology, parameters, {}, topology.layer_count); status != Status::ok) {
    return status;
  }
  return take(network, scratch, kernels);
}

Status Predictor::check(const Rows& inputs, const MutableRows& outputs) const noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (inputs.data() == nullptr || outputs.data() == nullptr) {
    return Status::null_memory;
  }
  const std::size_t wider = inputs.columns() > outputs.columns() ? inputs.columns() : outputs.columns();
  if (inputs.count() == 0 || inputs.count() != outputs.count() || !countable(inputs.count(), wider)) {
    return Status::bad_batch;
  }
  if (inputs.columns() != network_.inputs_ || outputs.columns() != network_.outputs()) {
    return Status::bad_columns;
  }
  const Span<const float> written(outputs.data(), outputs.count() * outputs.columns());
#if LINNET_HAS_VECTORS  // without calls, which take as long as a layer
  const auto shares = [&written](const float* from, std::size_t size)
                          LINNET_INLINED { return overlap_without_a_call(written.data(), written.size(), from, size); };
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

// A plain loop: a kernel for it would be linked into every program.
bool Predictor::finite(const Rows& inputs) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t k = 0; k < inputs.count() * inputs.columns(); ++k) {
    const std::uint32_t twice = bits_of(inputs.data()[k]) << 1;  // without the sign
    largest = twice > largest ? twice : largest;
  }
  return largest < 2 * kInfinityBits;
}

#if LINNET_HAS_VECTORS
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

namespace {
// A plain loop, as in finite().
[[gnu::always_inline]] inline void copy_row(const float* from, float* to, std::size_t columns) {
  for (; columns > 0; --columns) {
    *to++ = *from++;
  }
}
}  // namespace

const float* Predictor::run(const float* x) const noexcept {
  Product product(x, nullptr, nullptr, nullptr, 1, 0, 0);
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

#if LINNET_HAS_VECTORS
[[gnu::flatten]]
#endif
Status
Predictor::predict(const Rows& inputs, const MutableRows& outputs) noexcept {
  if (const Status status = check(inputs, outputs); status != Status::ok) {
    return status;
  }
  // A single row is looked at when an activation refuses what came of it: no sum of the first layer is finite then.
#if LINNET_HAS_VECTORS
  const bool on_vectors = kernels_->index > 0;
  if (on_vectors && inputs.count() == 1) {  // the loop keeps what it counts in memory
    const float* from = run_layers(network_, *kernels_, inputs.data(), scratch_, scratch_ + widest_);
    if (from == nullptr) {
      return finite(inputs) ? Status::diverged : Status::bad_input;
    }
    copy_row(from, outputs.data(), outputs.columns());
    return Status::ok;
  }
#endif
  if (inputs.count() > 1 && !finite(inputs)) {
    return Status::bad_input;
  }
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const float* x = inputs.data() + b * inputs.columns();
#if LINNET_HAS_VECTORS
    const float* from = on_vectors ? run_layers(network_, *kernels_, x, scratch_, scratch_ + widest_) : run(x);
#else
    const float* from = run(x);
#endif
    if (from == nullptr) {
      return finite(inputs) ? Status::diverged : Status::bad_input;
    }
    copy_row(from, outputs.data() + b * outputs.columns(), outputs.columns());
  }
  return Status::ok;
}

}  // namespace linnet
