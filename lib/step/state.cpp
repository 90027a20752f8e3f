// What trainers do with an optimizer's state. Apart, so that a program whose optimizer has none does not carry it.
#include "arithmetic/number.hpp"
#include "step/step.hpp"

namespace linnet {

struct OptimizerState {
  static void start(TrainerData& trainer) {
    const OptimizerDescriptor& descriptor = *trainer.config.optimizer.descriptor;
    float* state = trainer.state;
    for (std::size_t s = 0; s < descriptor.slots; ++s) {
      const float value = s == 1 && descriptor.second_starts_at_rate ? trainer.config.optimizer.learning_rate : 0.0f;
      for (std::size_t left = trainer.network.trainable().size(); left > 0; --left) {
        *state++ = value;
      }
    }
  }

  static void prepare(const TrainerData& trainer, Update& update) {
    const Optimizer& optimizer = trainer.config.optimizer;
    update.bias_corrections[0] = trainer.corrections[0];
    update.bias_corrections[1] = trainer.corrections[1];
    optimizer.descriptor->prepare(optimizer, update.bias_corrections, update);
  }

  // Without gradients a moment fades and would get subnormal, which processors take 2 to 45 times as long for. After
  // step t, in every slot, the elements of run t mod 64 (of 64 runs of equal length, the last one shorter) whose
  // magnitude is below 2^-100 become +0: a 64th of a pass, the same every step.
  static void fade(const TrainerData& trainer) {
    const OptimizerDescriptor& descriptor = *trainer.config.optimizer.descriptor;
    if (!descriptor.fades) {
      return;
    }
    const std::size_t n = trainer.network.trainable().size();
    const std::size_t run = (n + kFadingRuns - 1) / kFadingRuns;
    const std::size_t first = static_cast<std::size_t>(trainer.steps % kFadingRuns) * run;
    const std::size_t last = first + run < n ? first + run : n;
    for (std::size_t s = 0; s < descriptor.slots; ++s) {
      for (std::size_t k = s * n + first; k < s * n + last; ++k) {
        const std::uint32_t bits = bits_of(trainer.state[k]);
        trainer.state[k] = float_of((bits & kMagnitudeBits) < kFadedBits ? 0u : bits);
      }
    }
  }

  static void finish(TrainerData& trainer, const Update& update) {
    trainer.corrections[0] = update.bias_corrections[0];
    trainer.corrections[1] = update.bias_corrections[1];
    fade(trainer);
  }

 private:
  static constexpr std::size_t kFadingRuns = 64;
  static constexpr std::uint32_t kFadedBits = 0x0d800000u;  // of 2^-100
};

const StateFunctions kStateFunctions = {OptimizerState::start, OptimizerState::prepare, OptimizerState::finish};

}  // namespace linnet
