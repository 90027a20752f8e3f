// Whether a network is better than one that gives the same for every row: the mean of the targets, as the loss sees them.
// The trainer's own loss says what that comes to, so one rule serves every loss. The mean is that of the epoch before: a
// loss that is no sum of squares needs it before the first row.
#include "inspection.hpp"

#include "arithmetic/elementary.hpp"
#include "arithmetic/number.hpp"
#include "loss/descriptor.hpp"
#include "step/step.hpp"

namespace linnet {

namespace {

float log_of(float share) { return logarithm(share > 0x1p-100f ? share : 0x1p-100f); }

// The targets of a batch as the loss sees them, and what a network must give to meet them.
struct Ideal {
  const Loss& loss;
  const ConstRows& targets;
  const Labels& labels;
  bool labelled;
  std::size_t outputs;
  float factor;  // of all: a batch of weighed labels counts by its rows

  [[nodiscard]] float target(std::size_t b, std::size_t o) const {
    if (labelled) {
      return labels[b] == (outputs == 1 ? 1 : o) ? 1.0f : 0.0f;
    }
    return targets.data()[b * outputs + o];
  }
  [[nodiscard]] float at(std::size_t b, std::size_t o) const {
    if (labelled && is_ignored(loss.descriptor->ignores, labels[b])) {
      return 0.0f;
    }
    const float t = target(b, o);
    const float s = loss.label_smoothing;
    const float smoothed = s == 0.0f ? t : t + s * (divide(1.0f, static_cast<float>(outputs)) - t);
    const bool classes = id_of(loss) == LossId::softmax_cross_entropy && !loss.class_weights.empty();
    return factor * (classes ? loss.class_weights[o] * smoothed : smoothed);
  }

  // goal: (outputs), becomes what the loss takes
  void meet(float* goal) const {
    const LossId id = id_of(loss);
    float sum = 0.0f;
    for (std::size_t o = 0; o < outputs; ++o) {
      sum += goal[o];
    }
    for (std::size_t o = 0; o < outputs; ++o) {
      if (id == LossId::softmax_cross_entropy) {
        goal[o] = sum > 0.0f ? log_of(divide(goal[o], sum)) : 0.0f;
      } else if (id == LossId::binary_cross_entropy) {
        const float positive = loss.class_weights.empty() ? goal[o] : loss.class_weights[o] * goal[o];
        goal[o] = log_of(positive) - log_of(1.0f - goal[o]);
      }
    }
  }
};

}  // namespace

// Means of the epoch, means of the epoch before.
float* DiagnosticsData::goals() const noexcept { return memory.end() - 2 * trainer->network().topology().outputs(); }

// After the step: its workspace means nothing any more, so there is room for what another network would have given.
void compare_with_mean(DiagnosticsData& data, const Step& step, const Batch& batch) noexcept {
  const Loss& loss = data.trainer->config().loss;
  const std::size_t outputs = step.last->layer->units;
  const bool weighed = id_of(loss) == LossId::softmax_cross_entropy;
  const bool labelled = batch.goals == Goals::labels;
  const float rows = static_cast<float>(step.rows);
  const Ideal ideal{loss, batch.targets, batch.labels, labelled, outputs, weighed ? rows * step.share : 1.0f};
  float* const mean = data.goals();
  float* const y = step.last->activations;
  const auto loss_of = [&](auto goal) {
    for (std::size_t b = 0; b < step.rows; ++b) {
      for (std::size_t o = 0; o < outputs; ++o) {
        y[b * outputs + o] = goal(b, o);
        step.last->unit_gradients[b * outputs + o] = 0.0f;
      }
      ideal.meet(y + b * outputs);
    }
    LossJob job(y, labelled ? nullptr : batch.targets.data(), labelled ? batch.labels.data() : nullptr, loss,
                step.last->unit_gradients, step.rows, outputs);
    const LossVariant& variant = *loss.descriptor->variants[index_of(*data.trainer->inside().kernels)];
    const float* weights = batch.row_weights;
    return static_cast<double>(rows) *
           static_cast<double>(weights != nullptr ? batch.weighted_loss(variant, job, weights) : variant.run(job));
  };
  data.losses.network += static_cast<double>(rows) * static_cast<double>(step.loss);
  if (data.rows_before > 0) {
    data.losses.mean += loss_of([&](std::size_t /*b*/, std::size_t o) { return mean[outputs + o]; });
    data.losses.least += loss_of([&](std::size_t b, std::size_t o) { return ideal.at(b, o); });
  }
  for (std::size_t b = 0; b < step.rows; ++b) {
    const float weight = batch.row_weights != nullptr ? batch.row_weights[b] : 1.0f;
    data.losses.weight += static_cast<double>(weight);
    const float share = weight > 0.0f ? divide(weight, static_cast<float>(data.losses.weight)) : 0.0f;
    for (std::size_t o = 0; o < outputs; ++o) {
      mean[o] += (ideal.at(b, o) - mean[o]) * share;
    }
  }
  data.steps = layout::sum(data.steps, 1);
}

// Where there is nothing to gain but rounding, the targets are constant.
float DiagnosticsData::Losses::unexplained() const noexcept {
  const double to_gain = mean - least;
  return to_gain > 1e-5 * mean ? static_cast<float>((network - least) / to_gain) : 0.0f;
}

// Of an epoch with rows.
DiagnosticsData::Standing DiagnosticsData::this_epoch() const noexcept {
  return {losses.unexplained(), losses.network / static_cast<double>(rows_in_epoch), before.loss};
}

float Diagnostics::unexplained() const noexcept {
  if (!data_.bound()) {
    return 0.0f;
  }
  return data_.epoch_is_whole() ? data_.losses.unexplained() : data_.before.unexplained;
}

bool is_stuck(const DiagnosticsData& data, const Thresholds& thresholds) noexcept {
  const DiagnosticsData::Standing epoch = data.epoch_is_whole() ? data.this_epoch() : data.before;
  const std::size_t rows = data.epoch_is_whole() ? data.rows_in_epoch : data.rows_before;
  return rows >= thresholds.rows && data.steps >= thresholds.steps && epoch.unexplained >= thresholds.stuck &&
         epoch.loss >= static_cast<double>(thresholds.unchanged) * epoch.loss_before;
}

}  // namespace linnet
