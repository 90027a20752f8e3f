// Somebody else's firmware: learns exclusive or and says so.
#include <linnet/linnet.hpp>

#include "board.hpp"

namespace ln = linnet;

static constexpr auto kShape = ln::topology(2, {{8, ln::activation::tanh}, {1, ln::activation::sigmoid}});
static constexpr ln::TrainerConfig kConfig{ln::loss::binary_cross_entropy, ln::optimizer::adam(0.05f), /*max_batch*/ 4};
static float model[ln::parameter_floats(kShape)];
static float memory[ln::trainer_floats(kShape, kConfig)];
static float rows[ln::predictor_floats(kShape)];

static constexpr float kInputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
static constexpr float kTargets[4][1] = {{0}, {1}, {1}, {0}};

static ln::Status learn(float (&outputs)[4][1]) {
  ln::Network network;
  ln::Trainer trainer;
  ln::Predictor predictor;
  ln::Pcg32 random(42);
  if (auto s = network.bind(kShape, model); s != ln::Status::ok) return s;
  if (auto s = ln::initialize(network, random); s != ln::Status::ok) return s;
  if (auto s = trainer.bind(network, kConfig, memory); s != ln::Status::ok) return s;
  for (int i = 0; i < 500; ++i) {
    if (auto s = trainer.step(kInputs, kTargets); s != ln::Status::ok) return s;
  }
  if (auto s = predictor.bind(network, rows); s != ln::Status::ok) return s;
  return predictor.predict(kInputs, outputs);
}

int main() {
  float outputs[4][1] = {};
  if (auto s = learn(outputs); s != ln::Status::ok) {
    board::write(ln::to_string(s));
    return 1;
  }
  for (int b = 0; b < 4; ++b) {
    if ((outputs[b][0] > 0.5f) != (kTargets[b][0] > 0.5f)) return 1;
  }
  board::write("learnt\n");
  return 0;
}
