#include "step/stage.hpp"


namespace linnet {

void write_stages(const Network& network, const Training& training, float* memory, Stage* at) noexcept {
  const TopologyView topology = network.topology();
  const std::size_t frozen = network.frozen_layers();
  float* const trainable = memory + layout::trainer_layout(topology, training, frozen).layers;
  float* next = trainable;
  const float* weights = frozen == 0 ? network.trainable().data() : network.frozen().data();
  std::size_t inputs = topology.inputs;
  for (std::size_t l = 0; l < topology.layer_count; ++l, ++at) {
    const Layer& layer = topology.layers[l];
    const std::size_t floats = training.max_batch * layer.units;
    at->inputs = inputs;
    at->weights = weights;
    if (l < frozen) {  // they take turns, the last one before the trainable layers
      at->activations = (frozen - l) % 2 == 0 ? memory : trainable - floats;
      at->unit_gradients = at->activations;
    } else {
      at->unit_gradients = next;
      at->activations = next + floats;
      next += 2 * floats;
    }
    weights = l + 1 == frozen ? network.trainable().data() : weights + layout::layer_floats(inputs, layer);
    inputs = layer.units;
  }
}

}  // namespace linnet
