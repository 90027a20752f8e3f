// A step's boxes once more, with a look at what they pass over. Trainer::step() knows nothing of it.
#include <linnet/fault.hpp>
#include <linnet/fit.hpp>

#include "arithmetic/number.hpp"
#include "samples.hpp"
#include "step/step.hpp"
#include "weighted_samples.hpp"

namespace linnet {

namespace {

std::size_t first_not_finite(const float* x, std::size_t n) {
  std::size_t k = 0;
  while (k < n && is_finite(x[k])) {
    ++k;
  }
  return k;
}

std::size_t place_of_largest_magnitude(const float* x, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < n; ++k) {
    best = magnitude(x[k]) > magnitude(x[best]) ? k : best;
  }
  return best;
}

// Of a batch that passed the check.
struct Search {
  Trainer& trainer;
  const Batch& batch;
  Fault& fault;
  Step step{trainer.inside(), batch.inputs.data(), batch.inputs.count()};

  [[nodiscard]] std::size_t number_of(const Stage* s) const { return static_cast<std::size_t>(s - step.first_stage()); }

  // What went forward and did not arrive.
  void find_forward() {
    for (const Stage* s = step.first_stage(); s <= step.last; ++s) {
      if (!passes(s)) {
        fault.layer = number_of(s);
        return;
      }
    }
    fault.layer = number_of(step.last);
    for (std::size_t b = 0; b < step.rows && fault.sample == kNowhere; ++b) {
      if (!has_loss(b)) {
        fault.sample = b;
      }
    }
  }

  // One layer; false, and the row, where a number is not finite.
  bool passes(const Stage* s) {
    const KernelTable& kernels = *trainer.inside().kernels;
    const ConstRows x = step.x(s);
    const Layer& layer = *s->layer;
    const std::size_t n = step.rows * layer.units;
    kernels.multiply(Step::pre_activations(s, x), Step::transposed(x, layer));
    std::size_t bad = first_not_finite(s->activations, n);
    if (bad == n && !step.left_to_loss(s)) {
      const ActivationVariant& activation = *layer.activation.descriptor->variants[index_of(kernels)];
      activation.apply(s->activations, n, layer.activation.parameter);
      bad = first_not_finite(s->activations, n);
    }
    if (bad < n) {
      fault.sample = bad / layer.units;
    }
    return bad == n;
  }

  // Whether a row by itself gets through.
  [[nodiscard]] bool has_loss(std::size_t b) const {
    const ConstRows x = batch.inputs.rows(b, 1);
    const bool labelled = batch.goals == Goals::labels;
    const ConstRows t = labelled ? ConstRows() : batch.targets.rows(b, 1);
    const Labels label = labelled ? Labels(batch.labels.data() + b, 1) : Labels();
    Step alone(trainer.inside(), x.data(), 1);
    const float* weight = batch.row_weights != nullptr ? batch.row_weights + b : nullptr;
    return run_back(alone, {x, t, label, batch.goals, 0.0f, weight, batch.weighted_loss}) == Status::ok;
  }

  // What went forward and backward and may not become a step.
  Status find_backward() {
    if (decide(step.bound) == Status::ok) {
      return Status::ok;
    }
    if (decide(0.0f) != Status::ok) {
      find_heavy();
      return Status::diverged;
    }
    const Stage* s = step.last;
    while (s != step.trainable_stage() && decide(bound_of(s)) == Status::ok) {
      --s;
    }
    fault.layer = number_of(s);
    fault.sample = place_of_largest_magnitude(s->unit_gradients, step.rows * s->layer->units) / s->layer->units;
    return Status::diverged;
  }

  // Whether a step with gradients up to `bound` would be made.
  Status decide(float bound) {
    step.bound = bound;
    Update update(trainer.config(), trainer.network().trainable().size());
    return linnet::decide(step, update);
  }

  // No gradient of the layer is larger: as Step::backward() bounds those of all layers.
  [[nodiscard]] float bound_of(const Stage* s) const {
    const ConstRows x = step.x(s);
    const KernelTable& kernels = *trainer.inside().kernels;
    const float input = float_of(largest_magnitude(kernels, x.data(), step.rows * x.columns()));
    const float gradient = float_of(largest_magnitude(kernels, s->unit_gradients, step.rows * s->layer->units));
    const float sums = static_cast<float>(step.rows) * ((input > 1.0f ? input : 1.0f) * gradient);
    return sums < kMaxSum ? sums * step.share : __builtin_inff();
  }

  // The layer whose weights L2 decay makes too large a gradient of.
  void find_heavy() {
    const float decay = trainer.config().optimizer.weight_decay;
    const Network& network = trainer.network();
    const float* end = network.trainable().end();
    for (const Stage* s = step.trainable_stage(); s <= step.last && fault.layer == kNowhere; ++s) {
      const std::size_t n = static_cast<std::size_t>((s == step.last ? end : s[1].weights) - s->weights);
      if (!(decay * float_of(largest_magnitude(*trainer.inside().kernels, s->weights, n)) < kMaxGradient)) {
        fault.layer = number_of(s);
      }
    }
  }
};

Status search(Trainer& trainer, const Batch& batch, Fault& fault) {
  fault = {};
  if (!trainer.bound()) {
    return Status::not_bound;
  }
  Search search{trainer, batch, fault};
  const Status status = run_back(search.step, batch);
  if (status == Status::ok) {
    return search.find_backward();
  }
  if (status == Status::diverged) {
    search.find_forward();
  } else if (status == Status::bad_input || status == Status::bad_target || status == Status::bad_label) {
    const Samples samples =
        batch.goals == Goals::labels ? Samples(batch.inputs, batch.labels) : Samples(batch.inputs, batch.targets);
    static_cast<void>(check_values(samples, {}, wanted_by(trainer), fault));
  }
  return status;
}

}  // namespace

Status find_fault(Trainer& trainer, ConstRows inputs, ConstRows targets, Fault& fault) noexcept {
  const Samples rows = in_rows({inputs, targets}, outputs_of(trainer));
  return search(trainer, {rows.inputs, rows.targets, {}, Goals::targets}, fault);
}
Status find_fault(Trainer& trainer, ConstRows inputs, Labels targets, Fault& fault) noexcept {
  return search(trainer, {inputs, {}, targets, Goals::labels}, fault);
}
Status find_fault(Trainer& trainer, const Samples& batch, Fault& fault) noexcept {
  if (batch.weighting != nullptr && trainer.bound()) {
    fault = {};
    if (const Status status = batch.weighting->check(batch, {}, trainer.config().max_batch, fault);
        status != Status::ok) {
      return status;
    }
  }
  return search(trainer, batch_of(in_rows(batch, outputs_of(trainer))), fault);
}

}  // namespace linnet
