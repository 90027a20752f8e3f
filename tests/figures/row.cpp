// Steps and predictions of a single row on vectors: those of 4-16-16-3 that shape.hpp describes, each between two labels.
#include "shape.hpp"

using linnet::Status;

namespace {

float model[linnet::parameter_floats(kShape)];
float memory[linnet::trainer_floats(kShape, kTraining)];
float scratch[linnet::predictor_floats(kShape)];
linnet::Network network;
linnet::Trainer trainer;
linnet::Predictor predictor;
float inputs[1][4];
std::uint16_t labels[1];
float outputs[1][3];

[[gnu::noinline, gnu::noclone]] Status step() {
  __asm__ volatile("figures_step_begin:" ::: "memory");
  Status status = trainer.step(inputs, labels);
  __asm__ volatile("figures_step_end:" : "+r"(status)::"memory");
  return status;
}

[[gnu::noinline, gnu::noclone]] Status predict() {
  __asm__ volatile("figures_predict_begin:" ::: "memory");
  Status status = predictor.predict(inputs, outputs);
  __asm__ volatile("figures_predict_end:" : "+r"(status)::"memory");
  return status;
}

}  // namespace

int main() {
  linnet::Pcg32 random(42);
  if (network.bind(kShape, model) != Status::ok) return 1;
  if (linnet::xavier_uniform(network, random) != Status::ok) return 2;
  if (trainer.bind(network, kTraining, memory) != Status::ok) return 3;
  if (predictor.bind(network, scratch) != Status::ok) return 4;
  for (int k = 0; k < 10; ++k) {
    for (float& x : inputs[0]) {
      x = random.uniform(-1.0f, 1.0f);
    }
    labels[0] = static_cast<std::uint16_t>(random.below(3));
    if (step() != Status::ok) return 5;
    if (predict() != Status::ok) return 6;
  }
  return 0;
}
