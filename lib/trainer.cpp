#include "trainer.hpp"

#include "kernels/tables.hpp"

namespace linnet {

const TrainingKernels& training_kernels_of(const KernelTable& table) noexcept {
  static constexpr const TrainingKernels* kTables[] = {LINNET_TABLES_OF(training)};
  return *kTables[index_of(table)];
}

float* Trainer::frozen_activations(std::size_t l) const noexcept {
  const std::size_t frozen_layers = network_.frozen_layers();
  const std::size_t room = training_.max_batch * layout::count(network_.topology(), frozen_layers).frozen_widest;
  return activations_ - (frozen_layers > 1 && l % 2 == 0 ? 2 * room : room);
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

// ---- The change.

Parameters Trainer::parameters_at(float* w) const noexcept {
  Parameters parameters{w, {nullptr, nullptr}};
  const std::size_t slots = training_.optimizer.state_slots;
  if (slots > 0) {
    parameters.state[0] = memory_ + (w - network_.trainable_);
    if (slots > 1) {
      parameters.state[1] = parameters.state[0] + network_.trainable().size();
    }
  }
  return parameters;
}

void Trainer::commit(const float corrections[2]) noexcept {
  corrections_[0] = corrections[0];
  corrections_[1] = corrections[1];
  ++steps_;
}

LINNET_STEP Status Trainer::learn(const Batch& batch) noexcept {
  Step step(*this, batch);
  LossValue value{};
  if (const Status status = step.look(batch, value); status != Status::ok) {
    return status;
  }
  step.backward(value.share);
  Update update(training_);
  float corrections[2];
  if (const Status status = plan_update(step.bound, update, corrections); status != Status::ok) {
    return status;
  }
  loss_ = value.loss;
  if (training_.gradients.keeps) {
    Step kept = step;  // a copy: what nobody else can reach stays in registers
    training_.gradients.descriptor->learn(*this, kept, value.share, update);
  } else {
    const OptimizerVariant& rule = *training_.optimizer.descriptor->variants[index_of(*kernels_)];
    const bool single = step.rows() == 1 && value.share == 1.0f && !(update.clip > 0.0f) && !(update.decay > 0.0f);
    const auto change = single ? rule.single : rule.fused;
    step.for_each_gradient(value.share, kBiasesWithWeights,
                           [this, change, &update](const OuterSum& sum, float* w)
                               LINNET_INLINED { change(sum, parameters_at(w), update); });
  }
  commit(corrections);
  return Status::ok;
}

LINNET_STEP Status Trainer::measure(const Batch& batch, float& loss) noexcept {
  Step step(*this, batch);
  LossValue value{};
  const Status status = step.look(batch, value);
  if (status == Status::ok) {
    loss = value.loss;
  }
  return status;
}

// ---- What the user calls.

Status Trainer::step(const Rows& inputs, const Rows& targets) noexcept {
#if LINNET_LAYER_ROWS
  if (Step::takes_row(*this, inputs)) {
    return Step::take_row(*this, inputs, targets);
  }
#endif
  return learn({inputs, targets, {}, false});
}
Status Trainer::step(const Rows& inputs, const Labels& targets) noexcept {
#if LINNET_LAYER_ROWS
  if (Step::takes_row(*this, inputs)) {
    return Step::take_row(*this, inputs, targets);
  }
#endif
  return learn({inputs, {}, targets, true});
}
Status Trainer::evaluate(const Rows& inputs, const Rows& targets, float& loss) noexcept {
  return measure({inputs, targets, {}, false}, loss);
}
Status Trainer::evaluate(const Rows& inputs, const Labels& targets, float& loss) noexcept {
  return measure({inputs, {}, targets, true}, loss);
}

}  // namespace linnet
