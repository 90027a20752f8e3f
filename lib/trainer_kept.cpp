// Kept gradients: in a buffer of their own, to be seen, accumulated, clipped. Naming Gradients::kept is what links it.
#include "trainer.hpp"

#include "kernels/number.hpp"
#include "kernels/tables.hpp"

namespace linnet {

const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept {
  static constexpr const KeptKernels* kTables[] = {LINNET_TABLES_OF(kept)};
  return *kTables[index_of(table)];
}

struct KeptGradients {
  static float* of(const Trainer& trainer) {
    const std::size_t frozen = trainer.network_.frozen_layers();
    return trainer.memory_ +
           layout::trainer_layout(trainer.network_.topology(), trainer.training_, frozen).kept_gradients;
  }

  static void collect(Trainer& trainer, Trainer::Step& step, bool add) {
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels_);
    float* gradients = of(trainer);
    const float* first = trainer.network_.trainable_;
    step.for_each_gradient(false, [add, &kernels, gradients, first](const OuterSum& sum, const float* w) {
      (add ? kernels.add : kernels.keep)(sum, gradients + (w - first));
    });
    trainer.gradients_seen_ = true;
  }

  // Scales and clips them.
  static void finish(const Trainer& trainer, float factor, const Update& update) {
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels_);
    float* gradients = of(trainer);
    const std::size_t n = trainer.network_.trainable().size();
    if (factor != 1.0f) {
      kernels.scale(gradients, n, factor);
    }
    if (update.clip > 0.0f) {
      kernels.clip(gradients, n, update.clip);
    }
    const float clip_norm = trainer.training_.clip_norm;
    if (clip_norm > 0.0f) {  // min(1, clip_norm / (norm + 1e-6)), as PyTorch's clip_grad_norm_
      const float clip_factor = divide(clip_norm, square_root(kernels.sum_of_squares(gradients, n)) + 1e-6f);
      if (clip_factor < 1.0f) {
        kernels.scale(gradients, n, clip_factor);
      }
    }
  }

  // The gradients as an outer product with 1; clipping them again changes nothing.
  static void apply(const Trainer& trainer, const Update& update) {
    const std::size_t n = trainer.network_.trainable().size();
    trainer.training_.optimizer.descriptor->variants[index_of(*trainer.kernels_)]->fused(
        {&kOne, of(trainer), 0, 1, n, 1, 1.0f}, trainer.network_.trainable_, trainer.state_, update);
  }

  static const float* complete(Trainer& trainer, Trainer::Step& step, const Update& update) {
    collect(trainer, step, false);
    trainer.accumulating_ = false;
    finish(trainer, 1.0f, update);
    return of(trainer);
  }

  static void learn(Trainer& trainer, const Rows& inputs, float share, const Update& update) {
    Trainer::Step step(trainer, inputs);
    while (step.frozen()) {
      step.up();
    }
    step.share = share;
    complete(trainer, step, update);
    apply(trainer, update);
  }
};

constexpr GradientsDescriptor descriptor::kept_gradients = {KeptGradients::learn, KeptGradients::complete};

Status Trainer::accumulate(const Rows& inputs, const Rows& targets) noexcept {
  return collect({inputs, targets, {}, false});
}
Status Trainer::accumulate(const Rows& inputs, const Labels& targets) noexcept {
  return collect({inputs, {}, targets, true});
}

Status Trainer::collect(const Batch& batch) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!training_.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  Step step(*this, batch.inputs);
  if (const Status status = step.look(batch); status != Status::ok) {
    return status;
  }
  step.backward();
  float already = 0.0f;
  if (accumulating_) {
    already = float_of(largest_magnitude(*kernels_, KeptGradients::of(*this), network_.trainable().size()));
  }
  if (!(already + step.bound < kMostGradient)) {
    return Status::diverged;
  }
  KeptGradients::collect(*this, step, accumulating_);
  loss_ = step.loss;
  accumulating_ = true;
  return Status::ok;
}

Status Trainer::apply(float scale) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!training_.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  if (!accumulating_ || !(scale >= 0x1p-24f && scale <= 1.0f)) {
    return Status::bad_argument;
  }
  const Span<float> weights = network_.trainable();
  // The weights are looked at too: no forward pass has seen them since accumulate().
  if (largest_magnitude(*kernels_, weights.data(), weights.size()) >= kInfinityBits) {
    return Status::diverged;
  }
  const float bound = float_of(largest_magnitude(*kernels_, KeptGradients::of(*this), weights.size()));
  Update update(training_, network_.trainable_floats_);
  if (const Status status = plan_update(bound, update); status != Status::ok) {
    return status;
  }
  ++steps_;
  KeptGradients::finish(*this, scale, update);
  KeptGradients::apply(*this, update);
  accumulating_ = false;
  return Status::ok;
}

Status Trainer::discard() noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!training_.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  gradients_seen_ = false;
  accumulating_ = false;
  return Status::ok;
}

ConstMatrix Trainer::gradients(std::size_t l) const noexcept {
  const Matrix weights = network_.weights(l);
  if (!gradients_seen_ || weights.size() == 0) {
    return {};
  }
  return {KeptGradients::of(*this) + (weights.data() - network_.trainable().data()), weights.rows(), weights.columns(),
          weights.row_stride(), weights.column_stride()};
}

Span<const float> Trainer::bias_gradients(std::size_t l) const noexcept {
  const Span<float> biases = network_.biases(l);
  if (!gradients_seen_ || biases.empty()) {
    return {};
  }
  return {KeptGradients::of(*this) + (biases.data() - network_.trainable().data()), biases.size()};
}

}  // namespace linnet
