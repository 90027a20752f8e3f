// The six boxes of a step. They are inlined into the calls at the end of this file, where `labelled` is a constant: with
// labels no code for rows of targets is left, and the other way round (lib/DESIGN.md).
#include "step/step.hpp"

#include "arithmetic/number.hpp"

namespace linnet {

namespace {

// Whether rows can be counted in floats at all.
bool countable(const Rows& rows) { return layout::product(rows.count(), rows.columns()) != kTooLarge; }

bool finite(float x) { return (bits_of(x) & kMagnitudeBits) < kInfinityBits; }

// An upper bound, as bits, for the terms that make a layer's weight and bias gradients, from its largest input and its
// largest unit gradient; NaN > Inf > all else.
std::uint32_t term_bound(std::uint32_t largest_input, std::uint32_t largest_gradient) {
  const std::uint32_t input = largest_input > kOneBits ? largest_input : kOneBits;  // the biases see 1
  return bits_of(float_of(input) * float_of(largest_gradient));
}

}  // namespace

// ---- 1. What a batch must be.

Status Trainer::check_targets(const Rows& targets) const noexcept {
  const bool unit_range = training_.loss.descriptor->targets_in_unit_range;
  for (std::size_t k = 0; k < targets.count() * targets.columns(); ++k) {
    const float t = targets.data()[k];
    if (!(unit_range ? t >= 0.0f && t <= 1.0f : finite(t))) {
      return Status::bad_target;
    }
  }
  return Status::ok;
}

Status Trainer::check_labels(const Labels& labels) const noexcept {
  if (!training_.loss.descriptor->takes_labels) {
    return Status::bad_label;
  }
  const std::size_t outputs = network_.outputs();
  for (const std::uint16_t label : labels) {
    if (label >= outputs) {
      return Status::bad_label;
    }
  }
  return Status::ok;
}

LINNET_STEP Status Trainer::Step::check(const Batch& batch) noexcept {
  if (trainer.kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (inputs == nullptr || batch.goals() == nullptr) {
    return Status::null_memory;
  }
  const std::size_t goals = batch.labelled ? batch.labels.size() : batch.targets.count();
  if (rows == 0 || rows > trainer.training_.max_batch || goals != rows || !countable(batch.inputs) ||
      !(batch.labelled || countable(batch.targets))) {
    return Status::bad_batch;
  }
  const Network& network = trainer.network_;
  if (batch.inputs.columns() != network.inputs_ || (!batch.labelled && batch.targets.columns() != network.outputs())) {
    return Status::bad_columns;
  }
  if (batch.labelled) {
    if (const Status status = trainer.check_labels(batch.labels); status != Status::ok) {
      return status;
    }
  }
  largest_input = largest_magnitude(*trainer.kernels_, inputs, rows * network.inputs_);
  if (largest_input >= kInfinityBits) {
    return Status::bad_input;
  }
  return batch.labelled ? Status::ok : trainer.check_targets(batch.targets);
}

// ---- 2. From the first layer to the last.

// One layer, its activation too where it `activates`; false when a pre-activation or an activation is not finite.
LINNET_STEP bool Trainer::Step::forward(const Stage* s, bool activates) noexcept {
  const KernelTable& kernels = *trainer.kernels_;
  const Layer& of = layer(s);
  float* z = s->activations;
  // the derivatives of a frozen layer are for nobody: the activations are stored behind them, in the same place
  float* derivatives = s->unit_gradients;
  if (activates && one_row()) {
    return activation(of).layer(x(s), s->weights, s->inputs, of, z, is_frozen(s) ? nullptr : derivatives);
  }
  const Product product = pre_activations(s);
  if (rectified_in_product(s)) {
    const std::uint32_t largest = kernels.rectified(product, transposed(s, of));
    largest_rectified[s - trainer.stages_] = largest;
    return largest < kInfinityBits;
  }
  kernels.multiply(product, transposed(s, of));
  return !activates || activation(of).forward(z, derivatives, rows * of.units, of.activation.parameter);
}

LINNET_STEP Status Trainer::Step::forward() noexcept {
  for (const Stage* s = first_stage(); s != last_stage(); ++s) {
    if (!forward(s, true)) {
      return Status::diverged;
    }
  }
  return Status::ok;
}

// ---- 3. The last layer, the loss and its unit gradients.

LINNET_STEP Status Trainer::Step::lose(const Batch& batch) noexcept {
  const Stage* s = last_stage();
  const Layer& of = layer(s);
  const Loss& how = trainer.training_.loss;
  const LossVariant& variant = *how.descriptor->variants[index_of(*trainer.kernels_)];
  LossJob job(s->activations, batch.labelled ? nullptr : batch.targets.data(),
              batch.labelled ? batch.labels.data() : nullptr, how, s->unit_gradients, rows, of.units);
  if (one_row() && variant.layer != nullptr) {
    loss = variant.layer(x(s), s->weights, s->inputs, of.bias, job, largest_gradient);
  } else {
    // where the last activation belongs to the loss, the loss looks at pre-activations itself
    if (!forward(s, !how.descriptor->from_pre_activation)) {
      return Status::diverged;
    }
    loss = variant.run(job);
    largest_gradient = largest_magnitude(*trainer.kernels_, job.d, rows * of.units);
  }
  share = job.share;
  return finite(loss) ? Status::ok : Status::diverged;
}

// ---- 4. From the last layer down to the lowest trainable one: d_a = d_z W^T, times the derivative of a.

// No input of the layer is larger: a magnitude, as bits.
LINNET_STEP std::uint32_t Trainer::Step::most_input(const Stage* s) const noexcept {
  if (s == first_stage()) {
    return largest_input;
  }
  if (layer(s - 1).activation.descriptor->within_one) {
    return kOneBits;
  }
  if (kHasVectors && largest_rectified[s - 1 - trainer.stages_] != 0) {
    return largest_rectified[s - 1 - trainer.stages_];
  }
  return largest_magnitude(*trainer.kernels_, x(s), rows * s->inputs);
}

// The unit gradients of the layer below; returns their largest magnitude, as bits.
LINNET_STEP std::uint32_t Trainer::Step::backward(const Stage* s) noexcept {
  const TrainingKernels& kernels = training_kernels_of(*trainer.kernels_);
  const Layer& of = layer(s);
  float* below = s[-1].unit_gradients;
  if (one_row()) {
    return kernels.row_below(s->unit_gradients, s->weights, s->inputs, of.units, below);
  }
  const Product product{s->unit_gradients, s->weights, nullptr, below, rows, of.units, s->inputs};
  const bool from_above = !transposed(s, of);
  return rectified_in_product(s - 1) ? kernels.gated_input_gradient(product, s[-1].activations, from_above)
                                     : kernels.input_gradient(product, from_above);
}

LINNET_STEP void Trainer::Step::backward() noexcept {
  std::uint32_t gradient = largest_gradient;
  std::uint32_t largest = 0;
  for (const Stage* s = last_stage();; --s) {
    const std::uint32_t term = term_bound(most_input(s), gradient);
    largest = term > largest ? term : largest;
    if (s == trainable_stage()) {
      break;
    }
    gradient = backward(s);
  }
  const float sums = static_cast<float>(rows) * float_of(largest);
  bound = sums < kMostSum ? sums * share : sums + __builtin_inff();
}

// ---- 5. Whether it leaves weights and state finite.

// No gradient that the rule gets is larger.
LINNET_STEP float Trainer::Step::clipped_bound() const noexcept {
  const float value = trainer.training_.clip_value;
  const float norm = 1.001f * trainer.training_.clip_norm;  // what is rounded on the way to a norm of clip_norm
  const float cut = value > 0.0f && bound > value ? value : bound;
  return norm > 0.0f && cut > norm ? norm : cut;
}

LINNET_STEP Status Trainer::Step::decide(Update& update) noexcept {
  const OptimizerDescriptor& rule = *trainer.training_.optimizer.descriptor;
  if (!(bound < kMostGradient)) {
    const bool steep = clipped_bound() >= kMostGradient;
    if (!(bound < kMostSum) || (steep && rule.steepness == Steepness::refused)) {
      return Status::diverged;
    }
    if (steep && rule.steepness == Steepness::cut) {
      update.clip = kMostGradient;
    }
  }
  if (rule.state != nullptr) {
    rule.state->prepare(trainer, update);
  }
  if (update.decay > 0.0f) {
    const Network& network = trainer.network_;
    const float largest = float_of(largest_magnitude(*trainer.kernels_, network.trainable_, network.trainable_floats_));
    return update.decay * largest < kMostGradient ? Status::ok : Status::diverged;
  }
  return Status::ok;
}

// ---- 6. The change.

// A layer and its biases in one call, of a single row whose gradients are taken as they are.
LINNET_STEP void Trainer::Step::update_row(const OptimizerVariant& rule, const Update& update) const noexcept {
  for (const Stage* s = trainable_stage(); s <= last_stage(); ++s) {
    float* w = trainable_weights(s);
    rule.layer(x(s), s->unit_gradients, s->inputs, layer(s), w, trainer.state_of(w), update);
  }
}

LINNET_STEP void Trainer::Step::update_parameters(const Update& update) noexcept {
  const Training& training = trainer.training_;
  const OptimizerVariant& rule = *training.optimizer.descriptor->variants[index_of(*trainer.kernels_)];
  const bool as_they_are = rows == 1 && bits_of(share) == kOneBits && update.clip + update.decay == 0.0f;
  if (training.gradients.keeps) {
    training.gradients.descriptor->learn(*this, update);
  } else if (one_row() && as_they_are) {
    update_row(rule, update);
  } else {
    const auto change = as_they_are ? rule.single : rule.fused;
    for_each_gradient(kBiasesWithWeights, [this, change, &update](const OuterSum& sum, float* w)
                                              LINNET_INLINED { change(sum, w, trainer.state_of(w), update); });
  }
}

LINNET_STEP void Trainer::Step::finish(const Update& update) noexcept {
  ++trainer.steps_;
  const StateFunctions* state = trainer.training_.optimizer.descriptor->state;
  if (state != nullptr) {
    state->finish(trainer, update);
  }
}

// ---- All of them.

LINNET_STEP Status Trainer::Step::measure(const Batch& batch) noexcept {
  if (const Status status = check(batch); status != Status::ok) {
    return status;
  }
  if (const Status status = forward(); status != Status::ok) {
    return status;
  }
  return lose(batch);
}

LINNET_STEP Status Trainer::learn(const Batch& batch) noexcept {
  Step step(*this, batch.inputs);
  if (const Status status = step.measure(batch); status != Status::ok) {
    return status;
  }
  step.backward();
  Update update(training_, network_.trainable_floats_);
  if (const Status status = step.decide(update); status != Status::ok) {
    return status;
  }
  loss_ = step.loss;
  step.update_parameters(update);
  step.finish(update);
  return Status::ok;
}

LINNET_STEP Status Trainer::measure(const Batch& batch, float& loss) noexcept {
  Step step(*this, batch.inputs);
  const Status status = step.measure(batch);
  if (status == Status::ok) {
    loss = step.loss;
  }
  return status;
}

Status Trainer::step(const Rows& inputs, const Rows& targets) noexcept { return learn({inputs, targets, {}, false}); }
Status Trainer::step(const Rows& inputs, const Labels& targets) noexcept { return learn({inputs, {}, targets, true}); }
Status Trainer::evaluate(const Rows& inputs, const Rows& targets, float& loss) noexcept {
  return measure({inputs, targets, {}, false}, loss);
}
Status Trainer::evaluate(const Rows& inputs, const Labels& targets, float& loss) noexcept {
  return measure({inputs, {}, targets, true}, loss);
}

// For those who look or wait before the change: kept gradients, diagnostics.
Status Trainer::run_back(Step& step, const Batch& batch) noexcept {
  const Status status = step.measure(batch);
  if (status == Status::ok) {
    step.backward();
  }
  return status;
}
Status Trainer::decide(Step& step, Update& update) noexcept { return step.decide(update); }
void Trainer::finish(Step& step, const Update& update) noexcept { step.finish(update); }

}  // namespace linnet
