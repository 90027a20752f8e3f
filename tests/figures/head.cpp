// A classifier of 32 numbers into 6, softmax cross-entropy, plain gradient descent, one sample a step: by itself, and behind
// a frozen layer of 32 units whose parameters are constant.
#include <linnet/linnet.hpp>

namespace {

constexpr auto kHead = linnet::topology(32, {{6, linnet::activation::softmax}});
constexpr auto kBehind = linnet::topology(16, {{32, linnet::activation::relu}, {6, linnet::activation::softmax}});
constexpr linnet::TrainerConfig kConfig{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.05f),
                                        /*max_batch*/ 1};

}  // namespace

// Named for tests/figures/measure.sh, which asks how large they are.
float figures_head_parameters[linnet::parameter_floats(kHead)];
float figures_head_memory[linnet::trainer_floats(kHead, kConfig)];
float figures_behind_parameters[linnet::trainable_floats(kBehind, 1)];
float figures_behind_memory[linnet::trainer_floats(kBehind, kConfig, 1)];

namespace {

float frozen[linnet::frozen_floats(kBehind, 1)];
linnet::Network head, behind;
linnet::Trainer head_trainer, behind_trainer;
float inputs[1][32];
float raw[1][16];
std::uint16_t labels[1];

[[gnu::noinline, gnu::noclone]] linnet::Status step_head() {
  __asm__ volatile("figures_head_begin:" ::: "memory");
  linnet::Status status = head_trainer.step(inputs, labels);
  __asm__ volatile("figures_head_end:" : "+r"(status)::"memory");
  return status;
}

[[gnu::noinline, gnu::noclone]] linnet::Status step_behind() {
  __asm__ volatile("figures_behind_begin:" ::: "memory");
  linnet::Status status = behind_trainer.step(raw, labels);
  __asm__ volatile("figures_behind_end:" : "+r"(status)::"memory");
  return status;
}

}  // namespace

int main() {
  using linnet::Status;
  linnet::Pcg32 random(42);
  if (head.bind(kHead, figures_head_parameters) != Status::ok) return 1;
  if (linnet::initialize(head, random, linnet::initializer::xavier_uniform) != Status::ok) return 2;
  if (head_trainer.bind(head, kConfig, figures_head_memory) != Status::ok) return 3;
  for (float& w : frozen) w = random.uniform(-0.5f, 0.5f);
  if (behind.bind(kBehind, frozen, figures_behind_parameters, 1) != Status::ok) return 4;
  if (behind_trainer.bind(behind, kConfig, figures_behind_memory) != Status::ok) return 5;
  for (int k = 0; k < 200; ++k) {
    for (float& x : inputs[0]) x = random.uniform(-1.0f, 1.0f);
    for (float& x : raw[0]) x = random.uniform(-1.0f, 1.0f);
    labels[0] = static_cast<std::uint16_t>(random.below(6));
    if (step_head() != Status::ok) return 6;
    if (step_behind() != Status::ok) return 7;
  }
  return 0;
}
