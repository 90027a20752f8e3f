// What trainers do with an optimizer's state. Apart, so that a program whose optimizer has none does not carry it.
#include "trainer.hpp"

namespace linnet {

struct OptimizerState {
  static void start(Trainer& trainer) {
    const OptimizerDescriptor& descriptor = *trainer.training_.optimizer.descriptor;
    float* state = trainer.state_;
    for (std::size_t s = 0; s < descriptor.slots; ++s) {
      const float value = descriptor.starts_at_rate[s] ? trainer.rate() : 0.0f;
      for (std::size_t left = trainer.network_.trainable().size(); left > 0; --left) {
        *state++ = value;
      }
    }
  }

  static bool plan(Trainer& trainer, float bound, Update& update) {
    const OptimizerDescriptor& descriptor = *trainer.training_.optimizer.descriptor;
    float corrections[2] = {trainer.corrections_[0], trainer.corrections_[1]};
    descriptor.prepare(trainer.training_.optimizer, corrections, update);
    float state[2] = {};
    const std::size_t n = trainer.network_.trainable().size();
    for (std::size_t s = 0; s < descriptor.slots; ++s) {
      const std::uint32_t mask = descriptor.state_signed[s] ? kMagnitudeBits : kAllBits;
      const std::uint32_t bits = training_kernels_of(*trainer.kernels_).largest(trainer.state_ + s * n, n, mask);
      if (bits >= kInfinityBits) {  // not finite, or negative where it cannot be
        return false;
      }
      state[s] = float_of(bits);
    }
    if (!trainer.stays_finite(bound, update, state[0], state[1])) {
      return false;
    }
    trainer.corrections_[0] = corrections[0];  // nothing stops the step from here on
    trainer.corrections_[1] = corrections[1];
    return true;
  }
};

const StateFunctions kStateFunctions = {OptimizerState::start, OptimizerState::plan};

}  // namespace linnet
