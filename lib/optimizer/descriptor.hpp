// What the library knows of an optimizer.
#pragma once

#include <cstddef>

#include <linnet/topology.hpp>
#include <linnet/training.hpp>

#include "kernels/apply.hpp"

namespace linnet {

struct TrainerData;

// The numbers of one step, the same for all parameters.
struct Update {
  const Optimizer& optimizer;
  float rate;                      // for Adam divided by 1 - beta_1^t
  float decay;                     // L2, added to the gradient; AdamW: 0
  float clip;                      // > 0: gradients are cut to [-clip, clip] first
  float root_correction = 1.0f;    // 1 / sqrt(1 - beta_2^t)
  float keep = 1.0f;               // AdamW: 1 - rate * decay
  float bias_corrections[2] = {};  // 1 - beta^t of the step
  std::size_t run;                 // floats from a slot of a parameter's state to the next

  Update(const TrainerConfig& config, std::size_t parameters) noexcept
      : optimizer(config.optimizer),
        rate(config.optimizer.learning_rate),
        decay(config.optimizer.weight_decay),
        clip(config.clip_value),
        run(parameters) {}

  template <std::size_t kSlots>
  [[nodiscard, gnu::always_inline]] Parameters from(float* w, float* state) const {
    return {w, {state, kSlots > 1 ? state + run : nullptr, kSlots > 2 ? state + 2 * run : nullptr}};
  }
};

// For the parameters from w on, whose first slots begin at `state`.
struct OptimizerVariant {
  void (*fused)(const OuterSum& gradient, float* w, float* state, const Update& update);
  // The same bits, for all rows and a batch of 1 with a share of 1, without clipping and without decay. With
  // gradient.biases the biases too, which follow the weights.
  void (*single)(const OuterSum& gradient, float* w, float* state, const Update& update);
  // The same for a layer and its biases. Null in the scalar table.  x: (inputs), d: (units)
  void (*layer)(const float* x, const float* d, std::size_t inputs, const Layer& layer, float* w, float* state,
                const Update& update) = nullptr;
};

// What becomes of a gradient whose bound is kMaxGradient or more.
enum class Steepness : std::uint8_t {
  refused,  // the rule takes it as it is: such a step costs the model
  cut,      // the rule divides by what it sums up of its squares: it counts as kMaxGradient
  harmless  // the rule takes its sign
};

// What a trainer does with the state of an optimizer that has any (step/state.cpp): who has none does not link it.
struct StateFunctions {
  void (*start)(TrainerData& trainer);                          // takes it to its start
  void (*prepare)(const TrainerData& trainer, Update& update);  // completes the constants of the next step
  // It was made: numbers that could get subnormal become +0.
  void (*finish)(TrainerData& trainer, const Update& update);
};

// Fields of an Optimizer, as bits in their order from momentum on. A rule knows rate and weight decay, and some of these.
constexpr std::uint32_t kMomentum = 1;
constexpr std::uint32_t kBeta1 = 1 + 2;
constexpr std::uint32_t kBeta2 = 4 + 8;
constexpr std::uint32_t kEpsilon = 16;
constexpr std::uint32_t kRpropSteps = 64 + 128 + 256 + 512;
constexpr std::uint32_t kAllFields = kBeta1 | kBeta2 | kEpsilon | kRpropSteps;

struct OptimizerDescriptor {
  OptimizerId id;
  std::uint8_t slots;
  bool state_signed[3];        // a slot that never goes below zero is checked for that
  bool second_starts_at_rate;  // the second slot starts at the rate instead of zero
  bool fades;                  // the state becomes small where there are no gradients
  Steepness steepness;
  std::uint32_t idle;                         // fields that it does not know
  bool (*sound)(const Optimizer& optimizer);  // the hyper-parameters are in range (rate and weight decay are seen to)
  const OptimizerVariant* variants[kTableCount];
  // Null without state:
  const StateFunctions* state;
  // Advances bias_corrections (1 - beta^t) by one step and completes `update`.
  void (*prepare)(const Optimizer& optimizer, float bias_corrections[2], Update& update);
};

// Whether every number is in range, and what the rule does not know is 0 (step/bind.cpp).
bool sound(const Optimizer& optimizer) noexcept;

extern const StateFunctions kStateFunctions;

}  // namespace linnet
