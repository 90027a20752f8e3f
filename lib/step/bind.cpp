#include <linnet/trainer.hpp>

#include <cstdint>
#include <new>
#include <type_traits>

#include "activation/descriptor.hpp"
#include "arithmetic/number.hpp"
#include "tables/tables.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "overlap.hpp"
#include "step/step.hpp"

namespace linnet {

namespace {

constexpr float kMostCorrection = 1.0001f;  // 1 - beta^t, by a recursion whose constants are rounded

// In [0, most], which NaN is not. As integers: a Cortex-M compares floats in twice the code.
bool within(float x, float most) { return bits_of(x) <= bits_of(most) || is_zero(x); }

// Whether every field that the rule does not know is 0: it would do nothing.
bool nothing_idle(const Optimizer& optimizer) {
  static_assert(offsetof(Optimizer, largest_step) == offsetof(Optimizer, momentum) + 9 * sizeof(float), "ten floats");
  const auto* field = reinterpret_cast<const unsigned char*>(&optimizer) + offsetof(Optimizer, momentum);
  for (std::uint32_t idle = optimizer.descriptor->idle; idle != 0; idle >>= 1u) {
    float value;
    __builtin_memcpy(&value, field, sizeof value);
    if ((idle & 1u) != 0 && !is_zero(value)) {
      return false;
    }
    field += sizeof value;
  }
  return true;
}

bool sound(const Optimizer& optimizer) {
  return nothing_idle(optimizer) && within(optimizer.rate, 1e6f) && within(optimizer.weight_decay, 1e6f) &&
         optimizer.state_slots == optimizer.descriptor->slots && optimizer.descriptor->sound(optimizer);
}

// Copies plain data word by word. (An assignment would call memcpy: 308 bytes that firmware may not have otherwise.)
template <class T>
void copy_words(T& to, const T& from) {
  static_assert(sizeof(T) % sizeof(std::uint32_t) == 0 && std::is_trivially_copyable<T>::value, "not words");
  auto* target = reinterpret_cast<unsigned char*>(&to);
  const auto* source = reinterpret_cast<const unsigned char*>(&from);
  for (std::size_t left = sizeof(T) / sizeof(std::uint32_t); left > 0; --left) {
    __builtin_memcpy(target, source, sizeof(std::uint32_t));
    target += sizeof(std::uint32_t);
    source += sizeof(std::uint32_t);
  }
}

// Behind `from`, where the first stage may lie.
// NOLINTNEXTLINE(readability-non-const-parameter): the stages are written there
Stage* stages_in(float* from) {
  const bool aligned = alignof(Stage) == alignof(float) || reinterpret_cast<std::uintptr_t>(from) % alignof(Stage) == 0;
  return new (aligned ? from : from + 1) Stage;
}

// More than training leaves in any state, whose gradients are below 2^48 (lib/DESIGN.md).
constexpr float kMostState = 0x1p126f;
constexpr float kMostVelocity = 0x1p76f;

// Adam's mean is at most a multiple of the root of its square, where beta_1^2 < beta_2; else no larger than gradients are.
bool sound_mean(const Optimizer& o, float mean, float square) {
  return o.momentum * o.momentum < 0.999999f * o.smoothing ? mean * mean <= multiply_add(square, 0x1p46f, 0x1p-54f)
                                                           : magnitude(mean) < 0x1p49f;
}

// Finite, not negative where squares are summed up, and so that the next step leaves the weights finite.
bool sound_state(const Optimizer& optimizer, const KernelTable& kernels, Span<const float> state) {
  const OptimizerDescriptor& descriptor = *optimizer.descriptor;
  const std::size_t run = descriptor.slots > 0 ? state.size() / descriptor.slots : 0;
  for (std::size_t s = 0; s < descriptor.slots; ++s) {
    const bool is_signed = descriptor.state_signed[s];
    const std::uint32_t mask = is_signed ? kMagnitudeBits : kAllBits;
    const std::uint32_t largest = training_kernels_of(kernels).largest(state.data() + s * run, run, mask);
    const bool velocity = is_signed && descriptor.steepness != Steepness::harmless;
    if (largest >= bits_of(velocity ? kMostVelocity : kMostState)) {
      return false;
    }
  }
  const bool is_adam = descriptor.id == OptimizerId::adam || descriptor.id == OptimizerId::adamw;
  for (std::size_t k = 0; is_adam && k < run; ++k) {
    if (!sound_mean(optimizer, state[k], state[k + run])) {
      return false;
    }
  }
  return true;
}

Status check(const Network& network, const Training& training) {
  const TopologyView topology = network.topology();
  const Loss& loss = training.loss;
  if (loss.descriptor == nullptr || training.optimizer.descriptor == nullptr ||
      network.frozen_layers() >= topology.layer_count ||
      !loss.descriptor->goes_with(topology.layers[topology.layer_count - 1].activation.descriptor->id,
                                  topology.outputs()) ||
      training.gradients.keeps != (training.gradients.descriptor != nullptr) ||
      (training.clip_norm > 0.0f && !training.gradients.keeps) ||
      (!loss.descriptor->takes_weights && !(loss.class_weights.empty() && is_zero(loss.label_smoothing)))) {
    return Status::bad_training;
  }
  if (!loss.descriptor->sound(loss, topology.outputs()) || !sound(training.optimizer) ||
      !within(training.clip_norm, 1e30f) || !within(training.clip_value, 1e30f)) {
    return Status::bad_hyperparameter;
  }
  return training.max_batch == 0 ? Status::bad_batch : Status::ok;
}

// Frozen layers take turns from `memory` on, the last one before `next`, where the trainable layers begin.
void write_stages(const Network& network, std::size_t max_batch, float* memory, float* next, Stage* at) {
  const TopologyView topology = network.topology();
  const std::size_t frozen = network.frozen_layers();
  const float* weights = network.frozen().data();
  std::size_t inputs = topology.inputs;
  for (std::size_t l = 0; l < topology.layer_count; ++l, ++at) {
    const Layer& layer = topology.layers[l];
    const std::size_t floats = max_batch * layer.units;
    if (l == frozen) {
      weights = network.trainable().data();
    }
    if (l < frozen) {
      float* turn = (frozen - l) % 2 == 0 ? memory : next - floats;
      *at = {&layer, weights, turn, turn};
    } else {
      *at = {&layer, weights, next, next + floats};
      next += 2 * floats;
    }
    weights += (inputs + (layer.bias ? 1 : 0)) * layer.units;
    inputs = layer.units;
  }
}

}  // namespace

Status Trainer::bind(const Network& network, const Training& training, const Span<float>& memory,
                     const KernelTable& kernels) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (const Status status = check(network, training); status != Status::ok) {
    return status;
  }
  const layout::TrainerLayout where =
      layout::trainer_layout(network.topology(), training, network.frozen_layers(), network.trainable().size());
  if (const Status status = network.check_memory(memory.data(), memory.size(), where.total); status != Status::ok) {
    return status;
  }
  copy_words(network_, network);
  copy_words(training_, training);
  training_.optimizer.rate += 0.0f;  // -0 is 0
  kernels_ = &kernels;
  memory_ = memory.data();
  steps_ = 0;
  corrections_[0] = 0.0f;
  corrections_[1] = 0.0f;
  loss_ = 0.0f;
  gradients_seen_ = false;
  accumulating_ = false;
  forwarded_ = nullptr;
  state_ = memory_ + where.state;
  stages_ = stages_in(memory_ + where.stages);
  write_stages(network_, training.max_batch, memory_, memory_ + where.layers, stages_);
  if (const StateFunctions* state = training.optimizer.descriptor->state; state != nullptr) {
    state->start(*this);
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
             : Span<const float>(state_, state_floats(network_.topology(), training_, network_.frozen_layers()));
}

Status Trainer::check_state() const noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  return sound_state(training_.optimizer, *kernels_, state()) ? Status::ok : Status::bad_state;
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
      !within(saved.corrections[0], kMostCorrection) || !within(saved.corrections[1], kMostCorrection)) {
    return Status::bad_state;
  }
  if (floats.data() == nullptr && !floats.empty()) {
    return Status::null_memory;
  }
  if (floats.data() != state_ && overlap(floats, state())) {
    return Status::overlapping_memory;
  }
  if (!sound_state(changed, *kernels_, floats)) {
    return Status::bad_state;
  }
  for (std::size_t k = 0; k < floats.size(); ++k) {
    state_[k] = floats[k];
  }
  training_.optimizer = changed;
  steps_ = saved.steps;
  corrections_[0] = saved.corrections[0];
  corrections_[1] = saved.corrections[1];
  gradients_seen_ = false;
  accumulating_ = false;
  forwarded_ = nullptr;
  return Status::ok;
}

}  // namespace linnet
