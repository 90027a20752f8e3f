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
constexpr float kMostGradient = 0x1p48f;
constexpr float kMostSum = 0x1p120f;  // sums of up to kMostFloats rounded terms with this bound are finite

inline constexpr float kOne = 1.0f;

const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept;

// As bits.
inline std::uint32_t largest_magnitude(const KernelTable& kernels, const float* x, std::size_t n) {
  return training_kernels_of(kernels).largest(x, n, kMagnitudeBits);
}

// What a step is asked to learn.
struct Trainer::Batch {
  const Rows& inputs;
  const Rows& targets;
  const Labels& labels;
  bool labelled;

  [[nodiscard]] const void* goals() const noexcept {
    return labelled ? static_cast<const void*>(labels.data()) : static_cast<const void*>(targets.data());
  }
};

struct Trainer::Step {
  Trainer& trainer;
  const float* inputs;  // (rows, inputs)
  std::size_t rows;
  std::uint32_t largest_input = 0;                                     // magnitudes, as bits
  std::uint32_t largest_gradient = 0;                                  // of the last layer's unit gradients
  std::uint32_t largest_rectified[kHasVectors ? kMaxLayers : 1] = {};  // activation, 0 where no product saw it
  float loss = 0.0f, share = 0.0f;                                     // the mean over the batch, and LossJob::share
  float bound = 0.0f;  // no weight or bias gradient is larger; not finite when one may not be

  Step(Trainer& of, const Rows& batch) noexcept : trainer(of), inputs(batch.data()), rows(batch.count()) {}

  // ---- The boxes. Without ok nothing but workspace has been written.
  Status check(const Batch& batch) noexcept;
  Status forward() noexcept;
  Status lose(const Batch& batch) noexcept;
  void backward() noexcept;
  // `update` becomes complete, and ok means that nothing stops the step.
  Status decide(Update& update) noexcept;
  void update_parameters(const Update& update) noexcept;

  // The first four, for those who do not make a step with it at once.
  Status measure(const Batch& batch) noexcept;
  // What follows every change of the parameters.
  void finish(const Update& update) noexcept;

  // ---- What the stages say.
  [[nodiscard]] const Stage* first_stage() const noexcept { return trainer.stages_; }
  [[nodiscard]] const Stage* trainable_stage() const noexcept { return trainer.stages_ + frozen_layers(); }
  [[nodiscard]] const Stage* last_stage() const noexcept { return trainer.stages_ + trainer.network_.layer_count_ - 1; }
  [[nodiscard]] std::size_t frozen_layers() const noexcept { return trainer.network_.frozen_layers_; }
  [[nodiscard]] bool is_frozen(const Stage* s) const noexcept { return s < trainable_stage(); }
  [[nodiscard]] const Layer& layer(const Stage* s) const noexcept {
    return trainer.network_.layers_[s - trainer.stages_];
  }
  [[nodiscard]] static float* trainable_weights(const Stage* s) noexcept { return const_cast<float*>(s->weights); }
  [[nodiscard]] static bool transposed(const Stage* s, const Layer& layer) noexcept {
    return layout::stored_by_unit(s->inputs, layer.units);
  }
  [[nodiscard]] const float* x(const Stage* s) const noexcept {  // (rows, inputs)
    return s == first_stage() ? inputs : s[-1].activations;
  }
  [[nodiscard]] const ActivationVariant& activation(const Layer& layer) const noexcept {
    return *layer.activation.descriptor->variants[index_of(*trainer.kernels_)];
  }
  // Z = X W + b
  [[nodiscard]] Product pre_activations(const Stage* s) const noexcept {
    const Layer& of = layer(s);
    const float* w = s->weights;
    return {x(s), w, of.bias ? w + s->inputs * of.units : nullptr, s->activations, rows, s->inputs, of.units};
  }
  // Whether the product of the layer rectifies, and the one above it reads the derivative from the activations.
  [[nodiscard]] bool rectified_in_product(const Stage* s) const noexcept {
    return kHasVectors && trainer.kernels_->index > 0 && rows > 1 && !is_frozen(s) && s != last_stage() &&
           layer(s).activation.descriptor->id == ActivationId::relu;
  }

  // visit(gradient, its parameters), from the lowest trainable layer to the last; the biases of a layer with its weights
  // (OuterSum::biases) or by themselves.
  template <class Visit>
  void for_each_gradient(bool with_biases, Visit visit) const noexcept;

 private:
  [[nodiscard]] bool one_row() const noexcept { return kHasVectors && rows == 1 && trainer.kernels_->index > 0; }
  bool forward(const Stage* s, bool activates) noexcept;
  [[nodiscard]] std::uint32_t most_input(const Stage* s) const noexcept;
  std::uint32_t backward(const Stage* s) noexcept;
  [[nodiscard]] float clipped_bound() const noexcept;
  void update_row(const OptimizerVariant& rule, const Update& update) const noexcept;
};

// The gradients of a layer's weights, as they are stored, and of its biases.
[[gnu::always_inline]] inline OuterSum weight_gradient(const Trainer::Step& step, const Stage* s) noexcept {
  const Layer& layer = step.layer(s);
  const float* d = s->unit_gradients;
  const float* x = step.x(s);
  const std::size_t inputs = s->inputs;
  return Trainer::Step::transposed(s, layer) ? OuterSum{d, x, layer.units, step.rows, inputs, layer.units, step.share}
                                             : OuterSum{x, d, inputs, step.rows, layer.units, inputs, step.share};
}

template <class Visit>
[[gnu::always_inline]] inline void Trainer::Step::for_each_gradient(bool with_biases, Visit visit) const noexcept {
  for (const Stage* s = trainable_stage(); s <= last_stage(); ++s) {
    const Layer& of = layer(s);
    float* parameters = trainable_weights(s);
    OuterSum sum = weight_gradient(*this, s);
    sum.biases = with_biases && of.bias ? s->unit_gradients : nullptr;
    visit(sum, parameters);
    if (of.bias && !with_biases) {
      visit(OuterSum{&kOne, s->unit_gradients, 0, rows, of.units, 1, share}, parameters + s->inputs * of.units);
    }
  }
}

// Where the first slots of the parameters from w on begin; without slots it says nothing.
inline float* Trainer::state_of(const float* w) const noexcept { return state_ + (w - network_.trainable_); }

struct GradientsDescriptor {
  // Completes the kept gradients of a batch that went forward and backward, and makes the step with them.
  void (*learn)(Trainer::Step& step, const Update& update);
  // Completes and clips them; returns them, in the order of the trainable parameters.
  const float* (*complete)(Trainer::Step& step);
};

}  // namespace linnet
