#include "golden.hpp"

#include <cstring>

namespace linnet_test {

namespace {

using linnet::Status;

class Hash {
 public:
  void add(std::uint32_t bits) {
    for (int byte = 0; byte < 4; ++byte) {
      value_ = (value_ ^ ((bits >> (8 * byte)) & 255u)) * 1099511628211u;
    }
  }
  void add(float x) {
    std::uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    add(bits);
  }
  void add(linnet::Span<const float> floats) {
    for (const float x : floats) {
      add(x);
    }
  }
  void add(Status status) { add(static_cast<std::uint32_t>(status)); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

constexpr std::size_t kMostBatch = 6;
constexpr std::size_t kMostParameters = 1200;
constexpr std::size_t kMostMemory = 4096;
constexpr std::size_t kInputs = 5;
constexpr std::size_t kOutputs = 3;

float parameters[kMostParameters];
float memory[kMostMemory];
float scratch[128];
float inputs[kMostBatch * kInputs];
float targets[kMostBatch * kOutputs];
std::uint16_t labels[kMostBatch];

linnet::Activation hidden(std::uint32_t k) {
  linnet::Activation found = linnet::activation::tanh;
  return linnet::find(static_cast<linnet::ActivationId>(1 + k % 17), found) == Status::ok ? found
                                                                                          : linnet::activation::tanh;
}

linnet::Optimizer optimizer(std::uint32_t k) {
  switch (k % 10) {
    case 0:
      return linnet::sgd(0.05f);
    case 1:
      return linnet::sgd(0.02f, 0.9f);
    case 2:
      return linnet::sgd_nesterov(0.01f, 0.8f).with_weight_decay(0.001f);
    case 3:
      return linnet::adam(0.01f);
    case 4:
      return linnet::adamw(0.005f, 0.1f);
    case 5:
      return linnet::rmsprop(0.002f);
    case 6:
      return linnet::rmsprop_momentum(0.001f, 0.7f);
    case 7:
      return linnet::adagrad(0.05f);
    case 8:
      return linnet::rprop(0.01f);
    default:
      return linnet::adam(0.01f, 0.8, 0.99).with_weight_decay(0.01f);
  }
}

const float kClassWeights[kOutputs] = {0.5f, 1.0f, 2.0f};

linnet::Loss loss(std::uint32_t k) {
  switch (k % 7) {
    case 0:
      return linnet::loss::mean_squared_error;
    case 1:
      return linnet::loss::mean_absolute_error;
    case 2:
      return linnet::loss::huber.with_delta(0.5f);
    case 3:
      return linnet::loss::binary_cross_entropy;
    case 4:
      return linnet::loss::softmax_cross_entropy;
    case 5:
      return linnet::loss::softmax_cross_entropy.with_label_smoothing(0.1f);
    default:
      return linnet::loss::softmax_cross_entropy.with_class_weights(kClassWeights);
  }
}

Status fill(linnet::Network& network, linnet::Pcg32& random, std::uint32_t k) {
  switch (k % 12) {
    case 0:
      return linnet::uniform(network, random, -0.3f, 0.3f);
    case 1:
      return linnet::normal(network, random, 0.0f, 0.3f);
    case 2:
      return linnet::truncated_normal(network, random, 0.0f, 0.4f, -0.5f, 0.8f);
    case 3:
      return linnet::xavier_uniform(network, random);
    case 4:
      return linnet::xavier_normal(network, random, 1.5f);
    case 5:
      return linnet::kaiming_uniform(network, random);
    case 6:
      return linnet::kaiming_normal(network, random);
    case 7:
      return linnet::orthogonal(network, random);
    case 8:
      return linnet::sparse(network, random, 0.25f, 0.5f);
    case 9:
      return linnet::linear_default(network, random);
    case 10:
      return linnet::identity(network);
    default:
      return linnet::automatic(network, random);
  }
}

void draw_batch(linnet::Pcg32& random, std::size_t rows, float scale) {
  for (std::size_t k = 0; k < rows * kInputs; ++k) {
    inputs[k] = random.normal(0.0f, scale);
  }
  for (std::size_t k = 0; k < rows * kOutputs; ++k) {
    targets[k] = random.uniform();
  }
  for (std::size_t k = 0; k < rows; ++k) {
    labels[k] = static_cast<std::uint16_t>(random.below(kOutputs));
  }
}

// One network, trained for `steps` steps of changing batch size and input scale, saturation included.
void run(Hash& hash, const linnet::KernelTable& kernels, std::uint32_t k, int steps) {
  linnet::Pcg32 random(k, 5);
  const bool by_labels = k % 7 >= 4;
  const linnet::Activation last = k % 7 < 3 ? hidden(k / 3) : linnet::activation::identity;
  const auto shape =
      linnet::topology(kInputs, {{17 + k % 5, hidden(k)}, {7 + k % 13, hidden(k + 5), k % 4 != 0}, {kOutputs, last}});
  linnet::Training training{loss(k), optimizer(k), k % 3 == 0 ? 1 : kMostBatch};
  training.clip_norm = k % 11 == 0 ? 0.5f : 0.0f;
  training.clip_value = k % 13 == 0 ? 0.1f : 0.0f;
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  hash.add(network.bind(shape, parameters));
  hash.add(fill(network, random, k));
  if (k % 6 == 5) {  // the first layer frozen
    const std::size_t first = linnet::frozen_floats(shape, 1);
    hash.add(network.bind(shape, {parameters, first}, {parameters + first, kMostParameters - first}, 1));
  }
  hash.add(trainer.bind(network, training, memory, kernels));
  for (int step = 0; step < steps; ++step) {
    const std::size_t rows = 1 + random.below(static_cast<std::uint32_t>(training.max_batch));
    draw_batch(random, rows, step % 50 == 49 ? 1000.0f : step % 50 == 48 ? 1e-12f : 1.0f);
    const linnet::Rows x(inputs, rows, kInputs);
    hash.add(by_labels ? trainer.step(x, linnet::Labels(labels, rows))
                       : trainer.step(x, linnet::Rows(targets, rows, kOutputs)));
    hash.add(trainer.loss());
  }
  hash.add(network.trainable());
  hash.add(trainer.state());
  float outputs[kMostBatch * kOutputs] = {};
  draw_batch(random, kMostBatch, 1.0f);
  hash.add(predictor.bind(network, scratch, kernels));
  hash.add(predictor.predict({inputs, kMostBatch, kInputs}, {outputs, kMostBatch, kOutputs}));
  hash.add(linnet::Span<const float>(outputs));
}

}  // namespace

std::uint64_t golden_hash(const linnet::KernelTable& kernels) {
  Hash hash;
  for (std::uint32_t k = 0; k < 210; ++k) {  // 10,500 steps
    run(hash, kernels, k, 50);
  }
  return hash.value();
}

}  // namespace linnet_test
