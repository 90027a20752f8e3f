// A layer as a step sees it. Trainer::bind() writes one per layer into lent memory, so that a step computes no place.
#pragma once

#include <cstddef>

#include <linnet/memory.hpp>
#include <linnet/network.hpp>

namespace linnet {

struct Stage {
  const Layer* layer;
  const float* weights;   // then the biases
  float* unit_gradients;  // (max_batch, units): derivatives, then unit gradients
  float* activations;  // (max_batch, units): pre-activations, then activations; a frozen layer has one place for both
};
static_assert(sizeof(Stage) == layout::kStageBytes, "as much as memory.hpp counts");

}  // namespace linnet
