// The training program, which keeps what it learned: peek() and load() at the start, save() after a step. With
// FIGURES_TRIAL on trial, and confirm() or revert() later.
#include <linnet/checkpoint.hpp>

#include "shape.hpp"

float figures_model[linnet::parameter_floats(kShape)];
float figures_memory[linnet::trainer_floats(kShape, kConfig)];
linnet::Network figures_network;
linnet::Trainer figures_trainer;

// The medium costs nothing: a register.
static bool figures_read(void*, std::uint32_t, void* to, std::size_t) {
  *static_cast<unsigned char*>(to) = static_cast<unsigned char>(port[0]);
  return true;
}
static bool figures_write(void*, std::uint32_t at, const void*, std::size_t) {
  port[0] = static_cast<float>(at);
  return true;
}
static bool figures_erase(void*, std::uint32_t at, std::uint32_t) {
  port[0] = static_cast<float>(at);
  return true;
}

int main() {
  linnet::Pcg32 random(42);
  if (figures_network.bind(kShape, figures_model) != linnet::Status::ok) return 1;
  if (linnet::initialize(figures_network, random, linnet::initializer::xavier_uniform) != linnet::Status::ok) return 2;
  if (figures_trainer.bind(figures_network, kConfig, figures_memory) != linnet::Status::ok) return 3;
  linnet::Store store{figures_read, figures_write, figures_erase, nullptr, nullptr, 8192, 8, 4096};
  const linnet::Checkpoint all{&figures_network, &figures_trainer};
  linnet::Kept kept;
  if (linnet::peek(store, all, kept) == linnet::Status::ok && linnet::load(store, all, kept) != linnet::Status::ok)
    return 4;
  for (;;) {
    const float inputs[1][4] = {{port[0], port[1], port[2], port[3]}};
    const Goals goals = {static_cast<Goal>(port[0])};
    if (figures_trainer.step(inputs, goals) != linnet::Status::ok) return 4;
    port[0] = figures_trainer.loss();
#ifdef FIGURES_TRIAL
    if (linnet::save(store, all, true) != linnet::Status::ok) return 5;
    if ((port[0] > 1.0f ? linnet::revert(store) : linnet::confirm(store)) != linnet::Status::ok) return 6;
#else
    if (linnet::save(store, all) != linnet::Status::ok) return 5;
#endif
  }
}
