// Losses and updates against PyTorch: torch_runs.hpp has what torch_runs.py recorded.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "tables.hpp"
#include "torch_runs.hpp"

namespace a = linnet::activation;
namespace optimizer = linnet::optimizer;
using linnet::Status;

namespace {

constexpr std::size_t kRows = 8, kInputs = 4, kHidden = 5, kSteps = 20;

// As torch_runs.py forms them.
std::vector<float> fractions(std::size_t count, int step, int period, float over) {
  std::vector<float> all;
  all.reserve(count);
  const int middle = period / 2;
  for (int k = 0; k < static_cast<int>(count); ++k) {
    all.push_back(static_cast<float>((k * step) % period - middle) / over);
  }
  return all;
}

struct Run {
  std::string name;
  linnet::TrainerConfig config;
  std::size_t outputs = config.loss.descriptor == linnet::loss::own.descriptor && name == "pinball" ? 1 : 3;
  linnet::Topology shape = linnet::topology(kInputs, {{kHidden, a::tanh}, {outputs, a::identity}});
  std::vector<float> parameters = std::vector<float>(linnet::parameter_floats(shape));
  std::vector<float> memory = std::vector<float>(linnet::trainer_floats(shape, config));
  std::vector<float> x = fractions(kRows * kInputs, 7, 17, 8.0f);
  std::vector<float> t = fractions(kRows * outputs, 5, 13, 6.0f);
  std::vector<float> row_weights = fractions(kRows, 3, 5, 2.0f);
  std::vector<std::uint16_t> labels;
  linnet::Network network{};
  linnet::Trainer trainer{};

  Run(const char* called, const linnet::TrainerConfig& how) : name(called), config(how) {
    REQUIRE(network.bind(shape, parameters) == Status::ok);
    fill(0, 37, 11);
    fill(1, 29, 13);
    REQUIRE(trainer.bind(network, config, memory, linnet_test::kernels()) == Status::ok);
    for (float& w : row_weights) w = std::max(w + 1.0f, 0.0f);
    for (std::size_t b = 0; b < kRows; ++b) {
      const bool ignored = name == "ignored_labels" && b % 3 == 1;
      labels.push_back(ignored ? linnet::kIgnored : static_cast<std::uint16_t>(5 * b % 3));
    }
    if (name == "positive_weights") {
      t = fractions(kRows * outputs, 5, 13, 12.0f);
      for (float& y : t) y = std::min(std::max(y + 0.5f, 0.0f), 1.0f);
    }
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void fill(std::size_t l, int of_weights, int of_biases) const {
    const linnet::Matrix w = network.weights(l);
    const std::vector<float> values = fractions(w.size(), of_weights, 23, 16.0f);
    for (std::size_t o = 0; o < w.rows(); ++o) {
      for (std::size_t i = 0; i < w.columns(); ++i) w(o, i) = values[o * w.columns() + i];
    }
    const std::vector<float> biases = fractions(w.rows(), of_biases, 23, 16.0f);
    std::copy(biases.begin(), biases.end(), network.biases(l).begin());
  }

  [[nodiscard]] linnet::ConstRows inputs() const { return {x.data(), kRows, kInputs}; }
  [[nodiscard]] linnet::ConstRows targets() const { return {t.data(), kRows, outputs}; }
  [[nodiscard]] bool own() const { return config.loss.descriptor == linnet::loss::own.descriptor; }
  [[nodiscard]] bool by_labels() const {
    return name == "weighted_labels" || name == "weighted_classes" || name == "ignored_labels";
  }

  // The loss of the program's own, by its outputs.
  double slopes(const std::vector<float>& y, std::vector<float>& d) const {
    double loss = 0.0;
    for (std::size_t b = 0; b < kRows; ++b) {
      if (name == "pinball") {
        const float e = t[b] - y[b];
        d[b] = e > 0.0f ? -0.9f : 0.1f;
        loss += static_cast<double>(e > 0.0f ? 0.9f * e : -0.1f * e) / kRows;
        continue;
      }
      const std::vector<float> advantages = fractions(kRows, 5, 13, 6.0f);
      double sum = 0.0;
      for (std::size_t o = 0; o < 3; ++o) sum += std::exp(static_cast<double>(y[3 * b + o]));
      for (std::size_t o = 0; o < 3; ++o) {
        const double p = std::exp(static_cast<double>(y[3 * b + o])) / sum;
        d[3 * b + o] = static_cast<float>(static_cast<double>(advantages[b]) * (p - (labels[b] == o ? 1.0 : 0.0)));
        if (labels[b] == o) loss -= static_cast<double>(advantages[b]) * std::log(p) / kRows;
      }
    }
    return loss;
  }

  double evaluate() {
    float loss = 0.0f;
    if (own()) {
      std::vector<float> y(kRows * outputs), d(y.size());
      REQUIRE(trainer.forward(inputs(), {y.data(), kRows, outputs}) == Status::ok);
      return slopes(y, d);
    }
    const bool weighted = name.find("weighted") == 0;
    const Status status = by_labels()
                              ? (weighted ? trainer.evaluate(inputs(), linnet::Labels(labels), row_weights, loss)
                                          : trainer.evaluate(inputs(), linnet::Labels(labels), loss))
                              : (weighted ? trainer.evaluate(inputs(), targets(), row_weights, loss)
                                          : trainer.evaluate(inputs(), targets(), loss));
    REQUIRE(status == Status::ok);
    return static_cast<double>(loss);
  }

  Status step() {
    if (own()) {
      std::vector<float> y(kRows * outputs), d(y.size());
      if (const Status s = trainer.forward(inputs(), {y.data(), kRows, outputs}); s != Status::ok) return s;
      slopes(y, d);
      return trainer.step_from(inputs(), {d.data(), kRows, outputs}, 1.0f / kRows);
    }
    const bool weighted = name.find("weighted") == 0;
    if (by_labels()) {
      return weighted ? trainer.step(inputs(), linnet::Labels(labels), row_weights)
                      : trainer.step(inputs(), linnet::Labels(labels));
    }
    return weighted ? trainer.step(inputs(), targets(), row_weights) : trainer.step(inputs(), targets());
  }

  // Of the parameters, in PyTorch's order.
  [[nodiscard]] std::vector<float> values() const {
    std::vector<float> all;
    for (std::size_t l = 0; l < 2; ++l) {
      const linnet::ConstMatrix w = network.read_weights(l);
      for (std::size_t o = 0; o < w.rows(); ++o) {
        for (std::size_t i = 0; i < w.columns(); ++i) all.push_back(w(o, i));
      }
      for (const float bias : network.read_biases(l)) all.push_back(bias);
    }
    return all;
  }
};

const float kClasses[3] = {1.0f, 2.0f, 0.5f};

linnet::TrainerConfig config_of(const std::string& name) {
  using linnet::Loss;
  const Loss squares = linnet::loss::mean_squared_error;
  const Loss labels = linnet::loss::softmax_cross_entropy;
  const linnet::Optimizer momentum = optimizer::sgd(0.1f, 0.9f);
  const std::pair<const char*, linnet::TrainerConfig> all[] = {
      {"pinball", {linnet::loss::own, optimizer::adam(0.01f), kRows}},
      {"policy_gradient", {linnet::loss::own, momentum, kRows}},
      {"weighted_squares", {squares, optimizer::sgd(0.1f), kRows}},
      {"weighted_labels", {labels, optimizer::adam(0.01f), kRows}},
      {"weighted_classes", {labels.with_class_weights(kClasses), optimizer::adam(0.01f), kRows}},
      {"positive_weights", {linnet::loss::binary_cross_entropy.with_positive_weights(kClasses), momentum, kRows}},
      {"ignored_labels", {labels.with_ignored_labels(), optimizer::adam(0.01f), kRows}},
      {"smooth_l1", {linnet::loss::smooth_l1.with_beta(0.25f), optimizer::sgd(0.1f), kRows}},
      {"adam_amsgrad", {squares, optimizer::adam_amsgrad(0.05f, 0.8, 0.9), kRows}},
      {"adamw_amsgrad", {squares, optimizer::adamw_amsgrad(0.05f, 0.1f, 0.8, 0.9), kRows}},
      {"groups", {squares, momentum.with_weight_decay(0.05f), kRows}},
      {"groups_adamw", {squares, optimizer::adamw(0.02f, 0.1f), kRows}},
      {"ascent", {squares, optimizer::sgd(0.02f, 0.5f).with_weight_decay(0.01f), kRows}}};
  const auto* found =
      std::find_if(std::begin(all), std::end(all), [&name](const auto& one) { return one.first == name; });
  REQUIRE(found != std::end(all));
  return found->second;
}

}  // namespace

TEST_CASE("20 steps with own losses, weights, ignored labels, AMSGrad and groups end where PyTorch's end") {
  for (const torch_runs::Run& expected : torch_runs::runs()) {
    CAPTURE(std::string(expected.name));
    Run run(expected.name, config_of(expected.name));
    linnet::ParameterGroups groups;
    const float halves[2] = {0.5f, 2.0f}, still[2] = {0.0f, 2.0f};
    if (run.name == "groups") REQUIRE(groups.bind(run.trainer, {halves, false}) == Status::ok);
    if (run.name == "groups_adamw") REQUIRE(groups.bind(run.trainer, {still, false}) == Status::ok);
    if (run.name == "ascent") REQUIRE(groups.bind(run.trainer, {{}, true, true}) == Status::ok);
    // a loss is a sum of 24 terms around 1, each rounded a few times
    CHECK(run.evaluate() == doctest::Approx(expected.first_loss).epsilon(2e-6));
    for (std::size_t step = 0; step < kSteps; ++step) REQUIRE(run.step() == Status::ok);
    CHECK(run.evaluate() == doctest::Approx(expected.last_loss).epsilon(1e-5));
    const std::vector<float> values = run.values();
    REQUIRE(values.size() == expected.parameters.size());
    double worst = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      worst = std::max(worst, std::fabs(static_cast<double>(values[k]) - expected.parameters[k]));
    }
    CAPTURE(worst);
    CHECK(worst < 1e-5);  // 20 steps from parameters around 1, each off by some 2^-24
  }
}
