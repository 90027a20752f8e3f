// What Diagnostics see of inputs and targets.
#include "inspection.hpp"

#include "arithmetic/number.hpp"
#include "step/step.hpp"
#include "tally.hpp"

namespace linnet {

namespace {

// Welford 1962: mean and variance of every column with `share` = 1 / its rows, the new one included.
//   row: (columns), means and variances: (columns)
void add(const float* row, std::size_t columns, float share, float* means, float* variances) {
  for (std::size_t i = 0; i < columns; ++i) {
    const float before = row[i] - means[i];
    means[i] += before * share;
    variances[i] += (before * (row[i] - means[i]) - variances[i]) * share;
  }
}

//   means: (columns), then the variances
Column column_of(const float* means, std::size_t columns, std::size_t i) {
  return i < columns ? Column{means[i], square_root(means[columns + i])} : Column{};
}

bool is_badly_scaled(const Column& column, const Thresholds& thresholds) {
  const bool fits = magnitude(column.mean) <= thresholds.too_large && column.stddev <= thresholds.too_large;
  return !fits || (column.stddev > 0.0f && column.stddev < thresholds.too_small);  // a NaN does not fit
}

bool any_is_badly_scaled(const float* means, std::size_t columns, const Thresholds& thresholds) {
  for (std::size_t i = 0; i < columns; ++i) {
    if (is_badly_scaled(column_of(means, columns, i), thresholds)) {
      return true;
    }
  }
  return false;
}

// What the activation can give, ends included; rounded outwards.
Range range_of(const Activation& activation) {
  constexpr float kInfinity = __builtin_inff();
  switch (id_of(activation)) {
    case ActivationId::sigmoid:
    case ActivationId::hard_sigmoid:
    case ActivationId::softmax:
      return {0.0f, 1.0f};
    case ActivationId::tanh:
    case ActivationId::hard_tanh:
    case ActivationId::softsign:
      return {-1.0f, 1.0f};
    case ActivationId::relu6:
      return {0.0f, 6.0f};
    case ActivationId::relu:
    case ActivationId::softplus:
      return {0.0f, kInfinity};
    case ActivationId::leaky_relu:
      return {activation.parameter > 0.0f ? -kInfinity : 0.0f, kInfinity};
    case ActivationId::elu:
      return {-activation.parameter, kInfinity};
    case ActivationId::selu:
      return {-1.75809934f, kInfinity};
    case ActivationId::gelu:  // at z = -0.75179
    case ActivationId::gelu_tanh:
      return {-0.17005f, kInfinity};
    case ActivationId::silu:  // at z = -1.27846
      return {-0.27847f, kInfinity};
    case ActivationId::mish:  // at z = -1.19245
      return {-0.30885f, kInfinity};
    case ActivationId::hard_swish:  // at z = -1.5
      return {-0.375f, kInfinity};
    case ActivationId::identity:
      break;
  }
  return {-kInfinity, kInfinity};
}

}  // namespace

// Means of inputs, their variances, means of targets, their variances.
float* DiagnosticsData::columns() const noexcept {
  const TopologyView topology = trainer->network().topology();
  return goals() - 2 * (topology.inputs + topology.outputs());
}

void look_at_data(DiagnosticsData& data, const Step& step, const Batch& batch) noexcept {
  const std::size_t inputs = data.trainer->network().topology().inputs;
  const std::size_t outputs = data.trainer->network().topology().outputs();
  const bool looks_at_targets =
      batch.goals == Goals::targets && !data.trainer->config().loss.descriptor->from_pre_activation;
  const Range range = range_of(step.last->layer->activation);
  float* means = data.columns();
  for (std::size_t b = 0; b < step.rows; ++b) {
    const float share = divide(1.0f, static_cast<float>(layout::sum(data.rows_in_epoch, b + 1)));
    add(step.inputs + b * inputs, inputs, share, means, means + inputs);
    if (!looks_at_targets) {
      continue;
    }
    const float* targets = batch.targets.data() + b * outputs;
    add(targets, outputs, share, means + 2 * inputs, means + 2 * inputs + outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
      data.targets_out_of_reach += targets[o] < range.low || targets[o] > range.high ? 1U : 0U;
    }
  }
}

// A row that has no weight, or is ignored, has no gradient anywhere.
std::size_t rows_that_count(const Step& step, const Batch& batch) noexcept {
  const bool ignores = batch.goals == Goals::labels && step.trainer.config.loss.descriptor->ignores;
  std::size_t count = 0;
  for (std::size_t b = 0; b < step.rows; ++b) {
    const bool weighs = batch.row_weights == nullptr || batch.row_weights[b] > 0.0f;
    count += weighs && !(ignores && batch.labels[b] == kIgnored) ? 1 : 0;
  }
  return count;
}

Column Diagnostics::input_column(std::size_t input) const noexcept {
  return data_.bound() ? column_of(data_.columns(), data_.trainer->network().topology().inputs, input) : Column{};
}

Column Diagnostics::target_column(std::size_t output) const noexcept {
  if (!data_.bound()) {
    return {};
  }
  const TopologyView topology = data_.trainer->network().topology();
  return column_of(data_.columns() + 2 * topology.inputs, topology.outputs(), output);
}

Verdict judge_data(const DiagnosticsData& data, std::size_t l, const Thresholds& thresholds) noexcept {
  if (data.rows_in_epoch < thresholds.rows) {
    return Verdict::healthy;
  }
  const std::size_t inputs = data.trainer->network().topology().inputs;
  const std::size_t outputs = data.trainer->network().topology().outputs();
  if (l == 0 && any_is_badly_scaled(data.columns(), inputs, thresholds)) {
    return Verdict::badly_scaled_inputs;
  }
  if (l + 1 < data.layers.size()) {
    return Verdict::healthy;
  }
  if (share_of(data.targets_out_of_reach, layout::product(data.rows_in_epoch, outputs)) >= thresholds.out_of_reach) {
    return Verdict::out_of_reach;
  }
  return any_is_badly_scaled(data.columns() + 2 * inputs, outputs, thresholds) ? Verdict::badly_scaled_targets
                                                                               : Verdict::healthy;
}

}  // namespace linnet
