// What the parts of Trainer share: trainer.cpp (a step), trainer_kept.cpp (kept gradients), trainer_setup.cpp (binding,
// saving, restoring).
#pragma once

#include <linnet/trainer.hpp>

#include "kernels/fused.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "walk.hpp"

namespace linnet {

constexpr float kMostGradient = 0x1p48f;  // its square, summed over kMostFloats parameters, is finite
constexpr float kMostReach = 0x1p100f;    // added to any finite weight it rounds to a finite weight

inline constexpr float kOne = 1.0f;

const TrainingKernels& training_kernels_of(const KernelTable& table) noexcept;
const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept;

inline float largest_of(const KernelTable& kernels, const float* x, std::size_t n) {
  return float_of(kernels.largest(x, n, kMagnitudeBits));
}

// What a step is asked to learn. Who takes one is inlined, so that with labels no code for rows of targets is left, and
// the other way round.
struct Trainer::Batch {
  const Rows& inputs;
  const Rows& targets;
  const Labels& labels;
  bool labelled;

  [[nodiscard]] const void* goals() const noexcept {
    return labelled ? static_cast<const void*>(labels.data()) : static_cast<const void*>(targets.data());
  }
};

// A walk with the workspace of the trainable layers.
struct Trainer::Step : Walk {
  const Trainer& trainer;
  const float* batch;                      // (batch, inputs) of the network
  std::size_t count;                       // its rows
  float* a;                                // (batch, units): pre-activations, then activations
  float* d;                                // (batch, units): the activation's derivatives, then unit gradients
  std::uint32_t largest_input = kOneBits;  // a magnitude, as bits, and what the biases see
  float bound = 0.0f;  // every weight and bias gradient is smaller, or kMostGradient when one may not be finite

  LINNET_STEP Step(const Trainer& of, const Batch& on) noexcept
      : Walk(of.network_),
        trainer(of),
        batch(on.inputs.data()),
        count(on.inputs.count()),
        a(of.activations_),
        d(of.unit_gradients_) {}

  [[nodiscard]] LINNET_STEP std::size_t rows() const noexcept { return count; }
  [[nodiscard]] LINNET_STEP std::size_t floats() const noexcept { return trainer.training_.max_batch * units(); }
  [[nodiscard]] LINNET_STEP float* frozen_activations(std::size_t of_layer) const noexcept {
    return trainer.frozen_activations(of_layer);
  }
  [[nodiscard]] const float* x() const noexcept;  // (batch, inputs)
  void up() noexcept;
  void down() noexcept;

  // Whether d has no derivatives of this layer: the product above reads them from a.
  [[nodiscard]] LINNET_STEP bool rectified_in_product() const noexcept {
    return kRectifiesInProducts && trainer.kernels_->index > 0 && !frozen() && !at_last() && !stored_by_unit() &&
           layer->activation.descriptor->id == ActivationId::relu;
  }

#if LINNET_LAYER_ROWS
  // Trainer::step() of a single row on vectors (trainer_row.cpp), and whether that is one.
  static Status take_row(Trainer& trainer, const Rows& inputs, const Rows& targets) noexcept;
  static Status take_row(Trainer& trainer, const Rows& inputs, const Labels& targets) noexcept;
  [[nodiscard]] LINNET_STEP static bool takes_row(const Trainer& trainer, const Rows& inputs) noexcept {
    return inputs.count() == 1 && trainer.kernels_ != nullptr && trainer.kernels_->index > 0 &&
           !trainer.training_.gradients.keeps;
  }
  struct Row;
#endif

  Status look(const Batch& on, LossValue& value) noexcept;
  bool forward() noexcept;
  void backward(float share) noexcept;
  [[nodiscard]] std::uint32_t largest_term(std::uint32_t largest_d) const noexcept;

  // visit(gradient, its parameters), from the lowest trainable layer to the last; the biases of a layer with its weights
  // (OuterSum::biases) or by themselves.
  template <class Visit>
  LINNET_STEP void for_each_gradient(float share, bool with_biases, Visit visit) noexcept {
    OuterSum sum;
    sum.batch = rows();
    sum.share = share;
    for (;; up()) {
      float* parameters = trainable_parameters();
      const float* input = x();
      const bool by_unit = stored_by_unit();
      sum.p = by_unit ? d : input;
      sum.q = by_unit ? input : d;
      sum.rows = by_unit ? units() : inputs;
      sum.columns = by_unit ? inputs : units();
      sum.p_stride = sum.rows;
      sum.biases = with_biases && layer->bias ? d : nullptr;
      visit(sum, parameters);
      if (layer->bias && !with_biases) {
        sum.p = &kOne;
        sum.q = d;
        sum.p_stride = 0;
        sum.columns = units();
        sum.rows = 1;
        visit(sum, parameters + inputs * units());
      }
      if (at_last()) {
        return;
      }
    }
  }
};

// ---- Where things are.

LINNET_STEP const float* Trainer::Step::x() const noexcept {
  if (l == 0) {
    return batch;
  }
  return l <= network.frozen_layers() ? frozen_activations(l - 1) : a - trainer.training_.max_batch * inputs;
}

LINNET_STEP void Trainer::Step::up() noexcept {
  if (!frozen()) {
    a += floats();
    d += floats();
  }
  Walk::up();
}

LINNET_STEP void Trainer::Step::down() noexcept {
  Walk::down();
  a -= floats();
  d -= floats();
}

// From the first layer to the last; false when a pre-activation or an activation is not finite.
LINNET_STEP bool Trainer::Step::forward() noexcept {
  const KernelTable& kernels = *trainer.kernels_;
  const float* input = batch;
  for (;; up()) {
    float* z = frozen() ? frozen_activations(l) : a;
    if (rectified_in_product()) {
      const Product product{input, weights, biases(), z, Finish::rectified, rows(), inputs, units()};
      if (kernels.multiply(product) >= kInfinityBits) {
        return false;
      }
      input = z;
      continue;
    }
    pre_activations(kernels, input, rows(), z);
    if (at_last() && trainer.training_.loss.descriptor->from_pre_activation) {
      return true;  // the loss looks at its pre-activations itself
    }
    const ActivationVariant& f = activation(kernels);
    const float parameter = layer->activation.parameter;
    if (!(frozen() ? f.apply(z, rows(), units(), parameter) : f.forward(z, d, rows() * units(), parameter))) {
      return false;
    }
    if (at_last()) {
      return true;
    }
    input = z;
  }
}

// ---- What a batch must be.

LINNET_STEP Status Trainer::check_batch(const Batch& batch, std::uint32_t& largest_input) const noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  const TopologyView topology = network_.topology();
  const Rows& inputs = batch.inputs;
  const std::size_t goals = batch.labelled ? batch.labels.size() : batch.targets.count();
  if (inputs.data() == nullptr || batch.goals() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || inputs.count() > training_.max_batch || goals != inputs.count() || !countable(inputs) ||
      !countable(batch.targets)) {
    return Status::bad_batch;
  }
  if (inputs.columns() != topology.inputs || (!batch.labelled && batch.targets.columns() != topology.outputs())) {
    return Status::bad_columns;
  }
  if (batch.labelled) {
    if (!training_.loss.descriptor->takes_labels) {
      return Status::bad_label;
    }
    for (const std::uint16_t label : batch.labels) {
      if (label >= topology.outputs()) {
        return Status::bad_label;
      }
    }
  }
  const std::uint32_t largest = kernels_->largest(inputs.data(), inputs.count() * inputs.columns(), kMagnitudeBits);
  if (largest >= kInfinityBits) {
    return Status::bad_input;
  }
  largest_input = largest > largest_input ? largest : largest_input;
  return batch.labelled ? Status::ok : check_targets(batch.targets);
}

// The batch is sound and every pre-activation and the loss are finite, or why not.
LINNET_STEP Status Trainer::Step::look(const Batch& on, LossValue& value) noexcept {
  if (const Status status = trainer.check_batch(on, largest_input); status != Status::ok) {
    return status;
  }
  if (!forward()) {
    return Status::diverged;
  }
  const Loss& how = trainer.training_.loss;
  const LossJob job{a,
                    on.labelled ? nullptr : on.targets.data(),
                    on.labelled ? on.labels.data() : nullptr,
                    how.class_weights.data(),
                    how.delta,
                    how.label_smoothing,
                    d,
                    rows(),
                    units()};
  value = how.descriptor->variants[index_of(*trainer.kernels_)]->run(job);
  return (bits_of(value.loss) & kMagnitudeBits) < kInfinityBits ? Status::ok : Status::diverged;
}

// An upper bound, as bits, for the terms that make this layer's weight and bias gradients, from the largest unit
// gradient; NaN > Inf > all else.
LINNET_STEP std::uint32_t Trainer::Step::largest_term(std::uint32_t largest_d) const noexcept {
  std::uint32_t input = kOneBits;
  if (l == 0) {
    input = largest_input;
  } else if (!layer[-1].activation.descriptor->within_one) {
    const std::uint32_t largest = trainer.kernels_->largest(x(), rows() * inputs, kMagnitudeBits);
    input = largest > input ? largest : input;
  }
  return bits_of(float_of(input) * float_of(largest_d));
}

// From the last layer down to the lowest trainable one: d_a = d_z W^T, times the derivative of a.
LINNET_STEP void Trainer::Step::backward(float share) noexcept {
  const KernelTable& kernels = *trainer.kernels_;
  std::uint32_t largest_d = kernels.largest(d, rows() * units(), kMagnitudeBits);
  std::uint32_t largest = 0;
  for (;;) {
    const std::uint32_t term = largest_term(largest_d);
    largest = term > largest ? term : largest;
    if (l == network.frozen_layers()) {
      break;
    }
    float* input_gradient = d - trainer.training_.max_batch * inputs;
    const Product product{d, weights, nullptr, input_gradient, Finish::times_c, rows(), units(), inputs};
    const auto multiply = stored_by_unit() ? kernels.multiply : training_kernels_of(kernels).multiply_transposed;
    down();
    largest_d = rectified_in_product() ? multiply(GatedProduct(product, a)) : multiply(product);
  }
  const float sum = static_cast<float>(rows()) * float_of(largest);
  bound = sum < kMostReach && sum * share < kMostGradient ? sum * share : kMostGradient;
}

// ---- The decision.

// Completes the constants of the next step; ok when gradients up to `bound` leave weights and state finite.
LINNET_STEP Status Trainer::plan_update(float bound, Update& update, float corrections[2]) const noexcept {
  const Optimizer& optimizer = training_.optimizer;
  const OptimizerDescriptor& descriptor = *optimizer.descriptor;
  corrections[0] = corrections_[0];
  corrections[1] = corrections_[1];
  descriptor.prepare(optimizer, corrections, update);
  float state[2] = {};
  if (update.decay > 0.0f || descriptor.slots > 0) {
    const std::size_t n = network_.trainable().size();
    if (update.decay > 0.0f) {
      bound += update.decay * largest_of(*kernels_, network_.trainable_, n);
    }
    for (std::size_t s = 0; s < descriptor.slots; ++s) {
      const std::uint32_t mask = descriptor.state_signed[s] ? kMagnitudeBits : kAllBits;
      const std::uint32_t bits = kernels_->largest(memory_ + s * n, n, mask);
      if (bits >= kInfinityBits) {  // not finite, or negative where it cannot be
        return Status::diverged;
      }
      state[s] = float_of(bits);
    }
  }
  return bound < kMostGradient && descriptor.reach(update, bound, state[0], state[1]) < kMostReach ? Status::ok
                                                                                                   : Status::diverged;
}

struct GradientsDescriptor {
  // Completes the kept gradients and makes the step with them.
  void (*learn)(Trainer& trainer, Trainer::Step& step, float share, const Update& update);
  // Completes and clips them; returns them, in the order of the trainable parameters.
  const float* (*complete)(Trainer& trainer, Trainer::Step& step, float share, const Update& update);
};

}  // namespace linnet
