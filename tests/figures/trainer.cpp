// Training from random weights, one sample after the other.
#include "shape.hpp"

float figures_model[linnet::parameter_floats(kShape)];
float figures_memory[linnet::trainer_floats(kShape, kConfig)];
linnet::Network figures_network;
linnet::Trainer figures_trainer;

int main() {
  linnet::Pcg32 random(42);
  if (figures_network.bind(kShape, figures_model) != linnet::Status::ok) return 1;
  if (linnet::initialize(figures_network, random, linnet::initializer::xavier_uniform) != linnet::Status::ok) return 2;
  if (figures_trainer.bind(figures_network, kConfig, figures_memory) != linnet::Status::ok) return 3;
  for (;;) {
    const float inputs[1][4] = {{port[0], port[1], port[2], port[3]}};
    const Goals goals = {static_cast<Goal>(port[0])};
    if (figures_trainer.step(inputs, goals) != linnet::Status::ok) return 4;
    port[0] = figures_trainer.loss();
  }
}
