// Kept gradients have a buffer of their own: a program can look at them, add to them, clip them. Naming Gradients::kept is what links it.
#include "step/step.hpp"

#include "arithmetic/number.hpp"
#include "tables/tables.hpp"

namespace linnet {

const KeptKernels& kept_kernels_of(const KernelTable& table) noexcept {
  static constexpr const KeptKernels* kTables[] = {LINNET_TABLES_OF(kept)};
  return *kTables[index_of(table)];
}

struct KeptGradients {
  static float* of(const TrainerData& trainer) {
    const std::size_t frozen = trainer.network.frozen_layers();
    return trainer.memory + layout::trainer_layout(trainer.network.topology(), trainer.config, frozen).kept_gradients;
  }

  static void collect(const Step& step, bool add) {
    TrainerData& trainer = step.trainer;
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels);
    float* gradients = of(trainer);
    const float* first = trainer.network.inside().trainable;
    step.for_each_gradient(false, [add, &kernels, gradients, first](const OuterSum& sum, const float* w) {
      (add ? kernels.add : kernels.keep)(sum, gradients + (w - first));
    });
    trainer.gradients_seen = true;
  }

  // The sum of the squares of `factor` times them, per weight matrix and bias vector, in order of the layout.
  static float sum_of_squares(const TrainerData& trainer, float factor) {
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels);
    const TopologyView topology = trainer.network.topology();
    const float* gradients = of(trainer);
    float sum = 0.0f;
    for (std::size_t l = trainer.network.frozen_layers(); l < topology.layer_count; ++l) {
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
  static float factor_for(const TrainerData& trainer, float most) {
    float factor = 1.0f;
    float sum = sum_of_squares(trainer, factor);
    if (!(sum < 0x1p96f)) {
      factor = 0x1p-80f;
      sum = sum_of_squares(trainer, factor);
    }
    return divide(most, square_root(sum) + 1e-6f * factor) * factor;
  }

  // Scales and clips them.
  static void finish(const TrainerData& trainer, float factor) {
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels);
    const TrainerConfig& config = trainer.config;
    float* gradients = of(trainer);
    const std::size_t n = trainer.network.trainable().size();
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
  static void apply(const TrainerData& trainer, const Update& update) {
    const std::size_t n = trainer.network.trainable().size();
    trainer.config.optimizer.descriptor->variants[index_of(*trainer.kernels)]->fused(
        {&kOne, of(trainer), 0, 1, n, 1, 1.0f}, trainer.network.inside().trainable, trainer.state, update);
  }

  static const float* complete(Step& step) {
    collect(step, false);
    step.trainer.accumulating = false;
    finish(step.trainer, 1.0f);
    return of(step.trainer);
  }

  static void learn(TrainerData& trainer, const float* inputs, std::size_t rows, float share, const Update& update) {
    Step step(trainer, inputs, rows, share);
    complete(step);
    apply(trainer, update);
  }
};

constexpr GradientsDescriptor descriptor::kept_gradients = {KeptGradients::learn, KeptGradients::complete};

Status collect(TrainerData& trainer, const Batch& batch) noexcept {
  if (trainer.kernels == nullptr) {
    return Status::not_bound;
  }
  if (!trainer.config.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  Step step(trainer, batch.inputs.data(), batch.inputs.count());
  if (const Status status = run_back(step, batch); status != Status::ok) {
    return status;
  }
  float already = 0.0f;
  if (trainer.accumulating) {
    already =
        float_of(largest_magnitude(*trainer.kernels, KeptGradients::of(trainer), trainer.network.trainable().size()));
  }
  if (!(already + step.bound < kMaxSum)) {
    return Status::diverged;
  }
  KeptGradients::collect(step, trainer.accumulating);
  trainer.loss = step.loss;
  trainer.accumulating = true;
  return Status::ok;
}

Status Trainer::accumulate(const ConstRows& inputs, const ConstRows& targets) noexcept {
  return collect(data_, {inputs, targets, {}, Goals::targets});
}
Status Trainer::accumulate(const ConstRows& inputs, const Labels& targets) noexcept {
  return collect(data_, {inputs, {}, targets, Goals::labels});
}

Status Trainer::accumulate_from(const ConstRows& inputs, const ConstRows& d_outputs, float share) noexcept {
  return collect(data_, {inputs, d_outputs, {}, Goals::d_outputs, share});
}

Status Trainer::apply(float scale) noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  if (!data_.config.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  if (!data_.accumulating) {
    return Status::nothing_accumulated;
  }
  if (!(scale >= 0x1p-24f && scale <= 1.0f)) {
    return Status::bad_share;
  }
  const Span<float> weights = data_.network.trainable();
  // The weights are looked at too: no forward pass has seen them since accumulate().
  if (largest_magnitude(*data_.kernels, weights.data(), weights.size()) >= kInfinityBits) {
    return Status::diverged;
  }
  Step step(data_, nullptr, 0);
  step.bound = scale * float_of(largest_magnitude(*data_.kernels, KeptGradients::of(data_), weights.size()));
  Update update(data_.config, data_.network.inside().trainable_floats);
  if (const Status status = decide(step, update); status != Status::ok) {
    return status;
  }
  KeptGradients::finish(data_, scale);
  KeptGradients::apply(data_, update);
  finish(step, update);
  data_.accumulating = false;
  data_.forwarded = nullptr;  // by weights that have changed
  return Status::ok;
}

Status Trainer::discard() noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  if (!data_.config.gradients.keeps) {
    return Status::gradients_not_kept;
  }
  data_.gradients_seen = false;
  data_.accumulating = false;
  return Status::ok;
}

ConstMatrix Trainer::gradients(std::size_t l) const noexcept {
  const Matrix weights = data_.network.weights(l);
  if (!data_.gradients_seen || weights.size() == 0) {
    return {};
  }
  return {KeptGradients::of(data_) + (weights.data() - data_.network.trainable().data()), weights.rows(),
          weights.columns(), weights.row_stride(), weights.column_stride()};
}

Span<const float> Trainer::bias_gradients(std::size_t l) const noexcept {
  const Span<float> biases = data_.network.biases(l);
  if (!data_.gradients_seen || biases.empty()) {
    return {};
  }
  return {KeptGradients::of(data_) + (biases.data() - data_.network.trainable().data()), biases.size()};
}

}  // namespace linnet
