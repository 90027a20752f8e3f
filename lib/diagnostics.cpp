// A step (step/whole.hpp) with a look at every layer between the decision and the change: all that Diagnostics show lies in
// the workspace then. The change is made row by row, with the same bits, since outputs do not depend on each other.
#include "inspection.hpp"

#include "arithmetic/number.hpp"
#include "tally.hpp"
#include "weighted_samples.hpp"

namespace linnet {

namespace {

bool is_saturated(ActivationId id, float a, float from) {
  return id == ActivationId::tanh ? magnitude(a) >= from
                                  : id == ActivationId::sigmoid && magnitude(2.0f * a - 1.0f) >= from;
}

}  // namespace

// ---- How far the weights of a layer go.

struct Change {
  double moved = 0.0;  // squares of changes, of weights
  double size = 0.0;

  void add(const float* before, const float* after, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
      const double w = static_cast<double>(before[k]);
      const double step = static_cast<double>(after[k]) - w;
      moved += step * step;
      size += w * w;
    }
  }
  [[nodiscard]] float ratio() const { return moved == 0.0 ? 0.0f : root(moved / size); }
};

// The change of a step in rows of weights, which gives the same bits as all at once.
struct ByRow {
  const TrainerData& trainer;
  const Update& update;
  const float* kept;  // gradients of all trainable parameters, or null

  [[nodiscard]] const float* kept_of(const float* w) const { return kept + (w - trainer.network.trainable().data()); }

  // The gradients of a row as the optimizer gets them; `room` is for those that are not kept.
  const float* gradients(const OuterSum& row, const float* w, float* room) const {
    if (kept != nullptr) {
      return kept_of(w);
    }
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels);
    kernels.keep(row, room);
    if (update.clip > 0.0f) {
      kernels.clip(room, row.columns, update.clip);
    }
    return room;
  }

  void change(const OuterSum& row, float* w) const {
    const OptimizerVariant& rule = *trainer.config.optimizer.descriptor->variants[index_of(*trainer.kernels)];
    rule.fused(kept == nullptr ? row : OuterSum{&kOne, kept_of(w), 0, 1, row.columns, 1, 1.0f}, w, state_of(trainer, w),
               update);
  }
};

// ---- The parts of the memory, and an epoch.

Span<float> DiagnosticsData::peaks() const noexcept {
  const Network& network = trainer->network();
  const TopologyView topology = network.topology();
  return {memory.data(), layout::units(topology, network.frozen_layers(), topology.layer_count)};
}

Span<float> DiagnosticsData::row() const noexcept {
  const std::size_t units = peaks().size();
  return {memory.data() + units, memory.size() - units};
}

void Diagnostics::begin_epoch() noexcept {
  if (!data_.bound()) {
    return;
  }
  const std::size_t outputs = data_.trainer->network().topology().outputs();
  float* const goal = data_.goals();
  if (data_.rows_in_epoch > 0) {
    for (std::size_t o = 0; o < outputs; ++o) {
      goal[outputs + o] = goal[o];
    }
    data_.before = data_.this_epoch();
    data_.rows_before = data_.rows_in_epoch;
  }
  for (float& peak : data_.peaks()) {
    peak = 0.0f;
  }
  for (float* column = data_.columns(); column != goal + outputs; ++column) {
    *column = 0.0f;
  }
  data_.losses = {};
  data_.rows_in_epoch = 0;
  data_.targets_out_of_reach = 0;
}

// ---- The look, when it is decided that the step will be made.

static void look_at_activations(DiagnosticsData& data, const Step& step, const Stage* s, bool applied,
                                float* peaks) noexcept {
  LayerDiagnostics& layer = data.layers[static_cast<std::size_t>(s - step.first_stage())];
  Look look(data.settings.activation_range, layer.activation_bins);
  const ActivationId id = applied ? id_of(s->layer->activation) : ActivationId::identity;
  const bool mortal = can_die(id);
  const std::size_t units = s->layer->units;
  std::size_t saturated = 0;
  std::size_t dead = 0;
  std::size_t dead_in_epoch = 0;
  for (std::size_t o = 0; o < units; ++o) {
    float peak = 0.0f;
    for (std::size_t b = 0; b < step.rows; ++b) {
      const float a = s->activations[b * units + o];
      look.add(a);
      peak = a > peak ? a : peak;
      saturated += is_saturated(id, a, data.settings.saturation) ? 1 : 0;
    }
    peaks[o] = peak > peaks[o] ? peak : peaks[o];
    dead += mortal && peak == 0.0f ? 1 : 0;
    dead_in_epoch += mortal && peaks[o] == 0.0f ? 1 : 0;
  }
  layer.activations = look.moments();
  layer.saturated = share_of(saturated, step.rows * units);
  layer.dead_in_batch = share_of(dead, units);
  layer.dead_in_epoch = share_of(dead_in_epoch, units);
  layer.rows_in_epoch = data.rows_in_epoch;
}

static void look_at_gradients(DiagnosticsData& data, const Step& step, const Stage* s, std::size_t counted) noexcept {
  LayerDiagnostics& layer = data.layers[static_cast<std::size_t>(s - step.first_stage())];
  const TrainingKernels& kernels = training_kernels_of(*data.trainer->inside().kernels);
  const std::size_t units = s->layer->units;
  Tally seen;
  Look inputs(data.settings.input_gradient_range, layer.input_gradient_bins);
  float* d_x = data.row().data();  // (inputs), of one sample
  for (std::size_t b = 0; b < step.rows; ++b) {
    const float* d = s->unit_gradients + b * units;
    for (std::size_t o = 0; o < units; ++o) {
      seen.add(d[o] * step.share);
    }
    for (std::size_t i = 0; i < step.x(s).columns(); ++i) {
      d_x[i] = 1.0f;
    }
    kernels.input_gradient({d, s->weights, nullptr, d_x, 1, units, step.x(s).columns()},
                           !Step::transposed(step.x(s), *s->layer));
    for (std::size_t i = 0; i < step.x(s).columns(); ++i) {
      inputs.add(d_x[i] * step.share);
    }
  }
  layer.unit_gradients = seen.moments();
  const bool none = layer.unit_gradients.min == 0.0f && layer.unit_gradients.max == 0.0f;
  layer.rows_without_gradient = none ? layout::sum(layer.rows_without_gradient, counted) : 0;
  layer.input_gradients = inputs.moments();
}

static void look(DiagnosticsData& data, const Step& step, const Batch& batch) noexcept {
  look_at_data(data, step, batch);
  float* peak = data.peaks().data();
  data.rows_in_epoch = layout::sum(data.rows_in_epoch, step.rows);
  for (const Stage* s = step.trainable_stage(); s <= step.last; ++s) {
    const bool applied = !step.left_to_loss(s);
    if (!applied) {  // the loss has used them up
      const ConstRows x = step.x(s);
      data.trainer->inside().kernels->multiply(Step::pre_activations(s, x), Step::transposed(x, *s->layer));
    }
    look_at_activations(data, step, s, applied, peak);
    look_at_gradients(data, step, s, rows_that_count(step, batch));
    peak += s->layer->units;
  }
}

// ---- The change.

// Row by row: the gradients of a row, then its weights before and after.
static void change(DiagnosticsData& data, Step& step, const Update& update, Change* changes) noexcept {
  const Gradients& how = data.trainer->config().gradients;
  const ByRow rows{data.trainer->inside(), update, how.keeps ? how.descriptor->complete(step) : nullptr};
  float* buffer = data.row().data();
  std::size_t l = step.frozen_layers();
  step.for_each_gradient(false, [&](const OuterSum& sum, float* w) {
    if (sum.p_stride == 0) {  // biases
      rows.change(sum, w);
      return;
    }
    Look look(data.settings.weight_gradient_range, data.layers[l].weight_gradient_bins);
    OuterSum one = sum;
    one.rows = 1;
    for (std::size_t r = 0; r < sum.rows; ++r, ++one.p, w += sum.columns) {
      const float* gradients = rows.gradients(one, w, buffer);
      for (std::size_t k = 0; k < sum.columns; ++k) {
        look.add(gradients[k]);
        buffer[k] = w[k];  // there may be the gradient that was looked at
      }
      rows.change(one, w);
      changes[l].add(buffer, w, sum.columns);
    }
    data.layers[l].weight_gradients = look.moments();
    ++l;
  });
}

Status learn(DiagnosticsData& data, const Batch& batch) noexcept {
  if (!data.bound()) {
    return Status::not_bound;
  }
  TrainerData& trainer = data.trainer->inside();
  Step step(trainer, batch.inputs.data(), batch.inputs.count());
  if (const Status status = run_back(step, batch); status != Status::ok) {
    return status;
  }
  Update update(trainer.config, trainer.network.trainable().size());
  if (const Status status = decide(step, update); status != Status::ok) {
    return status;
  }
  trainer.loss = step.loss;
  look(data, step, batch);
  Change changes[kMaxLayers];
  change(data, step, update, changes);
  finish(step, update);
  if (!batch.own()) {  // whose targets nobody knows here
    compare_with_mean(data, step, batch);
  }
  for (std::size_t l = trainer.network.frozen_layers(); l < data.layers.size(); ++l) {
    data.layers[l].update_ratio = changes[l].ratio();
  }
  return Status::ok;
}

Status Diagnostics::step(ConstRows inputs, ConstRows targets) noexcept {
  return learn(data_, {inputs, targets, {}, Goals::targets});
}
Status Diagnostics::step(ConstRows inputs, Labels targets) noexcept {
  return learn(data_, {inputs, {}, targets, Goals::labels});
}
Status Diagnostics::step_from(ConstRows inputs, ConstRows d_outputs, float share) noexcept {
  return learn(data_, {inputs, d_outputs, {}, Goals::d_outputs, share});
}

Status Diagnostics::take_step(void* context, Trainer& trainer, const Samples& batch) noexcept {
  Diagnostics* look = static_cast<Diagnostics*>(context);
  if (look == nullptr || look->data_.trainer != &trainer || !trainer.bound()) {
    return Status::not_bound;
  }
  Fault fault;
  const Status status =
      batch.weighting != nullptr ? batch.weighting->check(batch, {}, trainer.config().max_batch, fault) : Status::ok;
  return status == Status::ok ? learn(look->data_, batch_of(batch)) : status;
}

}  // namespace linnet
