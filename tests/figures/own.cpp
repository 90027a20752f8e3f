// trainer.cpp with a loss of the program's own, 4-16-16-3 with tanh and plain gradient descent: the squared error by hand.
#include "shape.hpp"

namespace {

constexpr auto kOwnShape = linnet::topology(
    4, {{16, linnet::activation::tanh}, {16, linnet::activation::tanh}, {3, linnet::activation::identity}});
constexpr linnet::TrainerConfig kOwnTraining{linnet::loss::own, linnet::optimizer::sgd(0.05f), /*max_batch*/ 1};

float model[linnet::parameter_floats(kOwnShape)];
float memory[linnet::trainer_floats(kOwnShape, kOwnTraining)];
linnet::Network network;
linnet::Trainer trainer;

}  // namespace

int main() {
  linnet::Pcg32 random(42);
  if (network.bind(kOwnShape, model) != linnet::Status::ok) return 1;
  if (linnet::initialize(network, random, linnet::initializer::xavier_uniform) != linnet::Status::ok) return 2;
  if (trainer.bind(network, kOwnTraining, memory) != linnet::Status::ok) return 3;
  for (;;) {
    const float inputs[1][4] = {{port[0], port[1], port[2], port[3]}};
    float outputs[1][3] = {};
    if (trainer.forward(inputs, outputs) != linnet::Status::ok) return 4;
    for (float& y : outputs[0]) y -= port[0];
    if (trainer.step_from(inputs, outputs, 2.0f / 3.0f) != linnet::Status::ok) return 5;
  }
}
