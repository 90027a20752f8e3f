// What whole runs do with samples that have weights. They reach it through the samples alone: naming
// Samples::with_weights() is what links it.
#pragma once

#include <linnet/fit.hpp>

#include "step/weighted.hpp"

namespace linnet {

struct WeightsDescriptor {
  // Of samples whose numbers are sound, at most so many, those that `order` names, or all where it is empty. Returns ok,
  // null_memory, bad_batch, or bad_weight, and where.
  Status (*check)(const Samples& samples, Span<const std::uint32_t> order, std::size_t most, Fault& fault);
  Status (*step)(Trainer& trainer, const Samples& batch);
  Status (*evaluate)(Trainer& trainer, const Samples& batch, float& loss);
  WeightedLoss loss;
};

// What a step is asked to learn of a batch whose weights are sound.
inline Batch batch_of(const Samples& batch) {
  return {batch.inputs,
          batch.targets,
          batch.labels,
          batch.labelled ? Goals::labels : Goals::targets,
          0.0f,
          batch.weighting != nullptr ? batch.weights.data() : nullptr,
          batch.weighting != nullptr ? batch.weighting->loss : nullptr};
}

}  // namespace linnet
