#include <linnet/trainer.hpp>

#include "forward.hpp"
#include "kernels/fused.hpp"
#include "kernels/tables.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "trainer.hpp"

namespace linnet {

namespace {

constexpr float kMostGradient = 0x1p48f;  // its square, summed over kMostFloats parameters, is finite
constexpr float kMostReach = 0x1p100f;    // added to any finite weight it rounds to a finite weight
constexpr float kOne = 1.0f;

float magnitude_of(std::uint32_t bits) { return float_of(bits); }

}  // namespace

// ---- Where things are.

const float* Trainer::input_of(std::size_t l, Rows inputs) const noexcept {
  return l == 0 ? inputs.data() : activations(l - 1);
}
float* Trainer::workspace() const noexcept {
  return memory_ + state_floats(network_.topology(), training_, network_.frozen_layers());
}
float* Trainer::activations(std::size_t l) const noexcept {
  return workspace() +
         layout::activations_offset(network_.topology(), training_.max_batch, network_.frozen_layers(), l);
}
float* Trainer::unit_gradients(std::size_t l) const noexcept {
  return workspace() +
         layout::unit_gradients_offset(network_.topology(), training_.max_batch, network_.frozen_layers(), l);
}
float* Trainer::kept_gradients() const noexcept {
  return workspace() +
         layout::kept_gradients_offset(network_.topology(), training_.max_batch, network_.frozen_layers());
}
const TrainingKernels& Trainer::training_kernels() const noexcept { return training_kernels_of(*kernels_); }

// ---- What a batch must be.

Status Trainer::check_batch(const Batch& batch) const noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  const Topology& topology = network_.topology();
  const LossDescriptor& loss = *training_.loss.descriptor;
  const Rows& inputs = batch.inputs;
  const std::size_t targets = batch.labelled ? batch.labels.size() : batch.targets.count();
  if (inputs.data() == nullptr || (batch.labelled ? static_cast<const void*>(batch.labels.data())
                                                  : static_cast<const void*>(batch.targets.data())) == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || inputs.count() > training_.max_batch || targets != inputs.count() || !countable(inputs) ||
      !countable(batch.targets)) {
    return Status::bad_batch;
  }
  if (inputs.columns() != topology.inputs || (!batch.labelled && batch.targets.columns() != topology.outputs())) {
    return Status::bad_columns;
  }
  if (batch.labelled) {
    if (!loss.takes_labels) {
      return Status::bad_label;
    }
    for (const std::uint16_t label : batch.labels) {
      if (label >= topology.outputs()) {
        return Status::bad_label;
      }
    }
  }
  if (kernels_->largest(inputs.data(), inputs.count() * inputs.columns(), kMagnitudeBits) >= kInfinityBits) {
    return Status::bad_input;
  }
  return batch.labelled ? Status::ok : check_targets(batch.targets);
}

Status Trainer::check_targets(const Rows& targets) const noexcept {
  const bool unit_range = training_.loss.descriptor->targets_in_unit_range;
  for (std::size_t k = 0; k < targets.count() * targets.columns(); ++k) {
    const float t = targets.data()[k];
    const bool good = unit_range ? t >= 0.0f && t <= 1.0f : (bits_of(t) & kMagnitudeBits) < kInfinityBits;
    if (!good) {
      return Status::bad_target;
    }
  }
  return Status::ok;
}

// ---- Forward and backward. Derivatives are taken on the way forward, into the place of the unit gradients.

bool Trainer::forward(const Batch& batch) noexcept {
  const Topology& topology = network_.topology();
  const std::size_t rows = batch.inputs.count();
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    float* z = activations(l);  // (batch, units)
    if (!pre_activations(network_, *kernels_, l, input_of(l, batch.inputs), rows, z)) {
      return false;
    }
    const ActivationVariant& activation = variant_of(layer.activation, *kernels_);
    if (l < network_.frozen_layers()) {
      activation.apply(z, rows, layer.units, layer.activation.parameter);
    } else if (l + 1 < topology.layer_count || !training_.loss.descriptor->from_pre_activation) {
      activation.forward(z, unit_gradients(l), rows * layer.units, layer.activation.parameter);
    }
  }
  return true;
}

Status Trainer::look(const Batch& batch, LossValue& value) noexcept {
  if (const Status status = check_batch(batch); status != Status::ok) {
    return status;
  }
  if (!forward(batch)) {
    return Status::diverged;
  }
  const std::size_t last = network_.topology().layer_count - 1;
  const Loss& how = training_.loss;
  const LossJob job{activations(last),
                    batch.labelled ? nullptr : batch.targets.data(),
                    batch.labelled ? batch.labels.data() : nullptr,
                    how.class_weights.data(),
                    how.delta,
                    how.label_smoothing,
                    unit_gradients(last),
                    batch.inputs.count(),
                    network_.topology().outputs()};
  value = how.descriptor->variants[kernels_->index]->run(job);
  return (bits_of(value.loss) & kMagnitudeBits) < kInfinityBits ? Status::ok : Status::diverged;
}

// d_a = d_z W^T, times the derivative of a, from the last layer to the lowest trainable one.
void Trainer::backward(std::size_t rows) noexcept {
  const Topology& topology = network_.topology();
  for (std::size_t l = topology.layer_count - 1; l > network_.frozen_layers(); --l) {
    const ConstMatrix weights = network_.read_weights(l);
    const std::size_t inputs = weights.columns();
    const Product product{unit_gradients(l),
                          weights.data(),
                          nullptr,
                          unit_gradients(l - 1),
                          true,
                          rows,
                          weights.rows(),
                          inputs,
                          0,
                          inputs};
    if (layout::stored_by_unit(inputs, weights.rows())) {
      kernels_->multiply(product);
    } else if (rows == 1) {
      kernels_->multiply_lanes(product);
    } else {
      training_kernels().multiply_transposed(product);
    }
  }
}

// ---- The decision.

// An upper bound for every weight and bias gradient of the batch; kMostGradient or more when one may not be finite.
float Trainer::gradient_bound(const Batch& batch, float share) const noexcept {
  const Topology& topology = network_.topology();
  const std::size_t rows = batch.inputs.count();
  float most = 0.0f;
  for (std::size_t l = network_.frozen_layers(); l < topology.layer_count; ++l) {
    const float d = magnitude_of(kernels_->largest(unit_gradients(l), rows * topology.layers[l].units, kMagnitudeBits));
    const float x =
        magnitude_of(kernels_->largest(input_of(l, batch.inputs), rows * topology.inputs_of(l), kMagnitudeBits));
    const float sum = static_cast<float>(rows) * (x > 1.0f ? x : 1.0f) * d;
    const float bound = sum * share;
    if (!(sum < kMostReach && bound < kMostGradient)) {
      return kMostGradient;
    }
    most = bound > most ? bound : most;
  }
  return most;
}

// Completes the constants of the next step; ok when gradients up to `bound` leave weights and state finite.
Status Trainer::plan_update(float bound, Update& update, float corrections[2]) const noexcept {
  const Optimizer& optimizer = training_.optimizer;
  const OptimizerDescriptor& descriptor = *optimizer.descriptor;
  const Span<float> weights = network_.trainable();
  corrections[0] = corrections_[0];
  corrections[1] = corrections_[1];
  update = basic_update(training_);
  descriptor.prepare(optimizer, corrections, update);
  if (update.decay > 0.0f) {
    bound += update.decay * magnitude_of(kernels_->largest(weights.data(), weights.size(), kMagnitudeBits));
  }
  float state[2] = {};
  for (std::size_t s = 0; s < descriptor.slots; ++s) {
    const std::uint32_t mask = descriptor.state_signed[s] ? kMagnitudeBits : kAllBits;
    const std::uint32_t bits = kernels_->largest(memory_ + s * weights.size(), weights.size(), mask);
    if (bits >= kInfinityBits) {  // not finite, or negative where it cannot be
      return Status::diverged;
    }
    state[s] = magnitude_of(bits);
  }
  return bound < kMostGradient && descriptor.reach(update, bound, state[0], state[1]) < kMostReach ? Status::ok
                                                                                                   : Status::diverged;
}

// ---- The change.

OuterSum Trainer::weight_gradient(std::size_t l, Rows inputs, float share) const noexcept {
  const std::size_t ins = network_.topology().inputs_of(l);
  const std::size_t units = network_.topology().layers[l].units;
  const float* x = input_of(l, inputs);
  const float* d = unit_gradients(l);
  return layout::stored_by_unit(ins, units) ? OuterSum{d, x, units, inputs.count(), units, ins, 0, units, share}
                                            : OuterSum{x, d, ins, inputs.count(), ins, units, 0, ins, share};
}

OuterSum Trainer::bias_gradient(std::size_t l, std::size_t rows, float share) const noexcept {
  const std::size_t units = network_.topology().layers[l].units;
  return {&kOne, unit_gradients(l), 0, rows, 1, units, 0, 1, share};
}

// visit(gradient, offset of its parameters among the trainable ones)
template <class Visit>
void Trainer::for_each_gradient(Rows inputs, float share, Visit visit) const noexcept {
  const Topology& topology = network_.topology();
  const std::size_t frozen = network_.frozen_layers();
  std::size_t offset = 0;
  for (std::size_t l = frozen; l < topology.layer_count; ++l) {
    visit(weight_gradient(l, inputs, share), offset);
    offset += layout::weight_floats(topology, l);
    if (topology.layers[l].bias) {
      visit(bias_gradient(l, inputs.count(), share), offset);
      offset += topology.layers[l].units;
    }
  }
}

void Trainer::commit(const float corrections[2]) noexcept {
  corrections_[0] = corrections[0];
  corrections_[1] = corrections[1];
  ++steps_;
}

Status Trainer::learn(const Batch& batch) noexcept {
  LossValue value{};
  if (const Status status = look(batch, value); status != Status::ok) {
    return status;
  }
  backward(batch.inputs.count());
  const float bound = gradient_bound(batch, value.share);
  Update update;
  float corrections[2];
  if (const Status status = plan_update(bound, update, corrections); status != Status::ok) {
    return status;
  }
  loss_ = value.loss;
  if (training_.keeps_gradients()) {
    for_each_gradient(batch.inputs, value.share, [this](const OuterSum& sum, std::size_t offset) {
      training_kernels().keep(sum, kept_gradients() + offset);
    });
    gradients_seen_ = true;
    accumulating_ = false;
    update_from_kept(1.0f, update);
  } else {
    const OptimizerVariant& rule = *training_.optimizer.descriptor->variants[kernels_->index];
    for_each_gradient(batch.inputs, value.share, [this, &rule, &update](const OuterSum& sum, std::size_t offset) {
      rule.fused(sum, parameters_at(offset), update);
    });
  }
  commit(corrections);
  return Status::ok;
}

Parameters Trainer::parameters_at(std::size_t offset) const noexcept {
  const Span<float> weights = network_.trainable();
  const std::size_t slots = training_.optimizer.state_slots;
  return {weights.data() + offset,
          {slots > 0 ? memory_ + offset : nullptr, slots > 1 ? memory_ + weights.size() + offset : nullptr}};
}

void Trainer::update_from_kept(float scale, const Update& update) noexcept {
  float* gradient = kept_gradients();
  const std::size_t n = network_.trainable().size();
  if (scale != 1.0f) {
    training_kernels().scale(gradient, n, scale);
  }
  if (update.clip > 0.0f) {
    training_kernels().clip(gradient, n, update.clip);
  }
  if (training_.clip_norm > 0.0f) {
    const float factor = clip_factor(training_.clip_norm, training_kernels().sum_of_squares(gradient, n));
    if (factor < 1.0f) {
      training_kernels().scale(gradient, n, factor);
    }
  }
  training_.optimizer.descriptor->variants[kernels_->index]->kept(gradient, n, parameters_at(0), update);
}

// ---- What the user calls.

Status Trainer::step(Rows inputs, Rows targets) noexcept { return learn({inputs, targets, {}, false}); }
Status Trainer::step(Rows inputs, Labels targets) noexcept { return learn({inputs, {}, targets, true}); }
Status Trainer::evaluate(Rows inputs, Rows targets, float& loss) noexcept {
  return evaluate({inputs, targets, {}, false}, loss);
}
Status Trainer::evaluate(Rows inputs, Labels targets, float& loss) noexcept {
  return evaluate({inputs, {}, targets, true}, loss);
}
Status Trainer::accumulate(Rows inputs, Rows targets) noexcept { return collect({inputs, targets, {}, false}); }
Status Trainer::accumulate(Rows inputs, Labels targets) noexcept { return collect({inputs, {}, targets, true}); }

Status Trainer::evaluate(const Batch& batch, float& loss) noexcept {
  LossValue value{};
  const Status status = look(batch, value);
  if (status == Status::ok) {
    loss = value.loss;
  }
  return status;
}

Status Trainer::collect(const Batch& batch) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!training_.keeps_gradients()) {
    return Status::gradients_not_kept;
  }
  LossValue value{};
  if (const Status status = look(batch, value); status != Status::ok) {
    return status;
  }
  backward(batch.inputs.count());
  const std::size_t n = network_.trainable().size();
  const float already = accumulating_ ? magnitude_of(kernels_->largest(kept_gradients(), n, kMagnitudeBits)) : 0.0f;
  if (!(already + gradient_bound(batch, value.share) < kMostGradient)) {
    return Status::diverged;
  }
  for_each_gradient(batch.inputs, value.share, [this](const OuterSum& sum, std::size_t offset) {
    (accumulating_ ? training_kernels().add : training_kernels().keep)(sum, kept_gradients() + offset);
  });
  loss_ = value.loss;
  gradients_seen_ = true;
  accumulating_ = true;
  return Status::ok;
}

Status Trainer::apply(float scale) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!training_.keeps_gradients()) {
    return Status::gradients_not_kept;
  }
  if (!accumulating_ || !(scale >= 0x1p-24f && scale <= 1.0f)) {
    return Status::bad_argument;
  }
  const Span<float> weights = network_.trainable();
  // The weights are looked at too: no forward pass has seen them since accumulate().
  if (kernels_->largest(weights.data(), weights.size(), kMagnitudeBits) >= kInfinityBits) {
    return Status::diverged;
  }
  const float bound = magnitude_of(kernels_->largest(kept_gradients(), weights.size(), kMagnitudeBits));
  Update update;
  float corrections[2];
  if (const Status status = plan_update(bound, update, corrections); status != Status::ok) {
    return status;
  }
  update_from_kept(scale, update);
  accumulating_ = false;
  commit(corrections);
  return Status::ok;
}

Status Trainer::discard() noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!training_.keeps_gradients()) {
    return Status::gradients_not_kept;
  }
  gradients_seen_ = false;
  accumulating_ = false;
  return Status::ok;
}

}  // namespace linnet
