// A step of Trainer::learn() with a look at every layer between the decision and the change. What is to be seen lies in the
// workspace then. The change is made row by row, which gives the bits of all at once: outputs do not depend on each other.
#include <linnet/diagnostics.hpp>

#include "arithmetic/number.hpp"
#include "tally.hpp"
#include "overlap.hpp"
#include "step/step.hpp"

namespace linnet {

namespace {

bool sound(Range range) { return range.low < range.high && is_finite(range.high - range.low); }

bool sound(const DiagnosticsSettings& settings) {
  return settings.saturation > 0.0f && settings.saturation < 1.0f && sound(settings.activation_range) &&
         sound(settings.input_gradient_range) && sound(settings.weight_gradient_range);
}

Span<const float> floats_of(Span<LayerDiagnostics> layers) {
  static_assert(sizeof(LayerDiagnostics) % sizeof(float) == 0, "an array of it is as long as so many floats");
  return {reinterpret_cast<const float*>(layers.data()), layers.size() * (sizeof(LayerDiagnostics) / sizeof(float))};
}

bool is_saturated(ActivationId id, float a, float from) {
  return id == ActivationId::tanh ? magnitude(a) >= from
                                  : id == ActivationId::sigmoid && magnitude(2.0f * a - 1.0f) >= from;
}

}  // namespace

// ---- How far the weights of a layer go.

struct Diagnostics::Change {
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
struct Diagnostics::ByRow {
  const Trainer& trainer;
  const Update& update;
  const float* kept;  // gradients of all trainable parameters, or null

  [[nodiscard]] const float* kept_of(const float* w) const { return kept + (w - trainer.network_.trainable().data()); }

  // The gradients of a row as the optimizer gets them; `room` is for those that are not kept.
  const float* gradients(const OuterSum& row, const float* w, float* room) const {
    if (kept != nullptr) {
      return kept_of(w);
    }
    const KeptKernels& kernels = kept_kernels_of(*trainer.kernels_);
    kernels.keep(row, room);
    if (update.clip > 0.0f) {
      kernels.clip(room, row.columns, update.clip);
    }
    return room;
  }

  void change(const OuterSum& row, float* w) const {
    const OptimizerVariant& rule = *trainer.config_.optimizer.descriptor->variants[index_of(*trainer.kernels_)];
    rule.fused(kept == nullptr ? row : OuterSum{&kOne, kept_of(w), 0, 1, row.columns, 1, 1.0f}, w, trainer.state_of(w),
               update);
  }
};

// ---- Binding.

Status Diagnostics::bind(Trainer& trainer, Span<LayerDiagnostics> layers, Span<float> memory,
                         const DiagnosticsSettings& settings) noexcept {
  if (trainer.kernels_ == nullptr) {
    return Status::not_bound;
  }
  if (!sound(settings)) {
    return Status::bad_setting;
  }
  const Network& network = trainer.network_;
  const std::size_t needed = diagnostics_floats(network.topology(), network.frozen_layers());
  if (layers.data() == nullptr || memory.data() == nullptr) {
    return Status::null_memory;
  }
  if (layers.size() < network.topology().layer_count || memory.size() < needed) {
    return Status::too_little_memory;
  }
  const Span<LayerDiagnostics> seen(layers.data(), network.topology().layer_count);
  const Span<const float> own(memory.data(), needed);
  if (is_used_by(trainer, own) || is_used_by(trainer, floats_of(seen)) || overlap(own, floats_of(seen))) {
    return Status::overlapping_memory;
  }
  trainer_ = &trainer;
  bound_to_ = fingerprint(trainer);
  layers_ = seen;
  memory_ = {memory.data(), needed};
  settings_ = settings;
  for (LayerDiagnostics& layer : layers_) {
    layer = {};
  }
  steps_ = 0;
  rows_in_epoch_ = 0;
  rows_before_ = 0;
  before_ = {};
  begin_epoch();
  return Status::ok;
}

Span<float> Diagnostics::peaks() const noexcept {
  const Network& network = trainer_->network_;
  const TopologyView topology = network.topology();
  return {memory_.data(), layout::units(topology, network.frozen_layers(), topology.layer_count)};
}

Span<float> Diagnostics::row() const noexcept {
  const std::size_t units = peaks().size();
  return {memory_.data() + units, memory_.size() - units};
}

void Diagnostics::begin_epoch() noexcept {
  if (!bound()) {
    return;
  }
  const std::size_t outputs = trainer_->network_.topology().outputs();
  float* const goal = goals();
  if (rows_in_epoch_ > 0) {
    for (std::size_t o = 0; o < outputs; ++o) {
      goal[outputs + o] = goal[o];
    }
    before_ = this_epoch();
    rows_before_ = rows_in_epoch_;
  }
  for (float& peak : peaks()) {
    peak = 0.0f;
  }
  for (float* column = columns(); column != goal + outputs; ++column) {
    *column = 0.0f;
  }
  losses_ = {};
  rows_in_epoch_ = 0;
  targets_out_of_reach_ = 0;
}

// ---- The look, when it is decided that the step will be made.

void Diagnostics::look_at_activations(const Trainer::Step& step, const Stage* s, bool applied, float* peaks) noexcept {
  LayerDiagnostics& layer = layers_[static_cast<std::size_t>(s - step.first_stage())];
  Look look(settings_.activation_range, layer.activation_bins);
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
      saturated += is_saturated(id, a, settings_.saturation) ? 1 : 0;
    }
    peaks[o] = peak > peaks[o] ? peak : peaks[o];
    dead += mortal && peak == 0.0f ? 1 : 0;
    dead_in_epoch += mortal && peaks[o] == 0.0f ? 1 : 0;
  }
  layer.activations = look.moments();
  layer.saturated = share_of(saturated, step.rows * units);
  layer.dead_in_batch = share_of(dead, units);
  layer.dead_in_epoch = share_of(dead_in_epoch, units);
  layer.rows_in_epoch = rows_in_epoch_;
}

void Diagnostics::look_at_gradients(const Trainer::Step& step, const Stage* s) noexcept {
  LayerDiagnostics& layer = layers_[static_cast<std::size_t>(s - step.first_stage())];
  const TrainingKernels& kernels = training_kernels_of(*trainer_->kernels_);
  const std::size_t units = s->layer->units;
  Tally seen;
  Look inputs(settings_.input_gradient_range, layer.input_gradient_bins);
  float* d_x = row().data();  // (inputs), of one sample
  for (std::size_t b = 0; b < step.rows; ++b) {
    const float* d = s->unit_gradients + b * units;
    for (std::size_t o = 0; o < units; ++o) {
      seen.add(d[o] * step.share);
    }
    for (std::size_t i = 0; i < step.x(s).columns(); ++i) {
      d_x[i] = 1.0f;
    }
    kernels.input_gradient({d, s->weights, nullptr, d_x, 1, units, step.x(s).columns()},
                           !Trainer::Step::transposed(step.x(s), *s->layer));
    for (std::size_t i = 0; i < step.x(s).columns(); ++i) {
      inputs.add(d_x[i] * step.share);
    }
  }
  layer.unit_gradients = seen.moments();
  const bool none = layer.unit_gradients.min == 0.0f && layer.unit_gradients.max == 0.0f;
  layer.rows_without_gradient = none ? layout::sum(layer.rows_without_gradient, step.rows) : 0;
  layer.input_gradients = inputs.moments();
}

void Diagnostics::look(const Trainer::Step& step, const Trainer::Batch& batch) noexcept {
  look_at_data(step, batch);
  float* peak = peaks().data();
  rows_in_epoch_ = layout::sum(rows_in_epoch_, step.rows);
  for (const Stage* s = step.trainable_stage(); s <= step.last; ++s) {
    const bool applied = !step.left_to_loss(s);
    if (!applied) {  // the loss has used them up
      const ConstRows x = step.x(s);
      trainer_->kernels_->multiply(Trainer::Step::pre_activations(s, x), Trainer::Step::transposed(x, *s->layer));
    }
    look_at_activations(step, s, applied, peak);
    look_at_gradients(step, s);
    peak += s->layer->units;
  }
}

// ---- The change.

// Row by row: the gradients of a row, then its weights before and after.
void Diagnostics::change(Trainer::Step& step, const Update& update, Change* changes) noexcept {
  const Gradients& how = trainer_->config_.gradients;
  const ByRow rows{*trainer_, update, how.keeps ? how.descriptor->complete(step) : nullptr};
  float* buffer = row().data();
  std::size_t l = step.frozen_layers();
  step.for_each_gradient(false, [&](const OuterSum& sum, float* w) {
    if (sum.p_stride == 0) {  // biases
      rows.change(sum, w);
      return;
    }
    Look look(settings_.weight_gradient_range, layers_[l].weight_gradient_bins);
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
    layers_[l].weight_gradients = look.moments();
    ++l;
  });
}

Status Diagnostics::learn(const Trainer::Batch& batch) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  Trainer& trainer = *trainer_;
  Trainer::Step step(trainer, batch.inputs.data(), batch.inputs.count());
  if (const Status status = Trainer::run_back(step, batch); status != Status::ok) {
    return status;
  }
  Update update(trainer.config_, trainer.network_.trainable().size());
  if (const Status status = Trainer::decide(step, update); status != Status::ok) {
    return status;
  }
  trainer.loss_ = step.loss;
  look(step, batch);
  Change changes[kMaxLayers];
  change(step, update, changes);
  Trainer::finish(step, update);
  if (!batch.own()) {  // whose targets nobody knows here
    compare_with_mean(step, batch);
  }
  for (std::size_t l = trainer.network_.frozen_layers(); l < layers_.size(); ++l) {
    layers_[l].update_ratio = changes[l].ratio();
  }
  return Status::ok;
}

Status Diagnostics::step(ConstRows inputs, ConstRows targets) noexcept {
  return learn({inputs, targets, {}, Goals::targets});
}
Status Diagnostics::step(ConstRows inputs, Labels targets) noexcept {
  return learn({inputs, {}, targets, Goals::labels});
}
Status Diagnostics::step_from(ConstRows inputs, ConstRows d_outputs, float share) noexcept {
  return learn({inputs, d_outputs, {}, Goals::d_outputs, share});
}

Status Diagnostics::take_step(void* context, Trainer& trainer, const Samples& batch) noexcept {
  Diagnostics* look = static_cast<Diagnostics*>(context);
  if (look == nullptr || look->trainer_ != &trainer) {
    return Status::not_bound;
  }
  return batch.labelled ? look->step(batch.inputs, batch.labels) : look->step(batch.inputs, batch.targets);
}

}  // namespace linnet
