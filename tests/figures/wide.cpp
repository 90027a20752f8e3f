// One step of a network as large as a Raspberry Pi trains: 784-128-64-10, ReLU, softmax cross-entropy, plain gradient
// descent, batch 64; between two labels.
#include <linnet/linnet.hpp>

namespace {

constexpr auto kWide = linnet::topology(
    784, {{128, linnet::activation::relu}, {64, linnet::activation::relu}, {10, linnet::activation::softmax}});
constexpr std::size_t kBatch = 64;
constexpr linnet::TrainerConfig kPlan{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.05f), kBatch};

float model[linnet::parameter_floats(kWide)];
float memory[linnet::trainer_floats(kWide, kPlan)];
float inputs[kBatch][784];
std::uint16_t labels[kBatch];
linnet::Network network;
linnet::Trainer trainer;

[[gnu::noinline, gnu::noclone]] linnet::Status step() {
  __asm__ volatile("figures_step_begin:" ::: "memory");
  linnet::Status status = trainer.step(inputs, labels);
  __asm__ volatile("figures_step_end:" : "+r"(status)::"memory");
  return status;
}

}  // namespace

int main() {
  linnet::Pcg32 random(42);
  for (auto& row : inputs) {
    for (float& x : row) {
      x = random.uniform(0.0f, 1.0f);
    }
  }
  for (std::uint16_t& label : labels) {
    label = static_cast<std::uint16_t>(random.below(10));
  }
  if (network.bind(kWide, model) != linnet::Status::ok) return 1;
  if (linnet::initialize(network, random, linnet::initializer::kaiming_uniform) != linnet::Status::ok) return 2;
  if (trainer.bind(network, kPlan, memory) != linnet::Status::ok) return 3;
  for (int k = 0; k < 3; ++k) {
    if (step() != linnet::Status::ok) return 4;
  }
  return 0;
}
