// Steps and predictions of a single row on vectors.
#include "labelled.hpp"

using linnet::Status;

int main() {
  linnet::Pcg32 random(42);
  if (network.bind(kShape, model) != Status::ok) return 1;
  if (linnet::initialize(network, random, linnet::initializer::xavier_uniform) != Status::ok) return 2;
  if (trainer.bind(network, kConfig, memory) != Status::ok) return 3;
  if (predictor.bind(network, scratch) != Status::ok) return 4;
  for (int k = 0; k < 10; ++k) {
    for (float& x : inputs[0]) {
      x = random.uniform(-1.0f, 1.0f);
    }
    goals[0] = static_cast<std::uint16_t>(random.below(3));
    if (step() != Status::ok) return 5;
    if (predict() != Status::ok) return 6;
  }
  return 0;
}
