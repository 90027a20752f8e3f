#include <linnet/trainer.hpp>

#include "activation/descriptor.hpp"
#include "kernels/number.hpp"
#include "kernels/tables.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "overlap.hpp"
#include "trainer.hpp"

namespace linnet {

namespace {

constexpr float kMostCorrection = 1.0001f;  // 1 - beta^t, by a recursion whose constants are rounded

bool in_range(float x, float least, float most) { return x >= least && x <= most; }

bool sound(const Loss& loss, std::size_t outputs) {
  if (!in_range(loss.delta, 1e-6f, 1e6f) || !in_range(loss.label_smoothing, 0.0f, 1.0f)) {
    return false;
  }
  if (!loss.class_weights.empty() && (loss.class_weights.data() == nullptr || loss.class_weights.size() != outputs)) {
    return false;
  }
  for (const float weight : loss.class_weights) {
    if (weight != 0.0f && !in_range(weight, 1e-6f, 1e6f)) {
      return false;
    }
  }
  return true;
}

bool sound(const Optimizer& optimizer) {
  return in_range(optimizer.rate, 0.0f, 1e6f) && in_range(optimizer.weight_decay, 0.0f, 1e6f) &&
         optimizer.state_slots == optimizer.descriptor->slots && optimizer.descriptor->sound(optimizer);
}

Status check(const Network& network, const Training& training) {
  const Topology& topology = network.topology();
  const Loss& loss = training.loss;
  if (loss.descriptor == nullptr || training.optimizer.descriptor == nullptr ||
      network.frozen_layers() >= topology.layer_count ||
      !loss.descriptor->goes_with(topology.layers[topology.layer_count - 1].activation.descriptor->id) ||
      training.gradients > Gradients::kept || (!loss.descriptor->takes_labels && !loss.class_weights.empty())) {
    return Status::bad_training;
  }
  if (!sound(loss, topology.outputs()) || !sound(training.optimizer) || !in_range(training.clip_norm, 0.0f, 1e30f) ||
      !in_range(training.clip_value, 0.0f, 1e30f)) {
    return Status::bad_hyperparameter;
  }
  return training.max_batch == 0 ? Status::bad_batch : Status::ok;
}

}  // namespace

const TrainingKernels& training_kernels_of(const KernelTable& table) noexcept {
  static constexpr const TrainingKernels* kTables[] = {LINNET_TRAINING_TABLES};
  return *kTables[table.index];
}

float clip_factor(float clip_norm, float sum_of_squares) noexcept {
  const float factor = divide(clip_norm, square_root(sum_of_squares) + 1e-6f);
  return factor < 1.0f ? factor : 1.0f;
}

Status Trainer::bind(const Network& network, const Training& training, Span<float> memory,
                     const KernelTable& kernels) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (const Status status = check(network, training); status != Status::ok) {
    return status;
  }
  const std::size_t needed = trainer_floats(network.topology(), training, network.frozen_layers());
  if (needed == kTooLarge) {
    return Status::too_large;
  }
  if (memory.data() == nullptr) {
    return Status::null_memory;
  }
  if (memory.size() < needed) {
    return Status::too_little_memory;
  }
  if (overlap({memory.data(), needed}, network.trainable()) || overlap({memory.data(), needed}, network.frozen())) {
    return Status::overlapping_memory;
  }
  network_ = network;
  training_ = training;
  training_.optimizer.rate += 0.0f;  // -0 is 0
  kernels_ = &kernels;
  memory_ = memory.data();
  steps_ = 0;
  corrections_[0] = 0.0f;
  corrections_[1] = 0.0f;
  loss_ = 0.0f;
  gradients_seen_ = false;
  accumulating_ = false;
  const std::size_t run = network.trainable().size();
  for (std::size_t s = 0; s < training.optimizer.state_slots; ++s) {
    const float start = training.optimizer.descriptor->starts_at_rate[s] ? rate() : 0.0f;
    for (std::size_t k = 0; k < run; ++k) {
      memory_[s * run + k] = start;
    }
  }
  return Status::ok;
}

Status Trainer::set_rate(float rate) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  Optimizer changed = training_.optimizer;
  changed.rate = rate + 0.0f;
  if (!sound(changed)) {
    return Status::bad_hyperparameter;
  }
  training_.optimizer = changed;
  return Status::ok;
}

Span<const float> Trainer::state() const noexcept {
  return kernels_ == nullptr
             ? Span<const float>()
             : Span<const float>(memory_, state_floats(network_.topology(), training_, network_.frozen_layers()));
}

Status Trainer::save(TrainerState& saved) const noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  saved = {steps_,
           rate(),
           {corrections_[0], corrections_[1]},
           static_cast<std::uint32_t>(state().size()),
           kLayoutVersion,
           training_.optimizer.descriptor->id,
           contract()};
  return Status::ok;
}

Status Trainer::restore(const TrainerState& saved, Span<const float> floats) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  const OptimizerDescriptor& descriptor = *training_.optimizer.descriptor;
  Optimizer changed = training_.optimizer;
  changed.rate = saved.rate;
  if (saved.layout_version != kLayoutVersion || saved.contract != contract() || saved.optimizer != descriptor.id ||
      saved.floats != state().size() || floats.size() != state().size() || !sound(changed) ||
      !in_range(saved.corrections[0], 0.0f, kMostCorrection) ||
      !in_range(saved.corrections[1], 0.0f, kMostCorrection)) {
    return Status::bad_state;
  }
  if (floats.data() == nullptr && !floats.empty()) {
    return Status::null_memory;
  }
  if (floats.data() != memory_ && overlap(floats, state())) {
    return Status::overlapping_memory;
  }
  const std::size_t run = network_.trainable().size();
  for (std::size_t s = 0; s < descriptor.slots; ++s) {
    const std::uint32_t mask = descriptor.state_signed[s] ? kMagnitudeBits : kAllBits;
    if (kernels_->largest(floats.data() + s * run, run, mask) >= kInfinityBits) {
      return Status::bad_state;
    }
  }
  for (std::size_t k = 0; k < floats.size(); ++k) {
    memory_[k] = floats[k];
  }
  training_.optimizer = changed;
  steps_ = saved.steps;
  corrections_[0] = saved.corrections[0];
  corrections_[1] = saved.corrections[1];
  gradients_seen_ = false;
  accumulating_ = false;
  return Status::ok;
}

ConstMatrix Trainer::gradients(std::size_t l) const noexcept {
  const Matrix weights = network_.weights(l);
  if (!gradients_seen_ || weights.size() == 0) {
    return {};
  }
  return {kept_gradients() + (weights.data() - network_.trainable().data()), weights.rows(), weights.columns(),
          weights.row_stride(), weights.column_stride()};
}

Span<const float> Trainer::bias_gradients(std::size_t l) const noexcept {
  const Span<float> biases = network_.biases(l);
  if (!gradients_seen_ || biases.empty()) {
    return {};
  }
  return {kept_gradients() + (biases.data() - network_.trainable().data()), biases.size()};
}

}  // namespace linnet
