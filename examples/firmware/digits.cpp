// Learns to read handwritten digits, 8x8 pixels each, on a microcontroller. The images stay in flash; 14 KB of RAM hold
// the network, what it takes to train it and the order of the images. The weights end the same on a computer.
#include <cstddef>
#include <cstdint>

#include <linnet/linnet.hpp>

#include "../data/digits.hpp"
#include "report.hpp"

namespace ln = linnet;

// Chosen on a quarter of the training images, held out, under seeds from 1000 on; never on test images.
static constexpr float kRate = 0.05f;
static constexpr std::size_t kEpochs = 15;
static constexpr std::uint64_t kSeed = 0;  // of the split, the first weights and the order
static constexpr auto kShape =
    ln::topology(digits::kPixels, {{32, ln::activation::relu}, {digits::kClasses, ln::activation::identity}});
static constexpr ln::TrainerConfig kConfig{ln::loss::softmax_cross_entropy, ln::optimizer::sgd(kRate), /*max_batch*/ 1};
static constexpr std::size_t kTrain = digits::kSamples * 3 / 4;
static constexpr std::size_t kTest = digits::kSamples - kTrain;

static float model[ln::parameter_floats(kShape)];
static float memory[ln::trainer_floats(kShape, kConfig)];
static float scratch[ln::predictor_floats(kShape)];
static std::uint16_t order[digits::kSamples];  // numbers of images: first those to train on, then those to test on
static float pixels[digits::kPixels];

static void load(std::size_t image) {
  for (std::size_t i = 0; i < digits::kPixels; ++i) {
    pixels[i] = static_cast<float>(digits::kImages[image][i]) * (1.0f / 16.0f);
  }
}

// One epoch over the training images, in a new order; `loss` is the mean over the epoch. The rate falls to 0 in a straight
// line.
static ln::Status train(ln::Trainer& trainer, ln::Pcg32& random, float& loss) {
  random.shuffle(ln::Span<std::uint16_t>(order, kTrain));
  float sum = 0.0f;
  for (std::size_t i = 0; i < kTrain; ++i) {
    const auto left = static_cast<float>(kEpochs * kTrain - static_cast<std::size_t>(trainer.steps()));
    if (auto s = trainer.set_learning_rate(kRate * left / static_cast<float>(kEpochs * kTrain)); s != ln::Status::ok)
      return s;
    load(order[i]);
    if (auto s = trainer.step(pixels, {&digits::kLabels[order[i]], 1}); s != ln::Status::ok) return s;
    sum += trainer.loss();
  }
  loss = sum / static_cast<float>(kTrain);
  return ln::Status::ok;
}

static ln::Status test(ln::Predictor& predictor, std::size_t& correct) {
  correct = 0;
  for (std::size_t i = kTrain; i < digits::kSamples; ++i) {
    float outputs[digits::kClasses];
    load(order[i]);
    if (auto s = predictor.predict(pixels, outputs); s != ln::Status::ok) return s;
    if (results::largest(outputs) == digits::kLabels[order[i]]) ++correct;
  }
  return ln::Status::ok;
}

static ln::Status learn(ln::Network& network) {
  ln::Trainer trainer;
  ln::Predictor predictor;
  ln::Pcg32 random(kSeed);
  for (std::size_t i = 0; i < digits::kSamples; ++i) order[i] = static_cast<std::uint16_t>(i);
  random.shuffle(order);
  if (auto s = network.bind(kShape, model); s != ln::Status::ok) return s;
  if (auto s = ln::initialize(network, random); s != ln::Status::ok) return s;
  if (auto s = trainer.bind(network, kConfig, memory); s != ln::Status::ok) return s;
  if (auto s = predictor.bind(network, scratch); s != ln::Status::ok) return s;
  board::write("epoch  train loss  test accuracy\n");
  for (std::size_t epoch = 1; epoch <= kEpochs; ++epoch) {
    float loss = 0.0f;
    std::size_t correct = 0;
    if (auto s = train(trainer, random, loss); s != ln::Status::ok) return s;
    if (auto s = test(predictor, correct); s != ln::Status::ok) return s;
    text::number(epoch, 5);
    text::fixed(loss, 4, 12);
    text::fixed(100.0f * static_cast<float>(correct) / static_cast<float>(kTest), 2, 13);
    board::write(" %\n");
  }
  return ln::Status::ok;
}

int main() {
  board::write("Handwritten digits, a network of 64-32-10: 1347 images to learn from, 450 others to test on.\n\n");
  ln::Network network;
  if (auto s = learn(network); s != ln::Status::ok) return report::refused(s);
  board::write("\n");
  report::bytes("parameters       ", model);
  report::training_memory(memory, kShape.layer_count);
  report::contract();
  report::hash("hash of weights  ", network);
  return 0;
}
