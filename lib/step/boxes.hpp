// The six boxes of a step. Whoever takes a step (step.cpp, own.cpp) is flat, one function with one frame, in which Step lives
// in registers and a Batch is of constants: with labels no code for rows of targets or weights is left (lib/DESIGN.md).
#pragma once

#include "arithmetic/number.hpp"
#include "step/step.hpp"

namespace linnet {

namespace {

bool countable(const ConstRows& rows) {
  return layout::beyond(0, rows.count(), rows.columns()) != kTooLarge;
}  // in floats

// No term of a layer's weight and bias gradients is larger: a magnitude, as bits; NaN > Inf > all else.
std::uint32_t term_bound(std::uint32_t largest_input, std::uint32_t largest_gradient) {
  const std::uint32_t input = largest_input > kOneBits ? largest_input : kOneBits;  // the biases see 1
  return bits_of(float_of(input) * float_of(largest_gradient));
}

bool has_forwarded(const TrainerData& trainer, const ConstRows& inputs) {
  return trainer.forwarded == inputs.data() && trainer.forwarded_rows == inputs.count();
}

// Whether clipping at a limit leaves no gradient that is too large.
bool cuts(float limit) { return limit > 0.0f && limit < kMaxGradient; }

}  // namespace

// ---- 1. What a batch must be.

inline Status Step::check_targets(const Batch& batch) const noexcept {
  if (loss_is_own() && !batch.own()) {
    return Status::bad_config;
  }
  const ConstRows& targets = batch.targets;
  const bool unit_range = trainer.config.loss.descriptor->targets_in_unit_range;
  for (std::size_t k = 0; k < targets.count() * targets.columns(); ++k) {
    const float t = targets.data()[k];
    if (!(unit_range ? t >= 0.0f && t <= 1.0f : is_finite(t))) {
      return Status::bad_target;
    }
  }
  return Status::ok;
}

inline Status Step::check_labels(const Labels& labels) const noexcept {
  const LossDescriptor& loss_of = *trainer.config.loss.descriptor;
  const std::size_t classes = classes_of(loss_of, trainer.network.inside().outputs());
  for (const std::uint16_t label : labels) {
    if (label >= classes && !is_ignored(loss_of.ignores, label)) {
      return refused_label_of(loss_of);
    }
  }
  return Status::ok;
}

inline Status Step::check(const Batch& batch) noexcept {
  const bool labelled = batch.goals == Goals::labels;
  if (batch.own() && !loss_is_own()) {
    return Status::bad_config;
  }
  if (inputs == nullptr || batch.goal_data() == nullptr) {
    return Status::null_memory;
  }
  const Network& network = trainer.network;
  // Of one output a row of targets is a column: a target for each row of inputs.
  const bool column = !labelled && batch.targets.count() == 1 && network.inside().outputs() == 1;
  const std::size_t rows_of_targets = column ? batch.targets.columns() : batch.targets.count();
  const std::size_t goals = labelled ? batch.labels.size() : rows_of_targets;
  if (rows == 0 || rows > trainer.config.max_batch || goals != rows || !countable(batch.inputs) ||
      !(labelled || countable(batch.targets))) {
    return Status::bad_batch;
  }
  if (batch.inputs.columns() != network.inside().inputs ||
      (!labelled && !column && batch.targets.columns() != network.inside().outputs())) {
    return Status::bad_columns;
  }
  if (labelled) {
    if (const Status status = check_labels(batch.labels); status != Status::ok) {
      return status;
    }
  }
  if (batch.goals == Goals::d_outputs) {
    if (!(batch.share >= 0.0f && is_finite(batch.share))) {
      return Status::bad_share;
    }
    if (!has_forwarded(trainer, batch.inputs)) {
      return Status::nothing_forwarded;
    }
  }
  largest_input = largest_magnitude(*trainer.kernels, inputs, rows * network.inside().inputs);
  if (largest_input >= kInfinityBits) {
    return Status::bad_input;
  }
  return labelled || batch.goals == Goals::outputs ? Status::ok : check_targets(batch);
}

// ---- 2. From the first layer to the last.

// One layer; false when a pre-activation or an activation is not finite.
inline bool Step::forward(const Stage* s, const ConstRows& x) noexcept {
  const KernelTable& kernels = *trainer.kernels;
  const Layer& layer = *s->layer;
  float* z = s->activations;
  // the derivatives of a frozen layer are for nobody: the activations are stored behind them, in the same place
  float* derivatives = s->unit_gradients;
  if (one_row() && !left_to_loss(s)) {
    return activation(layer).layer(x.data(), s->weights, x.columns(), layer, z, is_frozen(s) ? nullptr : derivatives);
  }
  if (rectified_in_product(s)) {
    const std::uint32_t largest = kernels.rectified(pre_activations(s, x), transposed(x, layer));
    largest_rectified[s - first_stage()] = largest;
    return largest < kInfinityBits;
  }
  kernels.multiply(pre_activations(s, x), transposed(x, layer));
  return left_to_loss(s) || activation(layer).forward(z, derivatives, rows * layer.units, layer.activation.parameter);
}

inline Status Step::forward() noexcept {
  ConstRows x(inputs, rows, trainer.network.inside().inputs);
  for (const Stage* s = first_stage(); !(s == last && loss_takes_layer()); ++s) {
    if (!forward(s, x)) {
      return Status::diverged;
    }
    if (s == last) {
      break;
    }
    x = activations(s);
  }
  return Status::ok;
}

// ---- 3. The loss and the last unit gradients.

inline Status Step::lose(const Batch& batch) noexcept {
  const Layer& layer = *last->layer;
  const bool labelled = batch.goals == Goals::labels;
  LossJob job(last->activations, labelled ? nullptr : batch.targets.data(), labelled ? batch.labels.data() : nullptr,
              trainer.config.loss, last->unit_gradients, rows, layer.units);
  const ConstRows x = this->x(last);
  if (loss_takes_layer() && batch.row_weights == nullptr) {
    loss = loss_variant().layer(x.data(), last->weights, x.columns(), layer.bias, job, largest_gradient);
  } else {
    if (loss_takes_layer()) {  // a weight needs the loss by itself
      forward(last, x);
    }
    const float* weights = batch.row_weights;
    loss = weights != nullptr ? batch.weighted_loss(loss_variant(), job, weights) : loss_variant().run(job);
    largest_gradient = largest_magnitude(*trainer.kernels, job.d, rows * layer.units);
  }
  share = batch.own() ? batch.share : job.share;
  return is_finite(loss) ? Status::ok : Status::diverged;
}

// ---- 4. From the last layer down to the lowest trainable one: d_a = d_z W^T, times the derivative of a.

// No input of the layer is larger: a magnitude, as bits.
inline std::uint32_t Step::most_input(const Stage* s) const noexcept {
  if (s == first_stage()) {
    return largest_input;
  }
  const Stage* below = s - 1;
  if (below->layer->activation.descriptor->within_one) {
    return kOneBits;
  }
  const std::uint32_t seen = kHasVectors ? largest_rectified[below - first_stage()] : 0;
  return seen != 0 ? seen : largest_magnitude(*trainer.kernels, below->activations, rows * below->layer->units);
}

// The unit gradients of the layer below; returns their largest magnitude, as bits.
inline std::uint32_t Step::backward(const Stage* s) noexcept {
  const TrainingKernels& kernels = training_kernels_of(*trainer.kernels);
  const ConstRows x = activations(s - 1);
  const std::size_t units = s->layer->units;
  float* below = s[-1].unit_gradients;
  if (one_row()) {
    return kernels.row_below(s->unit_gradients, s->weights, x.columns(), units, below);
  }
  const Product product{s->unit_gradients, s->weights, nullptr, below, rows, units, x.columns()};
  const bool from_above = !transposed(x, *s->layer);
  return rectified_in_product(s - 1) ? kernels.gated_input_gradient(product, x.data(), from_above)
                                     : kernels.input_gradient(product, from_above);
}

inline void Step::backward() noexcept {
  std::uint32_t gradient = largest_gradient;
  std::uint32_t largest = 0;
  for (const Stage* s = last;; --s) {
    const std::uint32_t term = term_bound(most_input(s), gradient);
    largest = term > largest ? term : largest;
    if (s == trainable_stage()) {
      break;
    }
    gradient = backward(s);
  }
  const float sums = static_cast<float>(rows) * float_of(largest);
  bound = sums < kMaxSum ? sums * share : __builtin_inff();
}

// ---- 5. Whether it leaves weights and state finite.

inline Status Step::decide(Update& update) const noexcept {
  const OptimizerDescriptor& rule = *trainer.config.optimizer.descriptor;
  if (!(bound < kMaxSum)) {
    return Status::diverged;
  }
  if (bound >= kMaxGradient && !cuts(trainer.config.clip_value) && !cuts(1.001f * trainer.config.clip_norm)) {
    if (rule.steepness == Steepness::refused) {
      return Status::diverged;
    }
    if (rule.steepness == Steepness::cut) {
      update.clip = kMaxGradient;
    }
  }
  if (rule.state != nullptr) {
    rule.state->prepare(trainer, update);
  }
  if (update.decay > 0.0f) {
    const Span<float> weights = trainer.network.trainable();
    const float largest = float_of(largest_magnitude(*trainer.kernels, weights.data(), weights.size()));
    return update.decay * largest < kMaxGradient ? Status::ok : Status::diverged;
  }
  return Status::ok;
}

// ---- 6. The change.

// A layer and its biases in one call, of a single row whose gradients are taken as they are.
inline void Step::update_row(const OptimizerVariant& rule, const Update& update) const noexcept {
  for (const Stage* s = trainable_stage(); s <= last; ++s) {
    float* w = trainable_weights(s);
    rule.layer(x(s).data(), s->unit_gradients, x(s).columns(), *s->layer, w, state_of(trainer, w), update);
  }
}

inline void Step::update_parameters(const Update& update) noexcept {
  const TrainerConfig& config = trainer.config;
  const OptimizerVariant& rule = *config.optimizer.descriptor->variants[index_of(*trainer.kernels)];
  const bool as_they_are =
      rows == 1 && bits_of(share) == kOneBits && (bits_of(update.clip) | bits_of(update.decay)) == 0;
  if (config.gradients.descriptor != nullptr) {
    config.gradients.descriptor->learn(trainer, inputs, rows, share, update);
  } else if (one_row() && as_they_are) {
    update_row(rule, update);
  } else {
    const auto change = as_they_are ? rule.single : rule.fused;
    for_each_gradient(kBiasesWithWeights, [this, change, &update](const OuterSum& sum, float* w) {
      change(sum, w, state_of(trainer, w), update);
    });
  }
}

inline void Step::finish(const Update& update) noexcept {
  ++trainer.steps;
  if (const StateFunctions* state = trainer.config.optimizer.descriptor->state; state != nullptr) {
    state->finish(trainer, update);
  }
}

inline Status Step::measure(const Batch& batch) noexcept {
  Status status = check(batch);
  if (status == Status::ok) {
    if (batch.own()) {
      trainer.forwarded = nullptr;  // lose() uses up what forward() left
    } else {
      status = forward();
    }
  }
  return status == Status::ok ? lose(batch) : status;
}

}  // namespace linnet
