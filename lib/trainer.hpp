// What the parts of Trainer share: trainer.cpp (a step), trainer_kept.cpp (kept gradients), trainer_setup.cpp (binding,
// saving, restoring).
#pragma once

#include <linnet/trainer.hpp>

#include "kernels/fused.hpp"
#include "kernels/tables.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "walk.hpp"

namespace linnet {

// A gradient below this leaves weights and state finite for good, whatever the rule, its constants and the number of steps
// (lib/README.md). One that is larger is refused, cut or harmless: Steepness.
constexpr float kMostGradient = 0x1p48f;
constexpr float kMostSum = 0x1p120f;  // sums of up to kMostFloats rounded terms with this bound are finite

inline constexpr float kOne = 1.0f;

const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept;

// As bits.
inline std::uint32_t largest_magnitude(const KernelTable& kernels, const float* x, std::size_t n) {
  return training_kernels_of(kernels).largest(x, n, kMagnitudeBits);
}

// An upper bound, as bits, for the terms that make a layer's weight and bias gradients, from its largest input and its
// largest unit gradient; NaN > Inf > all else.
LINNET_STEP std::uint32_t term_bound(std::uint32_t largest_input, std::uint32_t largest_d) noexcept {
  const std::uint32_t input = largest_input > kOneBits ? largest_input : kOneBits;  // the biases see 1
  return bits_of(float_of(input) * float_of(largest_d));
}

// A bound on gradients from one on their sums before the share; infinity or NaN where those may not be finite.
LINNET_STEP float bound_of(float sums, float share) noexcept {
  return sums < kMostSum ? sums * share : sums + __builtin_inff();
}

// Whether the share of a single row, the clip and the decay leave its gradients as they are, for OptimizerVariant::single
// and layer.
LINNET_STEP bool takes_gradients_as_they_are(float share, const Update& update) noexcept {
  return bits_of(share) == kOneBits && update.clip + update.decay == 0.0f;
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
  const Rows& batch;                // (batch, inputs) of the network
  std::size_t count;                // its rows
  float* d;                         // (batch, units): the activation's derivatives, then unit gradients
  std::uint32_t largest_input = 0;  // a magnitude, as bits
#if LINNET_HAS_VECTORS
  std::uint32_t largest_rectified[kMaxLayers] = {};  // activation of each layer, as bits; 0 where no product saw it
#endif
  float loss = 0.0f, share = 0.0f;  // the mean over the batch, and LossJob::share
  float bound = 0.0f;               // no weight or bias gradient is larger; not finite when one may not be

  LINNET_STEP Step(const Trainer& of, const Rows& inputs_of_batch) noexcept
      : Walk(of.network_), trainer(of), batch(inputs_of_batch), count(inputs_of_batch.count()), d(of.layers_) {}

  [[nodiscard]] LINNET_STEP std::size_t rows() const noexcept { return count; }
  [[nodiscard]] LINNET_STEP std::size_t floats() const noexcept { return trainer.training_.max_batch * units(); }
  // (batch, units): pre-activations, then activations
  [[nodiscard]] LINNET_STEP float* a() const noexcept { return d + floats(); }
  [[nodiscard]] const float* x() const noexcept;  // (batch, inputs), of a trainable layer
  void up() noexcept;
  void up_trainable() noexcept;
  void down() noexcept;

#if LINNET_HAS_VECTORS
  // Whether d has no derivatives of this layer: the product above reads them from a.
  [[nodiscard]] LINNET_STEP bool rectified_in_product() const noexcept {
    return trainer.kernels_->index > 0 && !frozen() && !at_last() &&
           layer->activation.descriptor->id == ActivationId::relu;
  }
#endif

#if LINNET_HAS_VECTORS
  // Trainer::step() of a single row on vectors (trainer_row.cpp), and whether that is one.
  static Status take_row(Trainer& trainer, const Rows& inputs, const Rows& targets) noexcept;
  static Status take_row(Trainer& trainer, const Rows& inputs, const Labels& targets) noexcept;
  [[nodiscard]] LINNET_STEP static bool takes_row(const Trainer& trainer, const Rows& inputs) noexcept {
    return inputs.count() == 1 && trainer.kernels_ != nullptr && trainer.kernels_->index > 0 &&
           !trainer.training_.gradients.keeps;
  }
  struct Row;
#endif

  Status look(const Batch& on) noexcept;
  bool forward() noexcept;
  void backward() noexcept;
  [[nodiscard]] std::uint32_t most_input() const noexcept;

  // visit(gradient, its parameters), from the lowest trainable layer to the last; the biases of a layer with its weights
  // (OuterSum::biases) or by themselves.
  template <class Visit>
  LINNET_STEP void for_each_gradient(bool with_biases, Visit visit) noexcept {
    OuterSum sum;
    sum.batch = rows();
    sum.share = share;
    for (bool biases = false;;) {
      float* parameters = trainable_parameters();
      if (biases) {
        sum.p = &kOne;
        sum.q = d;
        sum.rows = 1;
        sum.p_stride = 0;
        sum.columns = units();
        parameters += inputs * units();
      } else {
        const float* input = x();
        const bool by_unit = stored_by_unit();
        sum.p = by_unit ? d : input;
        sum.q = by_unit ? input : d;
        sum.rows = by_unit ? units() : inputs;
        sum.p_stride = sum.rows;
        sum.columns = by_unit ? inputs : units();
      }
      sum.biases = with_biases && layer->bias ? d : nullptr;
      visit(sum, parameters);
      biases = !biases && layer->bias && !with_biases;
      if (!biases) {
        if (at_last()) {
          return;
        }
        up_trainable();
      }
    }
  }
};

// ---- Where things are.

LINNET_STEP const float* Trainer::Step::x() const noexcept {
  return l == 0 ? batch.data() : d - trainer.training_.max_batch * inputs;
}

LINNET_STEP void Trainer::Step::up() noexcept {
  if (frozen()) {
    Walk::up();
  } else {
    up_trainable();
  }
}

LINNET_STEP void Trainer::Step::up_trainable() noexcept {
  d += 2 * floats();
  Walk::up_within();
}

LINNET_STEP void Trainer::Step::down() noexcept {
  Walk::down();
  d -= 2 * floats();
}

// From the first layer to the last; false when a pre-activation or an activation is not finite.
LINNET_STEP bool Trainer::Step::forward() noexcept {
  const float* input = batch.data();
  for (;; up()) {
    const KernelTable& kernels = *trainer.kernels_;
    float* z = frozen() ? trainer.frozen_activations(*layer, l) : a();
#if LINNET_HAS_VECTORS
    if (rectified_in_product()) {
      largest_rectified[l] =
          kernels.rectified({input, weights, biases(), z, rows(), inputs, units()}, stored_by_unit());
      if (largest_rectified[l] >= kInfinityBits) {
        return false;
      }
      input = z;
      continue;
    }
#endif
    pre_activations(kernels, input, rows(), z);
    if (at_last() && trainer.training_.loss.descriptor->from_pre_activation) {
      return true;  // the loss looks at its pre-activations itself
    }
    // The derivatives of a frozen layer are for nobody: the activations are stored behind them, in the same place.
    if (!activation(kernels).forward(z, frozen() ? z : d, rows() * units(), layer->activation.parameter)) {
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
  const Rows& inputs = batch.inputs;
  const std::size_t goals = batch.labelled ? batch.labels.size() : batch.targets.count();
  if (inputs.data() == nullptr || batch.goals() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || inputs.count() > training_.max_batch || goals != inputs.count() || !countable(inputs) ||
      !(batch.labelled || countable(batch.targets))) {
    return Status::bad_batch;
  }
  if (inputs.columns() != network_.inputs_ || (!batch.labelled && batch.targets.columns() != network_.outputs())) {
    return Status::bad_columns;
  }
  if (batch.labelled) {
    if (!training_.loss.descriptor->takes_labels) {
      return Status::bad_label;
    }
    const std::size_t outputs = network_.outputs();
    for (const std::uint16_t label : batch.labels) {
      if (label >= outputs) {
        return Status::bad_label;
      }
    }
  }
  const std::uint32_t largest = largest_magnitude(*kernels_, inputs.data(), inputs.count() * inputs.columns());
  if (largest >= kInfinityBits) {
    return Status::bad_input;
  }
  largest_input = largest;
  return batch.labelled ? Status::ok : check_targets(batch.targets);
}

// The batch is sound and every pre-activation and the loss are finite, or why not.
LINNET_STEP Status Trainer::Step::look(const Batch& on) noexcept {
  if (const Status status = trainer.check_batch(on, largest_input); status != Status::ok) {
    return status;
  }
  if (!forward()) {
    return Status::diverged;
  }
  const Loss& how = trainer.training_.loss;
  LossJob job(a(), on.labelled ? nullptr : on.targets.data(), on.labelled ? on.labels.data() : nullptr, how, d, rows(),
              units());
  loss = how.descriptor->variants[index_of(*trainer.kernels_)]->run(job);
  share = job.share;
  return (bits_of(loss) & kMagnitudeBits) < kInfinityBits ? Status::ok : Status::diverged;
}

// No input of the layer is larger: a magnitude, as bits.
LINNET_STEP std::uint32_t Trainer::Step::most_input() const noexcept {
  if (l == 0) {
    return largest_input;
  }
  if (layer[-1].activation.descriptor->within_one) {
    return kOneBits;
  }
#if LINNET_HAS_VECTORS
  if (largest_rectified[l - 1] != 0) {
    return largest_rectified[l - 1];
  }
#endif
  return largest_magnitude(*trainer.kernels_, x(), rows() * inputs);
}

// From the last layer down to the lowest trainable one: d_a = d_z W^T, times the derivative of a.
LINNET_STEP void Trainer::Step::backward() noexcept {
  const KernelTable& kernels = *trainer.kernels_;
  const TrainingKernels& training = training_kernels_of(kernels);
  std::uint32_t largest_d = largest_magnitude(kernels, d, rows() * units());
  std::uint32_t largest = 0;
  for (;;) {
    const std::uint32_t term = term_bound(most_input(), largest_d);
    largest = term > largest ? term : largest;
    if (l == network.frozen_layers()) {
      break;
    }
    float* input_gradient = d - 2 * trainer.training_.max_batch * inputs;
    const Product product{d, weights, nullptr, input_gradient, rows(), units(), inputs};
    const bool transposed = !stored_by_unit();
    down();
#if LINNET_HAS_VECTORS
    if (rectified_in_product()) {
      largest_d = training.gated_input_gradient(product, a(), transposed);
      continue;
    }
#endif
    largest_d = training.input_gradient(product, transposed);
  }
  bound = bound_of(static_cast<float>(rows()) * float_of(largest), share);
}

// ---- The decision.

// No gradient that the rule gets is larger, when none of the batch is larger than `bound`.
LINNET_STEP float Trainer::clipped_bound(float bound) const noexcept {
  const float value = training_.clip_value;
  const float norm = 1.001f * training_.clip_norm;  // what is rounded on the way to a norm of clip_norm
  bound = value > 0.0f && bound > value ? value : bound;
  return norm > 0.0f && bound > norm ? norm : bound;
}

// Whether a step with gradients up to `bound` leaves weights and state finite; then its constants are complete and nothing
// stops it.
LINNET_STEP Status Trainer::plan_update(float bound, Update& update) noexcept {
  const OptimizerDescriptor& rule = *training_.optimizer.descriptor;
  if (!(bound < kMostSum)) {
    return Status::diverged;
  }
  const bool steep = clipped_bound(bound) >= kMostGradient;
  if (steep && rule.steepness == Steepness::refused) {
    return Status::diverged;
  }
  if (steep && rule.steepness == Steepness::cut) {
    update.clip = kMostGradient;
  }
  if (rule.state != nullptr) {
    rule.state->prepare(*this, update);
  }
  if (update.decay > 0.0f) {
    const float largest = float_of(largest_magnitude(*kernels_, network_.trainable_, network_.trainable_floats_));
    return update.decay * largest < kMostGradient ? Status::ok : Status::diverged;
  }
  return Status::ok;
}

// The step has been made.
LINNET_STEP void Trainer::finish_update(const Update& update) noexcept {
  const StateFunctions* state = training_.optimizer.descriptor->state;
  if (state != nullptr) {
    state->finish(*this, update);
  }
}

// Where the first slots of the parameters from w on begin; without slots it says nothing.
LINNET_STEP float* Trainer::state_of(const float* w) const noexcept { return state_ + (w - network_.trainable_); }

struct GradientsDescriptor {
  // Completes the kept gradients of a batch that went forward and backward, and makes the step with them.
  void (*learn)(Trainer& trainer, const Rows& inputs, float share, const Update& update);
  // Completes and clips them; returns them, in the order of the trainable parameters.
  const float* (*complete)(Trainer& trainer, Trainer::Step& step);
};

}  // namespace linnet
