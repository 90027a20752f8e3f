#include "step/stage.hpp"

#include "arithmetic/contract.hpp"

namespace linnet {

void write_stages(const Network& network, std::size_t max_batch, float* memory, float* trainable, Stage* at) noexcept {
  const TopologyView topology = network.topology();
  std::size_t frozen = network.frozen_layers();  // left
  const float* weights = frozen == 0 ? network.trainable().data() : network.frozen().data();
  float* next = trainable;
  std::size_t inputs = topology.inputs;
  for (const Layer* layer = topology.layers; layer != topology.layers + topology.layer_count; ++layer, ++at) {
    const std::size_t floats = max_batch * layer->units;
    at->inputs = inputs;
    at->weights = weights;
    weights += (inputs + (layer->bias ? 1 : 0)) * layer->units;
    if (frozen > 0) {
      at->activations = frozen % 2 == 0 ? memory : trainable - floats;
      at->unit_gradients = at->activations;
      if (--frozen == 0) {
        weights = network.trainable().data();
      }
    } else {
      at->unit_gradients = next;
      at->activations = next + floats;
      next += 2 * floats;
    }
    inputs = layer->units;
  }
}

}  // namespace linnet
