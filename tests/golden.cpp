#include "golden.hpp"

#include <cstring>

namespace linnet_test {

namespace {

using linnet::Status;
namespace activation = linnet::activation;

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
  void add_step(Status status, const linnet::Trainer& trainer) {
    add(status);
    add(trainer.loss());
    steps_ += status == Status::ok ? 1 : 0;
  }
  [[nodiscard]] GoldenRun result() const { return {value_, steps_}; }

 private:
  std::uint64_t value_ = 14695981039346656037u;
  std::uint32_t steps_ = 0;
};

constexpr std::size_t kInputs = 5;
constexpr std::size_t kOutputs = 3;
constexpr std::size_t kFewRows = 6;
constexpr std::size_t kManyRows = 17;  // more than two tiles of any kernel

// The largest topologies: their parameters and memory are what the runs need.
constexpr auto kDeep =
    linnet::topology(kInputs, {{21, activation::tanh}, {19, activation::tanh}, {kOutputs, activation::tanh}});
constexpr auto kWide = linnet::topology(kInputs, {{35, activation::tanh}, {kOutputs, activation::tanh}});
constexpr linnet::TrainerConfig most(std::size_t rows) {
  return {linnet::loss::mean_squared_error, linnet::optimizer::adam(), rows, linnet::Gradients::kept};
}
constexpr std::size_t larger(std::size_t a, std::size_t b) { return a > b ? a : b; }

float parameters[larger(linnet::parameter_floats(kDeep), linnet::parameter_floats(kWide))];
float memory[larger(linnet::trainer_floats(kDeep, most(kFewRows)), linnet::trainer_floats(kWide, most(kManyRows)))];
float scratch[larger(linnet::predictor_floats(kDeep), linnet::predictor_floats(kWide))];
float inputs[kManyRows * kInputs];
float targets[kManyRows * kOutputs];
std::uint16_t labels[kManyRows];

linnet::ConstRows input_rows(std::size_t rows) { return {inputs, rows, kInputs}; }
linnet::ConstRows target_rows(std::size_t rows) { return {targets, rows, kOutputs}; }
linnet::Labels label_rows(std::size_t rows) { return {labels, rows}; }

linnet::Activation hidden(std::uint32_t k) {
  linnet::Activation found = activation::tanh;
  return linnet::activation_of(static_cast<linnet::ActivationId>(1 + k % 17), found) == Status::ok ? found
                                                                                                   : activation::tanh;
}

linnet::Optimizer optimizer(std::uint32_t k) {
  switch (k % 10) {
    case 0:
      return linnet::optimizer::sgd(0.05f);
    case 1:
      return linnet::optimizer::sgd(0.02f, 0.9f);
    case 2:
      return linnet::optimizer::sgd_nesterov(0.01f, 0.8f).with_weight_decay(0.001f);
    case 3:
      return linnet::optimizer::adam(0.01f);
    case 4:
      return linnet::optimizer::adamw(0.005f, 0.1f);
    case 5:
      return linnet::optimizer::rmsprop(0.002f);
    case 6:
      return linnet::optimizer::rmsprop_momentum(0.001f, 0.7f);
    case 7:
      return linnet::optimizer::adagrad(0.05f);
    case 8:
      return linnet::optimizer::rprop(0.01f);
    default:
      return linnet::optimizer::adam(0.01f, 0.8, 0.99).with_weight_decay(0.01f);
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
      return linnet::initialize(network, random, linnet::initializer::uniform.with_bounds(-0.3f, 0.3f));
    case 1:
      return linnet::initialize(network, random, linnet::initializer::normal.with_stddev(0.3f));
    case 2:
      return linnet::initialize(network, random,
                                linnet::initializer::truncated_normal.with_stddev(0.4f).with_bounds(-0.5f, 0.8f));
    case 3:
      return linnet::initialize(network, random, linnet::initializer::xavier_uniform);
    case 4:
      return linnet::initialize(network, random, linnet::initializer::xavier_normal.with_gain(1.5f));
    case 5:
      return linnet::initialize(network, random, linnet::initializer::kaiming_uniform);
    case 6:
      return linnet::initialize(network, random, linnet::initializer::kaiming_normal);
    case 7:
      return linnet::initialize(network, random, linnet::initializer::orthogonal);
    case 8:
      return linnet::initialize(network, random, linnet::initializer::sparse(0.25f).with_stddev(0.5f));
    case 9:
      return linnet::initialize(network, random, linnet::initializer::linear_default);
    case 10:
      return linnet::initialize(network, random, linnet::initializer::identity);
    default:
      return linnet::initialize(network, random, linnet::initializer::automatic);
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

// What a run leaves behind, and what the network makes of the inputs that are there.
void add_end(Hash& hash, const linnet::KernelTable& kernels, const linnet::Network& network,
             const linnet::Trainer& trainer) {
  linnet::Predictor predictor;
  float outputs[kFewRows * kOutputs] = {};
  hash.add(network.trainable());
  hash.add(trainer.optimizer_state());
  hash.add(predictor.bind(network, scratch, kernels));
  hash.add(predictor.predict(input_rows(kFewRows), {outputs, kFewRows, kOutputs}));
  hash.add(linnet::Span<const float>(outputs));
}

// Everything against everything: one network, trained for 50 steps of changing batch size and input scale, saturation
// included.
void run_mixture(Hash& hash, const linnet::KernelTable& kernels, std::uint32_t k) {
  linnet::Pcg32 random(k, 5);
  const bool by_labels = k % 7 >= 4;
  const linnet::Activation last = k % 7 < 3 ? hidden(k / 3) : activation::identity;
  const auto shape =
      linnet::topology(kInputs, {{17 + k % 5, hidden(k)}, {7 + k % 13, hidden(k + 5), k % 4 != 0}, {kOutputs, last}});
  linnet::TrainerConfig config{loss(k), optimizer(k), k % 3 == 0 ? 1 : kFewRows};
  config.clip_norm = k % 11 == 0 ? 0.5f : 0.0f;
  config.gradients = k % 11 == 0 ? linnet::Gradients::kept : linnet::Gradients::fused;
  config.clip_value = k % 13 == 0 ? 0.1f : 0.0f;
  linnet::Network network;
  linnet::Trainer trainer;
  hash.add(network.bind(shape, parameters));
  hash.add(fill(network, random, k));
  if (k % 6 == 5) {  // the first layer frozen
    const linnet::Span<float> all(parameters);
    const std::size_t first = linnet::frozen_floats(shape, 1);
    hash.add(network.bind(shape, {all.data(), first}, {all.data() + first, all.size() - first}, 1));
  }
  hash.add(trainer.bind(network, config, memory, kernels));
  for (int step = 0; step < 50; ++step) {
    const std::size_t rows = 1 + random.below(static_cast<std::uint32_t>(config.max_batch));
    draw_batch(random, rows, step % 50 == 49 ? 1000.0f : step % 50 == 48 ? 1e-12f : 1.0f);
    hash.add_step(by_labels ? trainer.step(input_rows(rows), label_rows(rows))
                            : trainer.step(input_rows(rows), target_rows(rows)),
                  trainer);
  }
  draw_batch(random, kFewRows, 1.0f);
  add_end(hash, kernels, network, trainer);
}

// What the mixture leaves out: softmax and sigmoid behind their losses, rows of probabilities, parameters of
// activations, initializers of one tensor and without draws, gradients that accumulate, 1 to 4 layers, many rows.

linnet::Topology further_shape(std::uint32_t k, linnet::Activation last) {
  switch (k % 3) {
    case 0:
      return linnet::topology(kInputs, {{35, activation::leaky_relu.with_slope(0.2f)}, {kOutputs, last}});
    case 1:
      return linnet::topology(
          kInputs,
          {{9, activation::tanh}, {8, activation::elu.with_alpha(0.5f)}, {7, activation::silu}, {kOutputs, last}});
    default:
      return linnet::topology(kInputs, {{kOutputs, last}});
  }
}

Status fill_tensors(linnet::Network& network, linnet::Pcg32& random, std::uint32_t k) {
  const linnet::Matrix first = network.weights(0);
  switch (k % 8) {
    case 0:
      return linnet::initialize(network, random, linnet::initializer::zeros);
    case 1:
      return linnet::initialize(network, random, linnet::initializer::ones);
    case 2:
      return linnet::initialize(network, random, linnet::initializer::constant(0.125f));
    case 3:
      return linnet::initialize(first, random,
                                linnet::initializer::xavier_uniform.with_gain(linnet::gain(activation::tanh)));
    case 4:
      return linnet::initialize(first, random,
                                linnet::initializer::kaiming_normal.with_mode(linnet::Mode::fan_out)
                                    .with_gain(linnet::gain(linnet::activation::leaky_relu.with_slope(0.2f))));
    case 5:
      return linnet::initialize(first, random,
                                linnet::initializer::truncated_normal.with_stddev(0.5f).with_bounds(1.5f, 2.0f));
    case 6:
      return linnet::initialize(network, 0, random, linnet::initializer::linear_default);
    default:
      return linnet::initialize(first, random, linnet::initializer::orthogonal.with_gain(0.5f));
  }
}

linnet::TrainerConfig further_training(std::uint32_t k, linnet::Activation& last) {
  linnet::TrainerConfig config{linnet::loss::softmax_cross_entropy, optimizer(k), kManyRows};
  config.gradients = k % 2 == 0 ? linnet::Gradients::kept : linnet::Gradients::fused;
  config.clip_norm = k % 10 == 4 ? 0.5f : 0.0f;
  last = k % 5 == 0 ? activation::identity : activation::softmax;
  if (k % 5 == 1) {
    config.loss = config.loss.with_label_smoothing(0.1f);
  } else if (k % 5 == 2) {
    config.loss = config.loss.with_class_weights(kClassWeights);
  } else if (k % 5 == 3) {
    config.loss = linnet::loss::binary_cross_entropy;
    last = activation::sigmoid;
  }
  return config;
}

void run_further(Hash& hash, const linnet::KernelTable& kernels, std::uint32_t k) {
  linnet::Pcg32 random(k, 6);
  linnet::Activation last{};
  const linnet::TrainerConfig config = further_training(k, last);
  const auto shape = further_shape(k, last);
  linnet::Network network;
  linnet::Trainer trainer;
  hash.add(network.bind(shape, parameters));
  hash.add(fill(network, random, k));
  hash.add(fill_tensors(network, random, k));
  hash.add(trainer.bind(network, config, memory, kernels));
  for (int step = 0; step < 20; ++step) {
    const std::size_t rows = 1 + random.below(kManyRows);
    draw_batch(random, rows, 1.0f);
    if (config.gradients.keeps && step % 4 != 3) {
      hash.add(trainer.accumulate(input_rows(rows), target_rows(rows)));
      draw_batch(random, rows, 1.0f);
      hash.add(trainer.accumulate(input_rows(rows), target_rows(rows)));
      hash.add_step(trainer.apply(0.5f), trainer);
    } else if (k % 5 < 3 && step % 2 == 1) {
      hash.add_step(trainer.step(input_rows(rows), label_rows(rows)), trainer);
    } else {
      hash.add_step(trainer.step(input_rows(rows), target_rows(rows)), trainer);
    }
    if (step == 10) {
      hash.add(trainer.set_learning_rate(0.5f * trainer.learning_rate()));
    }
  }
  draw_batch(random, kManyRows, 1.0f);
  float all_rows = 0.0f;
  hash.add(trainer.evaluate(input_rows(kManyRows), target_rows(kManyRows), all_rows));
  hash.add(all_rows);
  add_end(hash, kernels, network, trainer);
}

// ---- Subnormal numbers. They are made of bits, so that only the library's arithmetic decides what becomes of them.

float subnormal(linnet::Pcg32& random) {
  const std::uint32_t bits = random.bits() & 0x807fffffu;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

void make_subnormal(linnet::Pcg32& random, linnet::Span<float> floats) {
  for (float& x : floats) {
    x = subnormal(random);
  }
}

// Subnormal inputs, or subnormal weights and biases in a frozen first layer, that a large factor brings back: every
// activation sees what is left of them.
void run_brought_back(Hash& hash, const linnet::KernelTable& kernels, std::uint32_t k, bool by_weights) {
  linnet::Pcg32 random(k, by_weights ? 7 : 8);
  const auto shape =
      linnet::topology(kInputs, {{17 + k % 5, hidden(k)}, {7, activation::tanh}, {kOutputs, activation::identity}});
  const linnet::TrainerConfig config{loss(k), optimizer(k), kFewRows};
  linnet::Network network;
  linnet::Trainer trainer;
  hash.add(network.bind(shape, parameters));
  hash.add(linnet::initialize(network, random, linnet::initializer::automatic));
  if (by_weights) {
    const linnet::Span<float> all(parameters);
    const std::size_t first = linnet::frozen_floats(shape, 1);
    make_subnormal(random, {all.data(), first});
    hash.add(network.bind(shape, {all.data(), first}, {all.data() + first, all.size() - first}, 1));
  } else {
    hash.add(linnet::initialize(network.weights(0), random, linnet::initializer::normal.with_stddev(3e37f)));
  }
  hash.add(trainer.bind(network, config, memory, kernels));
  for (int step = 0; step < 20; ++step) {
    const std::size_t rows = 1 + random.below(kFewRows);
    draw_batch(random, rows, 3e37f);
    if (!by_weights) {
      make_subnormal(random, {inputs, rows * kInputs});
    }
    hash.add_step(k % 7 >= 4 ? trainer.step(input_rows(rows), label_rows(rows))
                             : trainer.step(input_rows(rows), target_rows(rows)),
                  trainer);
  }
  add_end(hash, kernels, network, trainer);
}

linnet::Optimizer careful(std::uint32_t k) {
  switch (k % 7) {
    case 0:
      return linnet::optimizer::adam(1e-3f, 0.9, 0.999, 1e-20f);
    case 1:
      return linnet::optimizer::adamw(1e-3f, 0.01f, 0.9, 0.999, 1e-20f);
    case 2:
      return linnet::optimizer::rmsprop(1e-3f, 0.99, 1e-20f);
    case 3:
      return linnet::optimizer::rmsprop_momentum(1e-3f, 0.7f, 0.99, 1e-20f);
    case 4:
      return linnet::optimizer::adagrad(1e-3f, 1e-20f);
    case 5:
      return linnet::optimizer::rprop(1e-3f);
    default:
      return linnet::optimizer::sgd(0.1f, 0.9f);
  }
}

// Inputs about 1e-20: the squares of gradients are subnormal, and the optimizer divides by their root.
void run_tiny_squares(Hash& hash, const linnet::KernelTable& kernels, std::uint32_t k) {
  linnet::Pcg32 random(k, 9);
  const auto shape = linnet::topology(kInputs, {{17, activation::tanh}, {kOutputs, activation::identity, false}});
  linnet::TrainerConfig config{linnet::loss::mean_squared_error, careful(k), kFewRows};
  config.gradients = k % 2 == 0 ? linnet::Gradients::kept : linnet::Gradients::fused;
  linnet::Network network;
  linnet::Trainer trainer;
  hash.add(network.bind(shape, parameters));
  hash.add(linnet::initialize(network, random, linnet::initializer::automatic));
  hash.add(trainer.bind(network, config, memory, kernels));
  for (int step = 0; step < 20; ++step) {
    const std::size_t rows = k % 3 == 0 ? 1 : 1 + random.below(kFewRows);
    draw_batch(random, rows, 1e-20f);
    hash.add_step(trainer.step(input_rows(rows), target_rows(rows)), trainer);
  }
  add_end(hash, kernels, network, trainer);
}

// Everything subnormal: weights, targets, outputs, gradients, optimizer state. Rprop and the mean absolute error take
// the signs of such numbers, so that ordinary weights come of them.
void run_all_subnormal(Hash& hash, const linnet::KernelTable& kernels, std::uint32_t k) {
  linnet::Pcg32 random(k, 10);
  const auto shape = linnet::topology(kInputs, {{17, hidden(k)}, {kOutputs, activation::identity}});
  linnet::TrainerConfig config{loss(k % 3), careful(k), kFewRows};
  config.gradients = k % 2 == 0 || k % 5 == 1 ? linnet::Gradients::kept : linnet::Gradients::fused;
  config.clip_value = k % 5 == 0 ? 5e-39f : 0.0f;
  config.clip_norm = k % 5 == 1 ? 1e-39f : 0.0f;
  linnet::Network network;
  linnet::Trainer trainer;
  hash.add(network.bind(shape, parameters));
  make_subnormal(random, network.trainable());
  hash.add(trainer.bind(network, config, memory, kernels));
  for (int step = 0; step < 20; ++step) {
    const std::size_t rows = 1 + random.below(kFewRows);
    draw_batch(random, rows, 1.0f);
    make_subnormal(random, {targets, rows * kOutputs});
    hash.add_step(trainer.step(input_rows(rows), target_rows(rows)), trainer);
  }
  add_end(hash, kernels, network, trainer);
}

const GoldenHashes& stored() { return linnet::contract() == linnet::Contract::fused ? kGoldenFused : kGoldenSeparate; }

}  // namespace

GoldenRun golden_training(const linnet::KernelTable& kernels) {
  Hash hash;
  for (std::uint32_t k = 0; k < 210; ++k) {
    run_mixture(hash, kernels, k);
  }
  for (std::uint32_t k = 0; k < 60; ++k) {
    run_further(hash, kernels, k);
  }
  return hash.result();
}

GoldenRun golden_subnormal(const linnet::KernelTable& kernels) {
  Hash hash;
  for (std::uint32_t k = 0; k < 17; ++k) {
    run_brought_back(hash, kernels, k, false);
    run_brought_back(hash, kernels, k, true);
    run_tiny_squares(hash, kernels, k);
    run_all_subnormal(hash, kernels, k);
  }
  return hash.result();
}

std::uint64_t expected_training(const linnet::KernelTable&) { return stored().training; }
std::uint64_t expected_subnormal(const linnet::KernelTable& kernels) {
  return std::strcmp(linnet::to_string(kernels), "neon") == 0 ? stored().subnormal_neon : stored().subnormal;
}

}  // namespace linnet_test
