// What trainer.cpp (a step) and trainer_setup.cpp (binding, saving, looking in) share.
#pragma once

#include <linnet/trainer.hpp>

#include "kernels/kernels.hpp"
#include "optimizer/descriptor.hpp"

namespace linnet {

const TrainingKernels& training_kernels_of(const KernelTable& table) noexcept;

// The constants of a step that do not depend on the optimizer's kind.
inline Update basic_update(const Training& training) noexcept {
  const Optimizer& o = training.optimizer;
  Update u{};
  u.rate = o.rate;
  u.decay = o.weight_decay;
  u.clip = training.clip_value;
  u.momentum = o.momentum;
  u.fresh = o.fresh;
  u.smoothing = o.smoothing;
  u.fresh_square = o.fresh_square;
  u.epsilon = o.epsilon;
  u.shrink = o.shrink;
  u.grow = o.grow;
  u.smallest_step = o.smallest_step;
  u.largest_step = o.largest_step;
  return u;
}

// min(1, clip_norm / (norm + 1e-6)), as PyTorch's clip_grad_norm_.
float clip_factor(float clip_norm, float sum_of_squares) noexcept;

}  // namespace linnet
