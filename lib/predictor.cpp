#include <linnet/predictor.hpp>

#include "activation/descriptor.hpp"
#include "arithmetic/fused.hpp"
#include "overlap.hpp"

namespace linnet {

// a copy of views, before the other lets go: NOLINTNEXTLINE(performance-move-constructor-init)
Predictor::Predictor(Predictor&& other) noexcept : Predictor(static_cast<const Predictor&>(other)) { other.unbind(); }

Predictor& Predictor::operator=(Predictor&& other) noexcept {
  if (this != &other) {
    *this = static_cast<const Predictor&>(other);
    other.unbind();
  }
  return *this;
}

void Predictor::unbind() noexcept {
  const Predictor unbound;
  *this = unbound;
}

// Inlined: most programs call one bind().
[[gnu::always_inline]] inline Status Predictor::take(const Network& network, const Span<float>& scratch,
                                                     const KernelTable& kernels) noexcept {
  const TopologyView topology = network.topology();
  const std::size_t widest = layout::widest(topology, 0, topology.layer_count);
  const std::size_t needed = layout::product(2, widest);
  if (const Status status = check_memory(scratch.data(), scratch.size(), needed, network); status != Status::ok) {
    return status;
  }
  network_ = network;
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

inline Status Predictor::check(const ConstRows& inputs, const Rows& outputs) const noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (inputs.data() == nullptr || outputs.data() == nullptr) {
    return Status::null_memory;
  }
  const std::size_t wider = inputs.columns() > outputs.columns() ? inputs.columns() : outputs.columns();
  if (inputs.count() == 0 || inputs.count() != outputs.count() || layout::product(inputs.count(), wider) == kTooLarge) {
    return Status::bad_batch;
  }
  if (inputs.columns() != network_.inside().inputs || outputs.columns() != network_.inside().outputs()) {
    return Status::bad_columns;
  }
  const Span<const float> written(outputs.data(), outputs.count() * outputs.columns());
  const bool shared = overlap(written, {inputs.data(), inputs.count() * inputs.columns()}) ||
                      overlap(written, {scratch_, 2 * widest_}) ||
                      shares_memory(written.data(), written.size(), network_);
  return shared ? Status::overlapping_memory : Status::ok;
}

// A plain loop: a kernel for it would be linked into every program.
bool Predictor::finite(const ConstRows& inputs) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t k = 0; k < inputs.count() * inputs.columns(); ++k) {
    const std::uint32_t twice = bits_of(inputs.data()[k]) << 1;  // without the sign
    largest = twice > largest ? twice : largest;
  }
  return largest < 2 * kInfinityBits;
}

[[gnu::always_inline]] inline const float* Predictor::run(const float* x) const noexcept {
  const bool on_vectors = kHasVectors && kernels_->index > 0;
  const Layer* layer = network_.inside().layers;
  const Layer* const end = layer + network_.inside().layer_count;
  const Layer* const trainable = layer + network_.inside().frozen_layers;
  const float* weights = layer == trainable ? network_.inside().trainable : network_.inside().frozen;
  std::size_t inputs = network_.inside().inputs;
  float* y = scratch_;
  for (;;) {
    const std::size_t units = layer->units;
    const Activation& f = layer->activation;
    const ActivationVariant& variant = *f.descriptor->variants[index_of(*kernels_)];
    const float* biases = weights + inputs * units;
    bool finite;
    if (on_vectors) {
      finite = variant.layer(x, weights, inputs, *layer, y, nullptr);
    } else {
      kernels_->multiply({x, weights, layer->bias ? biases : nullptr, y, 1, inputs, units},
                         layout::stored_by_unit(inputs, units));
      finite = variant.apply(y, units, f.parameter);
    }
    if (!finite) {
      return nullptr;
    }
    weights = biases + (layer->bias ? units : 0);
    if (++layer == end) {
      return y;
    }
    if (layer == trainable) {
      weights = network_.inside().trainable;
    }
    inputs = units;
    x = y;
    y = x == scratch_ ? scratch_ + widest_ : scratch_;
  }
}

Status Predictor::predict(const ConstRows& inputs, const Rows& outputs) noexcept {
  if (const Status status = check(inputs, outputs); status != Status::ok) {
    return status;
  }
  // A single row is looked at when an activation refuses what came of it: no sum of the first layer is finite then.
  if (inputs.count() > 1 && !finite(inputs)) {
    return Status::bad_input;
  }
  float* to = outputs.data();
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const float* from = run(inputs.data() + b * inputs.columns());
    if (from == nullptr) {
      return finite(inputs) ? Status::diverged : Status::bad_input;
    }
    for (std::size_t left = outputs.columns(); left > 0; --left) {  // a call of memcpy takes longer
      *to++ = *from++;
    }
  }
  return Status::ok;
}

}  // namespace linnet
