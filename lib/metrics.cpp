#include "metrics.hpp"

namespace linnet {

float decision_boundary(const Network& network) noexcept {
  if (!network.bound()) {
    return 0.0f;
  }
  const TopologyView topology = network.topology();
  const ActivationId last = id_of(topology.layers[topology.layer_count - 1].activation);
  const bool gives_probabilities =
      last == ActivationId::sigmoid || last == ActivationId::hard_sigmoid || last == ActivationId::softmax;
  return gives_probabilities ? 0.5f : 0.0f;
}

Rates ClassCounts::rates() const noexcept {
  const double right = static_cast<double>(true_positives);
  const double predicted = right + static_cast<double>(false_positives);
  const double there = right + static_cast<double>(false_negatives);
  return {share_of(right, predicted), share_of(right, there), share_of(2.0 * right, predicted + there)};
}

}  // namespace linnet
