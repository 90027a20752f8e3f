// Learns to tell three species of iris apart on the smallest of boards: in less than 2 KB of RAM, stack included. Ten
// runs with ten splits into flowers to learn from and flowers to test on. The weights end the same on a computer.
#include <cstddef>
#include <cstdint>

#include <linnet/linnet.hpp>

#include "../data/iris.hpp"
#include "report.hpp"

namespace ln = linnet;

// Chosen on a quarter of the training flowers, held out, under seeds from 1000 on; never on test flowers.
static constexpr float kRate = 0.1f;
static constexpr std::size_t kEpochs = 20;
static constexpr auto kShape =
    ln::topology(iris::kFeatures, {{8, ln::activation::tanh}, {iris::kClasses, ln::activation::identity}});
static constexpr ln::TrainerConfig kConfig{ln::loss::softmax_cross_entropy, ln::optimizer::sgd(kRate), /*max_batch*/ 1};
static constexpr std::size_t kTrain = iris::kSamples * 3 / 4;
static constexpr std::size_t kTest = iris::kSamples - kTrain;
static constexpr std::size_t kRuns = 10;

static float model[ln::parameter_floats(kShape)];
static float memory[ln::trainer_floats(kShape, kConfig)];
static float scratch[ln::predictor_floats(kShape)];
static std::uint8_t order[iris::kSamples];  // numbers of flowers: first those to train on, then those to test on
static std::uint8_t least[iris::kFeatures];
static std::uint8_t most[iris::kFeatures];
static float flower[iris::kFeatures];

// Finds the range of every length among the training flowers. Ranges, not means and deviations: whole numbers, exact,
// and no square root.
static void find_ranges() {
  for (std::size_t f = 0; f < iris::kFeatures; ++f) {
    least[f] = most[f] = iris::kFlowers[order[0]][f];
    for (std::size_t i = 1; i < kTrain; ++i) {
      const std::uint8_t length = iris::kFlowers[order[i]][f];
      if (length < least[f]) least[f] = length;
      if (length > most[f]) most[f] = length;
    }
  }
}

// Brings the range of each length to [-1, 1].
static void load(std::size_t number) {
  for (std::size_t f = 0; f < iris::kFeatures; ++f) {
    const int twice_off_the_middle = 2 * iris::kFlowers[number][f] - least[f] - most[f];
    flower[f] = static_cast<float>(twice_off_the_middle) / static_cast<float>(most[f] - least[f]);
  }
}

static ln::Status train(ln::Trainer& trainer, ln::Pcg32& random) {
  for (std::size_t epoch = 0; epoch < kEpochs; ++epoch) {
    random.shuffle(ln::Span<std::uint8_t>(order, kTrain));
    for (std::size_t i = 0; i < kTrain; ++i) {
      const auto left = static_cast<float>(kEpochs * kTrain - static_cast<std::size_t>(trainer.steps()));
      const float rate = kRate * left / static_cast<float>(kEpochs * kTrain);  // falls to 0 in a straight line
      if (auto s = trainer.set_learning_rate(rate); s != ln::Status::ok) return s;
      load(order[i]);
      const std::uint16_t species = iris::kSpecies[order[i]];
      if (auto s = trainer.step(flower, {&species, 1}); s != ln::Status::ok) return s;
    }
  }
  return ln::Status::ok;
}

static ln::Status test(ln::Predictor& predictor, std::size_t& correct) {
  correct = 0;
  for (std::size_t i = kTrain; i < iris::kSamples; ++i) {
    float outputs[iris::kClasses];
    load(order[i]);
    if (auto s = predictor.predict(flower, outputs); s != ln::Status::ok) return s;
    if (results::largest(outputs) == iris::kSpecies[order[i]]) ++correct;
  }
  return ln::Status::ok;
}

static ln::Status learn(std::uint64_t seed, ln::Network& network, std::size_t& correct) {
  ln::Trainer trainer;
  ln::Predictor predictor;
  ln::Pcg32 random(seed);
  for (std::size_t i = 0; i < iris::kSamples; ++i) order[i] = static_cast<std::uint8_t>(i);
  random.shuffle(order);
  find_ranges();
  if (auto s = network.bind(kShape, model); s != ln::Status::ok) return s;
  if (auto s = ln::initialize(network, random); s != ln::Status::ok) return s;
  if (auto s = trainer.bind(network, kConfig, memory); s != ln::Status::ok) return s;
  if (auto s = train(trainer, random); s != ln::Status::ok) return s;
  if (auto s = predictor.bind(network, scratch); s != ln::Status::ok) return s;
  return test(predictor, correct);
}

static void write_accuracy(std::size_t correct, std::size_t of) {
  text::fixed(100.0f * static_cast<float>(correct) / static_cast<float>(of), 2, 13);
  board::write(" %");
}

int main() {
  board::write("Irises, a network of 4-8-3: 112 flowers to learn from, 38 others to test on.\n\n");
  board::write("seed  test accuracy  hash of weights\n");
  std::size_t sum = 0;
  for (std::size_t seed = 0; seed < kRuns; ++seed) {
    ln::Network network;
    std::size_t correct = 0;
    if (auto s = learn(seed, network, correct); s != ln::Status::ok) return report::refused(s);
    text::number(seed, 4);
    write_accuracy(correct, kTest);
    report::hash("  ", network);
    sum += correct;
  }
  board::write("mean");
  write_accuracy(sum, kRuns * kTest);
  board::write("\n\n");
  report::bytes("parameters       ", model);
  report::training_memory(memory, kShape.layer_count);
  report::contract();
  return 0;
}
