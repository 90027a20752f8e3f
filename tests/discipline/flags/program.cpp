// What flags.sh builds by hand: trains two small networks, predicts from subnormal numbers, and prints the hash of all
// that came out, and what self_check() says.
#include <cstdio>
#include <cstring>

#include <linnet/linnet.hpp>

namespace ln = linnet;

static constexpr auto kShape = ln::topology(5, {{9, ln::activation::tanh}, {3, ln::activation::softmax}});
static constexpr auto kLine = ln::topology(5, {{3, ln::activation::identity}});
static constexpr std::size_t kBatch = 7;  // the share of a row is no power of two

static std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
static void add(ln::Span<const float> floats) {
  for (const float x : floats) {
    std::uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    hash = (hash ^ bits) * 0x100000001b3u;
  }
}

static void draw(ln::Network& network, ln::Pcg32& random) {
  for (float& parameter : network.trainable()) {
    parameter = random.uniform(-0.5f, 0.5f);
  }
}

static bool train(const ln::Optimizer& optimizer) {
  static float model[ln::parameter_floats(kShape)], memory[4096], inputs[kBatch][5];
  std::uint16_t labels[kBatch];
  ln::Network network;
  ln::Trainer trainer;
  ln::Pcg32 random(42, 54);
  if (network.bind(kShape, model) != ln::Status::ok ||
      trainer.bind(network, {ln::loss::softmax_cross_entropy, optimizer, kBatch}, memory, ln::scalar_kernels()) !=
          ln::Status::ok) {
    return false;
  }
  draw(network, random);
  for (int step = 0; step < 200; ++step) {
    for (std::size_t row = 0; row < kBatch; ++row) {
      labels[row] = static_cast<std::uint16_t>(random.below(3));
      for (float& x : inputs[row]) {
        x = random.normal();
      }
    }
    if (trainer.step(inputs, labels) != ln::Status::ok) {
      return false;
    }
  }
  add(network.trainable());
  add(trainer.optimizer_state());
  return true;
}

static bool predict_subnormal() {
  float model[ln::parameter_floats(kLine)], inputs[kBatch][5], outputs[kBatch][3], rows[ln::predictor_floats(kLine)];
  ln::Network network;
  ln::Predictor predictor;
  ln::Pcg32 random(1, 2);
  if (network.bind(kLine, model) != ln::Status::ok ||
      predictor.bind(network, rows, ln::scalar_kernels()) != ln::Status::ok) {
    return false;
  }
  draw(network, random);
  for (auto& row : inputs) {
    for (float& x : row) {
      const std::uint32_t bits = random.below(0x00800000u);
      std::memcpy(&x, &bits, sizeof x);
    }
  }
  const ln::Status status = predictor.predict(inputs, outputs);
  add({outputs[0], kBatch * 3});
  return status == ln::Status::ok;
}

int main() {
  const bool good = train(ln::optimizer::adam(0.01f)) && train(ln::optimizer::sgd(0.05f, 0.9f)) && predict_subnormal();
  std::printf("%016llx %s\n", good ? static_cast<unsigned long long>(hash) : 0ull, ln::to_string(ln::self_check()));
}
