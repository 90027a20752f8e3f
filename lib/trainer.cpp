#include "trainer.hpp"

namespace linnet {

float* Trainer::frozen_activations(const Layer& layer, std::size_t l) const noexcept {
  if ((network_.frozen_layers() - l) % 2 == 0) {
    return memory_;
  }
  return layers_ - training_.max_batch * layer.units;  // the last one: where x() looks for it
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

LINNET_STEP Status Trainer::learn(const Batch& batch) noexcept {
  Step step(*this, batch.inputs);
  if (const Status status = step.look(batch); status != Status::ok) {
    return status;
  }
  step.backward();
  Update update(training_, network_.trainable_floats_);
  if (const Status status = plan_update(step.bound, update); status != Status::ok) {
    return status;
  }
  loss_ = step.loss;
  ++steps_;
  if (training_.gradients.keeps) {
    training_.gradients.descriptor->learn(*this, batch.inputs, step.share, update);
  } else {
    const OptimizerVariant& rule = *training_.optimizer.descriptor->variants[index_of(*kernels_)];
    const bool single = step.rows() == 1 && takes_gradients_as_they_are(step.share, update);
    const auto change = single ? rule.single : rule.fused;
    step.for_each_gradient(kBiasesWithWeights, [this, change, &update](const OuterSum& sum, float* w)
                                                   LINNET_INLINED { change(sum, w, state_of(w), update); });
  }
  finish_update(update);
  return Status::ok;
}

LINNET_STEP Status Trainer::measure(const Batch& batch, float& loss) noexcept {
  Step step(*this, batch.inputs);
  const Status status = step.look(batch);
  if (status == Status::ok) {
    loss = step.loss;
  }
  return status;
}

// ---- What the user calls.

Status Trainer::step(const Rows& inputs, const Rows& targets) noexcept {
#if LINNET_HAS_VECTORS
  if (Step::takes_row(*this, inputs)) {
    return Step::take_row(*this, inputs, targets);
  }
#endif
  return learn({inputs, targets, {}, false});
}
Status Trainer::step(const Rows& inputs, const Labels& targets) noexcept {
#if LINNET_HAS_VECTORS
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
