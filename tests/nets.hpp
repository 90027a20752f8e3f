// Networks, trainers and data for the tests, in vectors of exactly the size the layout asks for, so that a sanitizer
// sees a float too many.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "activations.hpp"
#include "tables.hpp"

namespace linnet_test {

using linnet::Status;

struct NamedOptimizer {
  const char* name;
  linnet::Optimizer optimizer;
};
inline std::vector<NamedOptimizer> optimizers() {
  return {{"sgd", linnet::optimizer::sgd(0.05f)},
          {"sgd with weight decay", linnet::optimizer::sgd(0.05f).with_weight_decay(0.01f)},
          {"momentum", linnet::optimizer::sgd(0.02f, 0.9f)},
          {"nesterov", linnet::optimizer::sgd_nesterov(0.02f, 0.9f).with_weight_decay(0.01f)},
          {"adam", linnet::optimizer::adam(0.01f)},
          {"adam with weight decay", linnet::optimizer::adam(0.01f).with_weight_decay(0.02f)},
          {"adamw", linnet::optimizer::adamw(0.01f, 0.05f)},
          {"adam with amsgrad", linnet::optimizer::adam_amsgrad(0.01f).with_weight_decay(0.02f)},
          {"adamw with amsgrad", linnet::optimizer::adamw_amsgrad(0.01f, 0.05f)},
          {"rmsprop", linnet::optimizer::rmsprop(0.005f)},
          {"rmsprop with momentum", linnet::optimizer::rmsprop_momentum(0.002f, 0.8f)},
          {"adagrad", linnet::optimizer::adagrad(0.05f)},
          {"rprop", linnet::optimizer::rprop(0.01f)}};
}

inline std::vector<float> random_floats(std::size_t n, std::uint64_t seed, float deviation = 1.0f) {
  linnet::Pcg32 random(seed, 7);
  std::vector<float> floats(n);
  for (float& x : floats) {
    x = random.normal(0.0f, deviation);
  }
  return floats;
}

inline std::uint64_t hash(linnet::Span<const float> floats, std::uint64_t start = 14695981039346656037u) {
  for (const float x : floats) {  // FNV-1a over the bits, low byte first
    std::uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    for (int byte = 0; byte < 4; ++byte) {
      start = (start ^ ((bits >> (8 * byte)) & 255u)) * 1099511628211u;
    }
  }
  return start;
}

inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

// A bound network and trainer; throws nothing, keeps the first Status that is not ok.
struct Bench {
  linnet::Topology topology;
  linnet::TrainerConfig config;
  std::vector<float> parameters;
  std::vector<float> memory;
  linnet::Network network;
  linnet::Trainer trainer;
  Status status = Status::ok;

  Bench(const linnet::Topology& shape, const linnet::TrainerConfig& how, std::uint64_t seed,
        const linnet::KernelTable& table = kernels())
      : topology(shape),
        config(how),
        parameters(linnet::parameter_floats(shape)),
        memory(linnet::trainer_floats(shape, how)) {
    status = network.bind(topology, {parameters.data(), parameters.size()});
    linnet::Pcg32 random(seed);
    if (status == Status::ok) {
      status = linnet::initialize(network, random, linnet::initializer::linear_default);
    }
    if (status == Status::ok) {
      status = trainer.bind(network, config, {memory.data(), memory.size()}, table);
    }
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  [[nodiscard]] std::vector<float> state() const {
    return {trainer.optimizer_state().begin(), trainer.optimizer_state().end()};
  }
  [[nodiscard]] float* state_memory() { return memory.data() + (trainer.optimizer_state().data() - memory.data()); }
};

// Rows of inputs, real targets in [0, 1], and labels, drawn from a seed.
struct Data {
  std::size_t rows, inputs, outputs;
  std::vector<float> x, t;
  std::vector<std::uint16_t> labels;

  Data(std::size_t count, std::size_t ins, std::size_t outs, std::uint64_t seed)
      : rows(count), inputs(ins), outputs(outs), x(random_floats(count * ins, seed)), t(count * outs), labels(count) {
    linnet::Pcg32 random(seed, 11);
    for (float& target : t) {
      target = random.uniform();
    }
    for (std::uint16_t& label : labels) {
      label = static_cast<std::uint16_t>(random.below(static_cast<std::uint32_t>(outs)));
    }
  }
  [[nodiscard]] linnet::ConstRows input_rows() const { return {x.data(), rows, inputs}; }
  [[nodiscard]] linnet::ConstRows target_rows() const { return {t.data(), rows, outputs}; }
  [[nodiscard]] linnet::Labels label_rows() const { return {labels.data(), rows}; }
};

}  // namespace linnet_test
