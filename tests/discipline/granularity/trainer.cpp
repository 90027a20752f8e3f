// Training with tanh, softmax cross-entropy and plain gradient descent, from random weights. It names nothing else.
#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(4, {{16, linnet::activation::tanh}, {3, linnet::activation::softmax}});
static constexpr linnet::Training kPlan{linnet::loss::softmax_cross_entropy, linnet::sgd(0.1f), 1};
static float model[linnet::parameter_floats(kShape)];
static float memory[linnet::trainer_floats(kShape, kPlan)];
volatile float line[4];

int main() {
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Pcg32 random(42);
  const std::uint16_t labels[1] = {1};
  const float inputs[1][4] = {{line[0], line[1], line[2], line[3]}};
  if (network.bind(kShape, model) != linnet::Status::ok) return 1;
  if (linnet::xavier_uniform(network, random) != linnet::Status::ok) return 2;
  if (trainer.bind(network, kPlan, memory) != linnet::Status::ok) return 3;
  if (trainer.step(inputs, labels) != linnet::Status::ok) return 4;
  line[0] = trainer.loss();
  return 0;
}
