// The smallest whole program: learns exclusive or. The same source builds for a board.
#include <cstdio>

#include <linnet/linnet.hpp>

namespace ln = linnet;

static constexpr auto kShape = ln::topology(2, {{8, ln::activation::tanh}, {1, ln::activation::sigmoid}});
static constexpr ln::TrainerConfig kConfig{ln::loss::binary_cross_entropy, ln::optimizer::adam(0.05f), /*max_batch*/ 4};
// the weights: keep
alignas(ln::kAlignment) static float model[ln::parameter_floats(kShape)];
// workspace and optimizer state: free again after training
alignas(ln::kAlignment) static float memory[ln::trainer_floats(kShape, kConfig)];
alignas(ln::kAlignment) static float rows[ln::predictor_floats(kShape)];

static constexpr float kInputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
static constexpr float kTargets[4][1] = {{0}, {1}, {1}, {0}};

static int report(ln::Status status) {
  std::printf("%s\n", ln::to_string(status));
  return 1;
}

int main() {
  ln::Network network;
  ln::Trainer trainer;
  ln::Predictor predictor;
  ln::Pcg32 rng(42);
  if (auto s = network.bind(kShape, model); s != ln::Status::ok) return report(s);
  if (auto s = ln::initialize(network, rng); s != ln::Status::ok) return report(s);
  if (auto s = trainer.bind(network, kConfig, memory); s != ln::Status::ok) return report(s);
  for (int i = 0; i < 500; ++i)
    if (auto s = trainer.step(kInputs, kTargets); s != ln::Status::ok) return report(s);

  float outputs[4][1];
  if (auto s = predictor.bind(network, rows); s != ln::Status::ok) return report(s);
  if (auto s = predictor.predict(kInputs, outputs); s != ln::Status::ok) return report(s);
  for (int b = 0; b < 4; ++b) std::printf("%d xor %d = %.3f\n", b / 2, b % 2, static_cast<double>(outputs[b][0]));
  std::printf("loss %.6f\n", static_cast<double>(trainer.loss()));
}
