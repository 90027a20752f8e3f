// Learns exclusive or and says so; uses the handles and the façade that owns its arrays.
#include <linnet/linnet.hpp>

#include <cstdio>

namespace {

constexpr auto kShape = linnet::topology(2, {{8, linnet::activation::tanh}, {1, linnet::activation::sigmoid}});
constexpr linnet::TrainerConfig kPlan{linnet::loss::binary_cross_entropy, linnet::optimizer::adam(0.05f), 4};

linnet::FixedNetwork<kShape> network;
linnet::FixedTrainer<kShape, kPlan> trainer;
float scratch[linnet::predictor_floats(kShape)];

constexpr float kInputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
constexpr float kTargets[4][1] = {{0}, {1}, {1}, {0}};

linnet::Status learn(float (&outputs)[4][1]) {
  linnet::Pcg32 random(42);
  linnet::Predictor predictor;
  if (const auto s = network.bind(); s != linnet::Status::ok) return s;
  if (const auto s = linnet::initialize(network, random); s != linnet::Status::ok) return s;
  if (const auto s = trainer.bind(network); s != linnet::Status::ok) return s;
  for (int step = 0; step < 500; ++step) {
    if (const auto s = trainer->step(kInputs, kTargets); s != linnet::Status::ok) return s;
  }
  if (const auto s = predictor.bind(network, scratch); s != linnet::Status::ok) return s;
  return predictor.predict(kInputs, outputs);
}

}  // namespace

int main() {
  float outputs[4][1];
  if (const auto s = learn(outputs); s != linnet::Status::ok) {
    std::printf("%s\n", linnet::to_string(s));
    return 1;
  }
  for (int b = 0; b < 4; ++b) {
    if ((outputs[b][0] > 0.5f) != (kTargets[b][0] > 0.5f)) {
      std::printf("row %d is not learnt\n", b);
      return 1;
    }
  }
  std::printf("learnt\n");
  return 0;
}
