// All boxes of a step, and those that give the loss. Flat where they are called (boxes.hpp says why).
#pragma once

#include "step/boxes.hpp"

namespace linnet {

inline Status measure(TrainerData& trainer, const Batch& batch, float& loss) noexcept {
  if (trainer.kernels == nullptr) {
    return Status::not_bound;
  }
  Step step(trainer, batch.inputs.data(), batch.inputs.count());
  const Status status = step.measure(batch);
  if (status == Status::ok) {
    loss = step.loss;
  }
  return status;
}

inline Status learn(TrainerData& trainer, const Batch& batch) noexcept {
  if (trainer.kernels == nullptr) {
    return Status::not_bound;
  }
  Step step(trainer, batch.inputs.data(), batch.inputs.count());
  if (const Status status = step.measure(batch); status != Status::ok) {
    return status;
  }
  step.backward();
  Update update(trainer.config, trainer.network.inside().trainable_floats);
  if (const Status status = step.decide(update); status != Status::ok) {
    return status;
  }
  trainer.loss = step.loss;
  step.update_parameters(update);
  step.finish(update);
  return Status::ok;
}

}  // namespace linnet
