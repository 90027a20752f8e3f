// Kept gradients: in a buffer of their own, to be seen, accumulated, clipped. Naming Gradients::kept is what links it.
#include "step/step.hpp"

#include "arithmetic/number.hpp"
#include "tables/tables.hpp"

namespace linnet {

const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept {
  static constexpr const KeptKernels* kTables[] = {LINNET_TABLES_OF(kept)};
  return *kTables[index_of(table)];
}

struct KeptGradients {
  static float* of(const Trainer& trainer) {
    const std::size_t frozen = trainer.network_.frozen_layers();
    return trainer.memory_ +
           layout::trainer_layout(trainer.network_.topology(), trainer.config_, frozen).kept_gradients;
  }

  static void collect(const Trainer::Step& step, bool add) {
    Trainer& trainer = step.trainer;
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels_);
    float* gradients = of(trainer);
    const float* first = trainer.network_.trainable_;
    step.for_each_gradient(false, [add, &kernels, gradients, first](const OuterSum& sum, const float* w) {
      (add ? kernels.add : kernels.keep)(sum, gradients + (w - first));
    });
    trainer.gradients_seen_ = true;
  }

  // The sum of the squares of `factor` times them, per weight matrix and bias vector, in order of the layout.
  static float sum_of_squares(const Trainer& trainer, float factor) {
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels_);
    const TopologyView topology = trainer.network_.topology();
    const float* gradients = of(trainer);
    float sum = 0.0f;
    for (std::size_t l = trainer.network_.frozen_layers(); l < topology.layer_count; ++l) {
      const Layer& layer = topology.layers[l];
      const std::size_t weights = topology.inputs_of(l) * layer.units;
      sum += kernels.sum_of_squares(gradients, weights, factor);
      gradients += weights;
      if (layer.bias) {
        sum += kernels.sum_of_squares(gradients, layer.units, factor);
        gradients += layer.units;
      }
    }
    return sum;
  }

  // What makes their norm at most `most`: most / (norm + 1e-6), as PyTorch's clip_grad_norm_. A norm from 2^48 on is
  // taken of smaller numbers, by a power of two, whose squares do not overflow.
  static float factor_for(const Trainer& trainer, float most) {
    float factor = 1.0f;
    float sum = sum_of_squares(trainer, factor);
    if (!(sum < 0x1p96f)) {
      factor = 0x1p-80f;
      sum = sum_of_squares(trainer, factor);
    }
    return divide(most, square_root(sum) + 1e-6f * factor) * factor;
  }

  // Scales and clips them.
  static void finish(const Trainer& trainer, float factor) {
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels_);
    const TrainerConfig& config = trainer.config_;
    float* gradients = of(trainer);
    const std::size_t n = trainer.network_.trainable().size();
    if (factor != 1.0f) {
      kernels.scale(gradients, n, factor);
    }
    if (config.clip_value > 0.0f) {
      kernels.clip(gradients, n, config.clip_value);
    }
    if (config.clip_norm > 0.0f) {
      const float clip_factor = factor_for(trainer, config.clip_norm);
      if (clip_factor < 1.0f) {
        kernels.scale(gradients, n, clip_factor);
      }
    }
  }

  // The gradients as an outer product with 1.
  static void apply(const Trainer& trainer, const Update& update) {
    const std::size_t n = trainer.network_.trainable().size();
    trainer.config_.optimizer.descriptor->variants[index_of(*trainer.kernels_)]->fused(
        {&kOne, of(trainer), 0, 1, n, 1, 1.0f}, trainer.network_.trainable_, trainer.state_, update);
  }

  static const float* complete(Trainer::Step& step) {
    collect(step, false);
    step.trainer.accumulating_ = false;
    finish(step.trainer, 1.0f);
    return of(step.trainer);
  }

  static void learn(Trainer& trainer, const float* inputs, std::size_t rows, float share, const Update& update) {
    Trainer::Step step(trainer, inputs, rows, share);
    complete(step);
    apply(trainer, update);
  }
};

constexpr GradientsDescriptor descriptor::kept_gradients = {KeptGradients::learn, KeptGradients::complete};

Status Trainer::accumulate(const ConstRows& inputs, const ConstRows& targets) noexcept {
  return collect({inputs, targets, {}, Goals::targets});
}
Status Trainer::accumulate(const ConstRows& inputs, const Labels& targets) noexcept {
  return collect({inputs, {}, targets, Goals::labels});
}

Status Trainer::accumulate_from(const ConstRows& inputs, const ConstRows& d_outputs, float share) noexcept {
  return collect({inputs, d_outputs, {}, Goals::d_outputs, share});
}

Status Trainer::collect(const Batch& batch) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!config_.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  Step step(*this, batch.inputs.data(), batch.inputs.count());
  if (const Status status = run_back(step, batch); status != Status::ok) {
    return status;
  }
  float already = 0.0f;
  if (accumulating_) {
    already = float_of(largest_magnitude(*kernels_, KeptGradients::of(*this), network_.trainable().size()));
  }
  if (!(already + step.bound < kMaxSum)) {
    return Status::diverged;
  }
  KeptGradients::collect(step, accumulating_);
  loss_ = step.loss;
  accumulating_ = true;
  return Status::ok;
}

Status Trainer::apply(float scale) noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!config_.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  if (!accumulating_) {
    return Status::nothing_accumulated;
  }
  if (!(scale >= 0x1p-24f && scale <= 1.0f)) {
    return Status::bad_share;
  }
  const Span<float> weights = network_.trainable();
  // The weights are looked at too: no forward pass has seen them since accumulate().
  if (largest_magnitude(*kernels_, weights.data(), weights.size()) >= kInfinityBits) {
    return Status::diverged;
  }
  Step step(*this, nullptr, 0);
  step.bound = scale * float_of(largest_magnitude(*kernels_, KeptGradients::of(*this), weights.size()));
  Update update(config_, network_.trainable_floats_);
  if (const Status status = decide(step, update); status != Status::ok) {
    return status;
  }
  KeptGradients::finish(*this, scale);
  KeptGradients::apply(*this, update);
  finish(step, update);
  accumulating_ = false;
  forwarded_ = nullptr;  // by weights that have changed
  return Status::ok;
}

Status Trainer::discard() noexcept {
  if (kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!config_.gradients.keeps) {
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
