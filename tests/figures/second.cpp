// trainer.cpp and a second network of another shape beside the first, with all its calls written out once more. It
// learns from the first two numbers of the same samples.
#include "shape.hpp"

static constexpr auto kOther = linnet::topology(2, {{8, linnet::activation::tanh}, {3, linnet::activation::softmax}});
float figures_model[linnet::parameter_floats(kShape)];
float figures_memory[linnet::trainer_floats(kShape, kConfig)];
linnet::Network figures_network;
linnet::Trainer figures_trainer;
static float other_model[linnet::parameter_floats(kOther)];
static float other_memory[linnet::trainer_floats(kOther, kConfig)];
static linnet::Network other_network;
static linnet::Trainer other_trainer;

int main() {
  linnet::Pcg32 random(42);
  if (figures_network.bind(kShape, figures_model) != linnet::Status::ok) return 1;
  if (linnet::initialize(figures_network, random, linnet::initializer::xavier_uniform) != linnet::Status::ok) return 2;
  if (figures_trainer.bind(figures_network, kConfig, figures_memory) != linnet::Status::ok) return 3;
  if (other_network.bind(kOther, other_model) != linnet::Status::ok) return 1;
  if (linnet::initialize(other_network, random, linnet::initializer::xavier_uniform) != linnet::Status::ok) return 2;
  if (other_trainer.bind(other_network, kConfig, other_memory) != linnet::Status::ok) return 3;
  for (;;) {
    const float inputs[1][4] = {{port[0], port[1], port[2], port[3]}};
    const std::uint16_t labels[1] = {static_cast<std::uint16_t>(port[0])};
    if (figures_trainer.step(inputs, labels) != linnet::Status::ok) return 4;
    port[0] = figures_trainer.loss();
    if (other_trainer.step({inputs[0], 1, 2}, labels) != linnet::Status::ok) return 4;
    port[1] = other_trainer.loss();
  }
}
