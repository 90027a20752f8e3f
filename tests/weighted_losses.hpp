// Losses whose rows get weights, and their mean in double precision.
#pragma once

#include <string>
#include <vector>

#include "nets.hpp"
#include "oracle.hpp"

namespace linnet_test {

struct WeightedCase {
  const char* name;
  linnet::Loss loss;
  bool labels;
  bool logits;
  linnet::Activation last;
  const char* activation;  // its name
  std::vector<std::size_t> outputs;
};

inline std::vector<WeightedCase> weighted_cases() {
  using namespace linnet::loss;
  static const float classes[3] = {0.5f, 2.0f, 1.25f};
  const linnet::Activation tanh = linnet::activation::tanh;
  const linnet::Activation identity = linnet::activation::identity;
  const linnet::Loss positive = binary_cross_entropy.with_positive_weights(classes);
  const linnet::Loss alone = binary_cross_entropy.with_positive_weights(linnet::Span<const float>(classes, 1));
  const linnet::Loss weighted = softmax_cross_entropy.with_class_weights(classes);
  return {{"mean_squared_error", mean_squared_error, false, false, tanh, "tanh", {1, 3, 21}},
          {"mean_absolute_error", mean_absolute_error, false, false, identity, "identity", {1, 3}},
          {"huber", huber.with_delta(0.3f), false, false, tanh, "tanh", {1, 3}},
          {"smooth_l1", smooth_l1.with_beta(0.3f), false, false, tanh, "tanh", {1, 3}},
          {"binary_cross_entropy", binary_cross_entropy, false, true, identity, "identity", {1, 3, 17}},
          {"binary_cross_entropy", binary_cross_entropy, true, true, identity, "identity", {1}},
          {"binary_cross_entropy", positive, false, true, identity, "identity", {3}},
          {"binary_cross_entropy", alone, true, true, identity, "identity", {1}},
          {"softmax_cross_entropy", softmax_cross_entropy, true, true, identity, "identity", {2, 3, 21}},
          {"softmax_cross_entropy", softmax_cross_entropy, false, true, identity, "identity", {3}},
          {"softmax_cross_entropy", weighted, true, true, identity, "identity", {3}},
          {"softmax_cross_entropy", weighted, false, true, identity, "identity", {3}},
          {"softmax_cross_entropy", weighted.with_label_smoothing(0.15f), true, true, identity, "identity", {3}}};
}

// With one output labels are 0 and 1.
inline Data data_for(std::size_t rows, std::size_t outputs, std::uint64_t seed) {
  Data data(rows, 5, outputs, seed);
  for (std::size_t b = 0; outputs == 1 && b < rows; ++b) data.labels[b] = (seed + b) % 3 == 0 ? 1 : 0;
  return data;
}

// y: (rows, outputs) what the network gives
inline double weighted_oracle_loss(const WeightedCase& loss, const std::vector<double>& y, std::size_t rows,
                                   const Data& data, const std::vector<float>& weights) {
  const std::size_t outputs = y.size() / rows;
  OracleTargets targets;
  targets.delta = static_cast<double>(loss.loss.delta);
  targets.smoothing = static_cast<double>(loss.loss.label_smoothing);
  targets.class_weights.assign(loss.loss.class_weights.begin(), loss.loss.class_weights.end());
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t b = 0; b < rows; ++b) {
    const auto at = [b, outputs](const auto& all) { return all.begin() + static_cast<std::ptrdiff_t>(b * outputs); };
    const std::vector<double> row(at(y), at(y) + static_cast<std::ptrdiff_t>(outputs));
    const bool by_label = loss.labels && outputs > 1;
    targets.labels.clear();
    targets.t.assign(at(data.t), at(data.t) + static_cast<std::ptrdiff_t>(outputs));
    if (by_label) targets.labels.assign(1, data.labels[b]);
    if (loss.labels && outputs == 1) targets.t.assign(1, static_cast<double>(data.labels[b]));
    // the mean over one row divides by the weight of its class
    const double class_weight =
        by_label && !targets.class_weights.empty() ? targets.class_weights[data.labels[b]] : 1.0;
    sum += static_cast<double>(weights[b]) * class_weight * oracle_loss(loss.name, row, 1, targets);
    count += class_weight;
  }
  return sum / count;
}

}  // namespace linnet_test
