// A training step is six boxes: check, forward, lose, backward, decide, update (lib/README.md has the drawing). Step holds
// what they hand on. step.cpp has the boxes; kept.cpp and diagnostics.cpp take the first five and look or wait before the
// last.
#pragma once

#include <linnet/trainer.hpp>

#include "activation/descriptor.hpp"
#include "tables/tables.hpp"
#include "arithmetic/unroll.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "step/stage.hpp"

namespace linnet {

// A gradient below this leaves weights and state finite for good, whatever the rule, its constants and the number of steps
// (lib/DESIGN.md). One that is larger is refused, cut or harmless: Steepness.
constexpr float kMaxGradient = 0x1p48f;
constexpr float kMaxSum = 0x1p120f;  // sums of up to kMaxFloats rounded terms with this bound are finite

inline constexpr float kOne = 1.0f;

const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept;

// As bits.
inline std::uint32_t largest_magnitude(const KernelTable& kernels, const float* x, std::size_t n) {
  return training_kernels_of(kernels).largest(x, n, kMagnitudeBits);
}

// What comes with the inputs. With an own loss: where the outputs shall go, then the gradients of the loss by them.
enum class Goals : std::uint8_t { targets, labels, outputs, d_outputs };

// The loss of a batch whose rows have weights, in the place of LossVariant::run(): weighted.cpp.   row_weights: (batch)
using WeightedLoss = float (*)(const LossVariant& loss, LossJob& job, const float* row_weights);

// What a step is asked to learn.
struct Batch {
  const ConstRows& inputs;
  const ConstRows& targets;  // or outputs, or d_outputs
  const Labels& labels;
  Goals goals;
  float share = 0.0f;                    // of d_outputs
  const float* row_weights = nullptr;    // (rows), or null
  WeightedLoss weighted_loss = nullptr;  // with row weights, so that nobody else links it

  [[nodiscard]] bool own() const noexcept { return goals >= Goals::outputs; }
  [[nodiscard]] const void* goal_data() const noexcept {
    return goals == Goals::labels ? static_cast<const void*>(labels.data()) : static_cast<const void*>(targets.data());
  }
};

inline Stage* stages_of(const TrainerData& trainer) { return static_cast<Stage*>(trainer.stages); }

// Where the first slots of the parameters from w on begin; without slots it says nothing.
inline float* state_of(const TrainerData& trainer, const float* w) {
  return trainer.state + (w - trainer.network.inside().trainable);
}

// Of a bound trainer.
struct Step {
  TrainerData& trainer;
  const float* inputs;  // (rows, inputs)
  std::size_t rows;
  float share;                         // LossJob::share
  float loss = 0.0f;                   // the mean over the batch
  float bound = 0.0f;                  // no weight or bias gradient is larger; not finite when one may not be
  std::uint32_t largest_input = 0;     // magnitudes, as bits
  std::uint32_t largest_gradient = 0;  // of the last layer's unit gradients
  std::uint32_t largest_rectified[kHasVectors ? kMaxLayers : 1] = {};  // activation, 0 where no product saw it
  const Stage* const last;

  Step(TrainerData& of, const float* x, std::size_t count, float share_of_sums = 0.0f) noexcept
      : trainer(of),
        inputs(x),
        rows(count),
        share(share_of_sums),
        last(stages_of(trainer) + trainer.network.inside().layer_count - 1) {}

  // ---- The boxes. Without ok nothing but workspace has been written.
  Status check(const Batch& batch) noexcept;
  Status forward() noexcept;
  Status lose(const Batch& batch) noexcept;
  void backward() noexcept;
  // `update` becomes complete, and ok means that nothing stops the step.
  Status decide(Update& update) const noexcept;
  void update_parameters(const Update& update) noexcept;

  // The first four, for those who do not make a step with it at once.
  Status measure(const Batch& batch) noexcept;
  // What follows every change of the parameters.
  void finish(const Update& update) noexcept;

  // ---- What the stages say.
  [[nodiscard]] const Stage* first_stage() const noexcept { return stages_of(trainer); }
  [[nodiscard]] const Stage* trainable_stage() const noexcept { return stages_of(trainer) + frozen_layers(); }
  [[nodiscard]] std::size_t frozen_layers() const noexcept { return trainer.network.inside().frozen_layers; }
  [[nodiscard]] bool is_frozen(const Stage* s) const noexcept { return s < trainable_stage(); }
  [[nodiscard]] static float* trainable_weights(const Stage* s) noexcept { return const_cast<float*>(s->weights); }
  [[nodiscard]] ConstRows activations(const Stage* s) const noexcept { return {s->activations, rows, s->layer->units}; }
  // What the layer reads: (rows, inputs)
  [[nodiscard]] ConstRows x(const Stage* s) const noexcept {
    return s == first_stage() ? ConstRows(inputs, rows, trainer.network.inside().inputs) : activations(s - 1);
  }
  [[nodiscard]] static bool transposed(const ConstRows& x, const Layer& layer) noexcept {
    return layout::stored_by_unit(x.columns(), layer.units);
  }
  // Z = X W + b
  [[nodiscard]] static Product pre_activations(const Stage* s, const ConstRows& x) noexcept {
    const std::size_t units = s->layer->units;
    const float* biases = s->layer->bias ? s->weights + x.columns() * units : nullptr;
    return {x.data(), s->weights, biases, s->activations, x.count(), x.columns(), units};
  }
  // Whether the activation is left to the loss, which looks at pre-activations itself.
  [[nodiscard]] bool left_to_loss(const Stage* s) const noexcept {
    return s == last && trainer.config.loss.descriptor->from_pre_activation;
  }
  // Whether the product of the layer rectifies, and the one above it reads the derivative from the activations.
  [[nodiscard]] bool rectified_in_product(const Stage* s) const noexcept {
    return kHasVectors && trainer.kernels->index > 0 && rows > 1 && !is_frozen(s) && s != last &&
           s->layer->activation.descriptor->id == ActivationId::relu;
  }

  // visit(gradient, its parameters), from the lowest trainable layer to the last; the biases of a layer with its weights
  // (OuterSum::biases) or by themselves.
  template <class Visit>
  void for_each_gradient(bool with_biases, Visit visit) const noexcept;

 private:
  [[nodiscard]] Status check_labels(const Labels& labels) const noexcept;
  [[nodiscard]] Status check_targets(const Batch& batch) const noexcept;
  [[nodiscard]] bool loss_is_own() const noexcept { return trainer.config.loss.descriptor->id == LossId::own; }
  [[nodiscard]] bool one_row() const noexcept { return kHasVectors && rows == 1 && trainer.kernels->index > 0; }
  [[nodiscard]] const ActivationVariant& activation(const Layer& layer) const noexcept {
    return *layer.activation.descriptor->variants[index_of(*trainer.kernels)];
  }
  [[nodiscard]] const LossVariant& loss_variant() const noexcept {
    return *trainer.config.loss.descriptor->variants[index_of(*trainer.kernels)];
  }
  [[nodiscard]] bool loss_takes_layer() const noexcept { return one_row() && loss_variant().layer != nullptr; }
  bool forward(const Stage* s, const ConstRows& x) noexcept;
  [[nodiscard]] std::uint32_t most_input(const Stage* s) const noexcept;
  std::uint32_t backward(const Stage* s) noexcept;
  void update_row(const OptimizerVariant& rule, const Update& update) const noexcept;
};

template <class Visit>
void Step::for_each_gradient(bool with_biases, Visit visit) const noexcept {
  ConstRows below = x(trainable_stage());
  const Stage* const end = last + 1;
  for (const Stage* s = trainable_stage(); s != end; ++s) {
    const Layer& layer = *s->layer;
    const std::size_t n = below.columns();
    const float* d = s->unit_gradients;
    float* w = trainable_weights(s);
    OuterSum sum = transposed(below, layer) ? OuterSum{d, below.data(), layer.units, rows, n, layer.units, share}
                                            : OuterSum{below.data(), d, n, rows, layer.units, n, share};
    sum.biases = with_biases && layer.bias ? d : nullptr;
    visit(sum, w);
    if (layer.bias && !with_biases) {
      // member by member: what stays is not stored again
      sum.p = &kOne;
      sum.q = d;
      sum.p_stride = 0;
      sum.columns = layer.units;
      sum.rows = 1;
      visit(sum, w + n * layer.units);
    }
    below = activations(s);
  }
}

// What those need who look or wait before the change: kept gradients, Diagnostics. The first four boxes, of a bound trainer.
Status run_back(Step& step, const Batch& batch) noexcept;
// `update` becomes complete, and ok means that nothing stops the step.
Status decide(Step& step, Update& update) noexcept;
// The first four boxes, and the gradients kept: added to those that are.
Status collect(TrainerData& trainer, const Batch& batch) noexcept;
// What follows every change of the parameters.
void finish(Step& step, const Update& update) noexcept;

struct GradientsDescriptor {
  // Completes the kept gradients of a batch that went forward and backward, and makes the step with them.
  void (*learn)(TrainerData& trainer, const float* inputs, std::size_t rows, float share, const Update& update);
  // Completes and clips them; returns them, in the order of the trainable parameters.
  const float* (*complete)(Step& step);
};

}  // namespace linnet
