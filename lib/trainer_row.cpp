// A step of a single row where there are vectors: each layer is one call forward, one down and one that changes it.
// What Trainer::Step computes anew on every way is written down on the first.
#include "trainer.hpp"

#if LINNET_HAS_VECTORS

namespace linnet {

// The layers that a row passes, from the first to the last.
struct Trainer::Step::Row {
  struct Visit {
    const float* x;  // (inputs)
    std::size_t inputs;
    const float* weights;
    float* d;  // (units): derivatives, then unit gradients
  };

  Trainer& trainer;
  const KernelTable& kernels;
  const Training& training;
  const Layer* layers;
  std::size_t first, last;          // the trainable ones
  std::uint32_t largest_input = 0;  // a magnitude, as bits
  Visit visits[kMaxLayers];         // left as it is: setting it to zero takes a tenth of a small step

  LINNET_STEP explicit Row(Trainer& of) noexcept
      : trainer(of),
        kernels(*of.kernels_),
        training(of.training_),
        layers(of.network_.topology().layers),
        first(of.network_.frozen_layers()),
        last(of.network_.topology().layer_count - 1) {}

  bool forward(const Batch& on, RowLoss& result) noexcept;
  bool lose(const Batch& on, const Walk& walk, const float* x, float* y, RowLoss& result) const noexcept;
  [[nodiscard]] float loss_of(const RowLoss& result) const noexcept;
  [[nodiscard]] std::uint32_t most_input(std::size_t l) const noexcept;
  [[nodiscard]] float backward(const RowLoss& result) const noexcept;
  void change(const RowLoss& result, const Update& update) const noexcept;
  Status learn(const Batch& on) noexcept;
};

// As Trainer::Step::forward(), and the loss.
LINNET_STEP bool Trainer::Step::Row::forward(const Batch& on, RowLoss& result) noexcept {
  const float* x = on.inputs.data();
  float* gradients = trainer.layers_;
  for (Walk walk(trainer.network_);; walk.up()) {
    Visit& visit = visits[walk.l];
    visit.x = x;
    visit.inputs = walk.inputs;
    visit.weights = walk.weights;
    visit.d = gradients;
    const std::size_t floats = training.max_batch * walk.units();
    if (walk.at_last()) {
      return lose(on, walk, x, gradients + floats, result);
    }
    const bool frozen = walk.frozen();
    float* y = frozen ? trainer.frozen_activations(*walk.layer, walk.l) : gradients + floats;
    if (!walk.pass(kernels, x, y, frozen ? nullptr : gradients)) {
      return false;
    }
    x = y;
    if (!frozen) {
      gradients = y + floats;
    }
  }
}

// The last layer and the loss, in one call where the loss has it.
LINNET_STEP bool Trainer::Step::Row::lose(const Batch& on, const Walk& walk, const float* x, float* y,
                                          RowLoss& result) const noexcept {
  float* gradients = visits[last].d;
  const Loss& how = training.loss;
  const LossVariant& variant = *how.descriptor->variants[index_of(kernels)];
  LossJob job(y, on.labelled ? nullptr : on.targets.data(), on.labelled ? on.labels.data() : nullptr, how, gradients, 1,
              walk.units());
  if (variant.layer != nullptr) {
    variant.layer(x, walk.weights, walk.inputs, walk.layer->bias, job, result);
  } else {
    if (how.descriptor->from_pre_activation) {
      walk.pre_activations(kernels, x, 1, y);
    } else if (!walk.pass(kernels, x, y, gradients)) {
      return false;
    }
    result.score = variant.run(job);
    result.share = job.share;
    result.largest_d = largest_magnitude(kernels, gradients, walk.units());
  }
  return true;
}

LINNET_STEP float Trainer::Step::Row::loss_of(const RowLoss& result) const noexcept {
  const LossVariant& variant = *training.loss.descriptor->variants[index_of(kernels)];
  return variant.value != nullptr ? variant.value(result) : result.score;
}

// As Trainer::Step::most_input(), of layer l.
LINNET_STEP std::uint32_t Trainer::Step::Row::most_input(std::size_t l) const noexcept {
  if (l == 0) {
    return largest_input;
  }
  return layers[l - 1].activation.descriptor->within_one ? kOneBits
                                                         : largest_magnitude(kernels, visits[l].x, visits[l].inputs);
}

// As Trainer::Step::backward(); returns the bound.
LINNET_STEP float Trainer::Step::Row::backward(const RowLoss& result) const noexcept {
  const TrainingKernels& downward = training_kernels_of(kernels);
  std::uint32_t largest = term_bound(most_input(last), result.largest_d);
  for (std::size_t l = last; l > first; --l) {
    const Visit& visit = visits[l];
    const std::uint32_t largest_d =
        downward.row_below(visit.d, visit.weights, visit.inputs, layers[l].units, visits[l - 1].d);
    const std::uint32_t term = term_bound(most_input(l - 1), largest_d);
    largest = term > largest ? term : largest;
  }
  return bound_of(float_of(largest), result.share);
}

LINNET_STEP void Trainer::Step::Row::change(const RowLoss& result, const Update& update) const noexcept {
  const OptimizerVariant& rule = *training.optimizer.descriptor->variants[index_of(kernels)];
  const bool single = takes_gradients_as_they_are(result.share, update);
  for (std::size_t l = first; l <= last; ++l) {
    const Visit& visit = visits[l];
    const Layer& layer = layers[l];
    float* weights = const_cast<float*>(visit.weights);
    float* state = trainer.state_of(weights);
    if (single) {
      rule.layer(visit.x, visit.d, visit.inputs, layer, weights, state, update);
    } else {
      const bool by_unit = layout::stored_by_unit(visit.inputs, layer.units);
      const float* p = by_unit ? visit.d : visit.x;
      const float* q = by_unit ? visit.x : visit.d;
      const std::size_t rows = by_unit ? layer.units : visit.inputs;
      const std::size_t columns = by_unit ? visit.inputs : layer.units;
      rule.fused({p, q, rows, 1, columns, rows, result.share, layer.bias ? visit.d : nullptr}, weights, state, update);
    }
  }
}

// The same decisions as Trainer::learn(); the loss is looked at after the way down.
LINNET_STEP Status Trainer::Step::Row::learn(const Batch& on) noexcept {
  if (const Status status = trainer.check_batch(on, largest_input); status != Status::ok) {
    return status;
  }
  RowLoss result;
  if (!forward(on, result)) {
    return Status::diverged;
  }
  const float most = backward(result);
  const float mean = loss_of(result);
  if ((bits_of(mean) & kMagnitudeBits) >= kInfinityBits) {
    return Status::diverged;
  }
  Update update(training, trainer.network_.trainable().size());
  if (const Status status = trainer.plan_update(most, update); status != Status::ok) {
    return status;
  }
  trainer.loss_ = mean;
  ++trainer.steps_;
  change(result, update);
  trainer.finish_update(update);
  return Status::ok;
}

Status Trainer::Step::take_row(Trainer& trainer, const Rows& inputs, const Rows& targets) noexcept {
  return Row(trainer).learn({inputs, targets, {}, false});
}
Status Trainer::Step::take_row(Trainer& trainer, const Rows& inputs, const Labels& targets) noexcept {
  return Row(trainer).learn({inputs, {}, targets, true});
}

}  // namespace linnet

#endif
