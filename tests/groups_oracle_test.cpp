// TrainerConfig by parameter groups beside PyTorch's formulas in double precision: each group with its lr, weight_decay and
// maximize. The oracle gets the gradients of the loss, float by float, and keeps weights and state of its own.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "nets.hpp"

using namespace linnet_test;

namespace {

const auto kShape = linnet::topology(
    3, {{17, linnet::activation::tanh}, {2, linnet::activation::tanh}, {1, linnet::activation::identity}});

// One parameter, as torch.optim updates it.
struct Parameter {
  double w, lr, decay;
  double m = 0.0, v = 0.0, most = 0.0;

  void step(const linnet::Optimizer& o, double g, int t) {
    using linnet::OptimizerId;
    const OptimizerId id = id_of(o);
    const bool decoupled = id == OptimizerId::adamw || id == OptimizerId::adamw_amsgrad;
    const double mu = static_cast<double>(o.momentum), epsilon = static_cast<double>(o.epsilon);
    if (decoupled) {
      w -= lr * decay * w;
    } else {
      g += decay * w;
    }
    switch (id) {
      case OptimizerId::sgd:
        w -= lr * g;
        break;
      case OptimizerId::sgd_momentum:
        m = mu * m + g;
        w -= lr * m;
        break;
      case OptimizerId::sgd_nesterov:
        m = mu * m + g;
        w -= lr * (g + mu * m);
        break;
      case OptimizerId::adagrad:
        v += g * g;
        w -= lr * g / (std::sqrt(v) + epsilon);
        break;
      case OptimizerId::rmsprop:
        v = 0.99 * v + 0.01 * g * g;
        w -= lr * g / (std::sqrt(v) + epsilon);
        break;
      case OptimizerId::rmsprop_momentum:
        v = 0.99 * v + 0.01 * g * g;
        m = mu * m + g / (std::sqrt(v) + epsilon);
        w -= lr * m;
        break;
      default: {  // Adam and its kin
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        most = std::fmax(most, v);
        const bool amsgrad = id == OptimizerId::adam_amsgrad || id == OptimizerId::adamw_amsgrad;
        const double root = std::sqrt(amsgrad ? most : v) / std::sqrt(1.0 - std::pow(0.999, t));
        w -= lr / (1.0 - std::pow(0.9, t)) * m / (root + epsilon);
      }
    }
  }
};

// Every trainable parameter in the order of the layout, with the numbers of its group.
std::vector<Parameter> parameters_of(const Bench& bench, const linnet::GroupSettings& settings) {
  std::vector<Parameter> all;
  const linnet::Optimizer& o = bench.config.optimizer;
  const double decay = static_cast<double>(o.weight_decay);
  for (std::size_t l = 0; l < bench.topology.layer_count; ++l) {
    const double lr = static_cast<double>(o.learning_rate) * static_cast<double>(settings.rate_factors.data()[l]);
    const std::size_t weights = bench.network.weights(l).size();
    for (std::size_t k = 0; k < weights + bench.network.biases(l).size(); ++k) {
      const double w = static_cast<double>(bench.parameters[all.size()]);
      all.push_back({w, lr, k < weights || settings.decay_biases ? decay : 0.0});
    }
  }
  return all;
}

// The kept gradients, in the order of the layout.
std::vector<double> gradients_of(const Bench& bench) {
  std::vector<double> all;
  for (std::size_t l = 0; l < bench.topology.layer_count; ++l) {
    const linnet::ConstMatrix weights = bench.trainer.gradients(l);
    for (std::size_t k = 0; k < weights.rows() * weights.columns(); ++k) {
      all.push_back(static_cast<double>(weights.data()[k]));
    }
    for (const float g : bench.trainer.bias_gradients(l)) all.push_back(static_cast<double>(g));
  }
  return all;
}

void check(const linnet::Optimizer& optimizer, const linnet::GroupSettings& settings,
           const linnet::KernelTable& table) {
  Bench bench(kShape, {linnet::loss::mean_squared_error, optimizer, 6, linnet::Gradients::kept}, 1, table);
  REQUIRE(bench.status == Status::ok);
  for (std::size_t l = 0; l < bench.topology.layer_count; ++l) {
    for (float& bias : bench.network.biases(l)) bias += 0.75f;  // so that a decay of theirs shows
  }
  linnet::ParameterGroups groups;
  REQUIRE(groups.bind(bench.trainer, settings) == Status::ok);
  std::vector<Parameter> expected = parameters_of(bench, settings);
  for (int t = 1; t <= 25; ++t) {
    const Data data(6, 3, 1, 40 + static_cast<std::uint64_t>(t));
    REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    const std::vector<double> gradients = gradients_of(bench);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      expected[k].step(optimizer, settings.ascend ? -gradients[k] : gradients[k], t);
    }
  }
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CAPTURE(k);
    // 25 steps of a few roundings each: of weights up to 2 by 6e-8, of steps up to 0.2 by 1e-6 of their size
    CHECK(std::fabs(static_cast<double>(bench.parameters[k]) - expected[k].w) < 1e-5);
  }
}

}  // namespace

TEST_CASE("groups train as PyTorch's param_groups do, with every optimizer, up and down the loss, on every table") {
  const float factors[3] = {0.5f, 0.0f, 4.0f};
  for (const NamedOptimizer& named : optimizers()) {
    if (id_of(named.optimizer) == linnet::OptimizerId::rprop) continue;
    CAPTURE(std::string(named.name));
    linnet::Optimizer optimizer = named.optimizer.with_weight_decay(0.25f);
    optimizer.learning_rate = 0.01f;
    for (const linnet::KernelTable* table : all_tables()) {
      CAPTURE(std::string(linnet::to_string(*table)));
      for (const bool decay_biases : {false, true}) {
        for (const bool ascend : {false, true}) {
          check(optimizer, {factors, decay_biases, ascend}, *table);
        }
      }
    }
  }
}

TEST_CASE("gradient ascent climbs where descent goes down") {
  const Data data(6, 3, 1, 5);
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    linnet::Optimizer gentle = named.optimizer.with_weight_decay(0.0f);
    gentle.learning_rate = 1e-3f;
    for (const bool ascend : {false, true}) {
      Bench bench(kShape, {linnet::loss::mean_squared_error, gentle, 6}, 1);
      linnet::ParameterGroups groups;
      REQUIRE(groups.bind(bench.trainer, {{}, true, ascend}) == Status::ok);
      float before = 0.0f, after = 0.0f;
      REQUIRE(bench.trainer.evaluate(data.input_rows(), data.target_rows(), before) == Status::ok);
      for (int t = 0; t < 20; ++t) {
        REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
      }
      REQUIRE(bench.trainer.evaluate(data.input_rows(), data.target_rows(), after) == Status::ok);
      CHECK((after > before) == ascend);
    }
  }
}
