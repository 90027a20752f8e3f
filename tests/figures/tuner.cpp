// Training on from weights that the program brings along in flash: no random numbers, no initializer.
#include "parameters.hpp"
#include "shape.hpp"

static float model[linnet::parameter_floats(kShape)];
static float memory[linnet::trainer_floats(kShape, kConfig)];
static linnet::Network network;
static linnet::Trainer trainer;

int main() {
  for (std::size_t k = 0; k < linnet::parameter_floats(kShape); ++k) model[k] = figures_parameters[k];
  if (network.bind(kShape, model) != linnet::Status::ok) return 1;
  if (trainer.bind(network, kConfig, memory) != linnet::Status::ok) return 3;
  for (;;) {
    const float inputs[1][4] = {{port[0], port[1], port[2], port[3]}};
    const std::uint16_t labels[1] = {static_cast<std::uint16_t>(port[0])};
    if (trainer.step(inputs, labels) != linnet::Status::ok) return 4;
    port[0] = trainer.loss();
  }
}
