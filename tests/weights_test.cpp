// A weight per row: sum(w l) / rows, where l is the loss of a row; with class weights c of labels sum(w c l) / sum(c).
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "nets.hpp"
#include "weighted_losses.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::RowWeights;
using linnet::TrainerConfig;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

linnet::Topology shape_of(const WeightedCase& loss, std::size_t outputs) {
  return linnet::topology(5, {{19, linnet::activation::tanh}, {outputs, loss.last}});
}

Status step(linnet::Trainer& trainer, const WeightedCase& loss, const Data& data) {
  return loss.labels ? trainer.step(data.input_rows(), data.label_rows())
                     : trainer.step(data.input_rows(), data.target_rows());
}
Status step(linnet::Trainer& trainer, const WeightedCase& loss, const Data& data, RowWeights weights) {
  return loss.labels ? trainer.step(data.input_rows(), data.label_rows(), weights)
                     : trainer.step(data.input_rows(), data.target_rows(), weights);
}
Status evaluate(linnet::Trainer& trainer, const WeightedCase& loss, const Data& data, RowWeights weights, float& mean) {
  return loss.labels ? trainer.evaluate(data.input_rows(), data.label_rows(), weights, mean)
                     : trainer.evaluate(data.input_rows(), data.target_rows(), weights, mean);
}
Status accumulate(linnet::Trainer& trainer, const WeightedCase& loss, const Data& data, RowWeights weights) {
  return loss.labels ? trainer.accumulate(data.input_rows(), data.label_rows(), weights)
                     : trainer.accumulate(data.input_rows(), data.target_rows(), weights);
}

std::vector<float> some_weights(std::size_t rows) {
  std::vector<float> weights;
  float weight = 0.3f;  // a sum: of a product by b GCC 12 makes code that the assembler of a Cortex-M55 does not know
  for (std::size_t b = 0; b < rows; ++b, weight += 0.7f) weights.push_back(b % 4 == 3 ? 0.0f : weight);
  return weights;
}

// Takes the gradients of one batch and compares loss and gradients with the oracle's and its central differences.
void compare_gradients(const WeightedCase& loss, std::size_t outputs, std::size_t rows) {
  const auto shape = shape_of(loss, outputs);
  Bench bench(shape, {loss.loss, linnet::optimizer::sgd(0.1f), rows, Gradients::kept}, 3);
  REQUIRE(bench.status == Status::ok);
  const Data data = data_for(rows, outputs, 77 + rows);
  const std::vector<float> weights = some_weights(rows);
  REQUIRE(accumulate(bench.trainer, loss, data, weights) == Status::ok);

  auto layers = oracle_of(bench.network, {"tanh", loss.activation});
  const std::vector<double> x(data.x.begin(), data.x.end());
  const auto value = [&] {
    return weighted_oracle_loss(loss, oracle_forward(layers, x, rows, loss.logits), rows, data, weights);
  };
  CHECK(static_cast<double>(bench.trainer.loss()) == doctest::Approx(value()).epsilon(2e-6));
  float mean = 0.0f;
  REQUIRE(evaluate(bench.trainer, loss, data, weights, mean) == Status::ok);
  CHECK(mean == bench.trainer.loss());

  double worst = 0.0;
  double largest = 0.0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const linnet::ConstMatrix g = bench.trainer.gradients(l);
    for (std::size_t k = 0; k < layers[l].w.size(); ++k) {
      double& w = layers[l].w[k];
      const double h = 1e-6;
      const double before = w;
      w = before + h;
      const double above = value();
      w = before - h;
      const double slope = (above - value()) / (2.0 * h);
      w = before;
      worst = std::fmax(worst, std::fabs(static_cast<double>(g(k / g.columns(), k % g.columns())) - slope));
      largest = std::fmax(largest, std::fabs(slope));
    }
  }
  // 2^-24 per rounding over chains of up to 20 terms through two layers, and 1e-8 of the differences
  CHECK(worst <= 3e-6 * std::fmax(largest, 0.1));
}

}  // namespace

TEST_CASE("with weights a step has the loss and the gradients of the formula in double precision") {
  for (const WeightedCase& loss : weighted_cases()) {
    for (const std::size_t outputs : loss.outputs) {
      CAPTURE(std::string(loss.name));
      CAPTURE(outputs);
      compare_gradients(loss, outputs, 1);
      compare_gradients(loss, outputs, 9);
    }
  }
}

TEST_CASE("weights of 1 give the bits of no weights") {
  for (const WeightedCase& loss : weighted_cases()) {
    for (const std::size_t outputs : loss.outputs) {
      for (const std::size_t rows : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{40}}) {
        for (const Gradients& gradients : {Gradients::fused, Gradients::kept}) {
          CAPTURE(std::string(loss.name));
          CAPTURE(outputs);
          CAPTURE(rows);
          const TrainerConfig config{loss.loss, linnet::optimizer::adam(0.01f), rows, gradients};
          Bench plain(shape_of(loss, outputs), config, 3);
          Bench weighed(shape_of(loss, outputs), config, 3);
          const std::vector<float> ones(rows, 1.0f);
          for (std::uint64_t k = 0; k < 4; ++k) {
            const Data data = data_for(rows, outputs, 100 + k);
            REQUIRE(step(plain.trainer, loss, data) == Status::ok);
            float mean = 0.0f;
            REQUIRE(evaluate(weighed.trainer, loss, data, ones, mean) == Status::ok);
            REQUIRE(step(weighed.trainer, loss, data, ones) == Status::ok);
            CHECK(mean == plain.trainer.loss());
            CHECK(weighed.trainer.loss() == plain.trainer.loss());
          }
          CHECK(same_bits(weighed.parameters, plain.parameters));
          CHECK(same_bits(weighed.state(), plain.state()));
        }
      }
    }
  }
}

TEST_CASE("steps with weights give the same bits on every kernel table") {
  for (const WeightedCase& loss : weighted_cases()) {
    for (const std::size_t outputs : loss.outputs) {
      for (const std::size_t rows : {std::size_t{1}, std::size_t{5}, std::size_t{33}}) {
        CAPTURE(std::string(loss.name));
        CAPTURE(outputs);
        CAPTURE(rows);
        const TrainerConfig config{loss.loss, linnet::optimizer::sgd(0.1f, 0.9f), rows};
        Bench here(shape_of(loss, outputs), config, 3);
        Bench scalar(shape_of(loss, outputs), config, 3, linnet::scalar_kernels());
        const std::vector<float> weights = some_weights(rows);
        for (std::uint64_t k = 0; k < 4; ++k) {
          const Data data = data_for(rows, outputs, 200 + k);
          REQUIRE(step(here.trainer, loss, data, weights) == Status::ok);
          REQUIRE(step(scalar.trainer, loss, data, weights) == Status::ok);
          CHECK(here.trainer.loss() == scalar.trainer.loss());
        }
        CHECK(same_bits(here.parameters, scalar.parameters));
      }
    }
  }
}

TEST_CASE("a weight multiplies the loss of its row, as PyTorch's mean of weights times unreduced losses") {
  // an identity network: y = x. Unreduced losses by hand: (0.25 + 0 + 1) / 3 and (0 + 1 + 4) / 3
  const auto shape = linnet::topology(3, {{3, linnet::activation::identity, false}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 2}, 1);
  linnet::Matrix w = bench.network.weights(0);
  for (std::size_t o = 0; o < 3; ++o) {
    for (std::size_t i = 0; i < 3; ++i) w(o, i) = o == i ? 1.0f : 0.0f;
  }
  const float y[2][3] = {{0.5f, -1.0f, 2.0f}, {1.0f, 0.0f, -1.0f}};
  const float t[2][3] = {{0.0f, -1.0f, 1.0f}, {1.0f, 1.0f, 1.0f}};
  const float weights[2] = {2.0f, 0.5f};
  float loss = 0.0f;
  REQUIRE(bench.trainer.evaluate(y, t, weights, loss) == Status::ok);
  CHECK(static_cast<double>(loss) == doctest::Approx((2.0 * 1.25 + 0.5 * 5.0) / 6.0).epsilon(1e-7));
}

TEST_CASE("weights that are all 0 give loss 0 and gradients 0, whatever the rows") {
  for (const WeightedCase& loss : weighted_cases()) {
    const std::size_t outputs = loss.outputs.back();
    CAPTURE(std::string(loss.name));
    for (const std::size_t rows : {std::size_t{1}, std::size_t{6}}) {
      Bench bench(shape_of(loss, outputs), {loss.loss, linnet::optimizer::sgd(0.5f), rows, Gradients::kept}, 3);
      const Data data = data_for(rows, outputs, 9);
      const std::vector<float> before = bench.parameters;
      REQUIRE(step(bench.trainer, loss, data, std::vector<float>(rows, 0.0f)) == Status::ok);
      CHECK(bench.trainer.loss() == 0.0f);
      CHECK(same_bits(bench.parameters, before));
      for (std::size_t l = 0; l < 2; ++l) {
        for (const float g : bench.trainer.bias_gradients(l)) CHECK(g == 0.0f);
      }
    }
  }
}

TEST_CASE("a bad weight is refused by its name before anything changes") {
  for (const WeightedCase& loss : weighted_cases()) {
    const std::size_t outputs = loss.outputs.front();
    CAPTURE(std::string(loss.name));
    Bench bench(shape_of(loss, outputs), {loss.loss, linnet::optimizer::adam(0.1f), 3, Gradients::kept}, 3);
    const Data data = data_for(3, outputs, 9);
    std::vector<float> weights(3, 1.0f);
    REQUIRE(step(bench.trainer, loss, data, weights) == Status::ok);
    const std::vector<float> before = bench.parameters;
    const std::vector<float> memory = bench.memory;
    const float seen = bench.trainer.loss();
    const auto refused = [&](RowWeights given, Status expected) {
      float mean = 7.0f;
      CHECK(step(bench.trainer, loss, data, given) == expected);
      CHECK(evaluate(bench.trainer, loss, data, given, mean) == expected);
      CHECK(accumulate(bench.trainer, loss, data, given) == expected);
      CHECK(mean == 7.0f);
      CHECK(bench.trainer.loss() == seen);
      CHECK(bench.trainer.steps() == 1);
      CHECK(same_bits(bench.parameters, before));
      CHECK(same_bits(bench.memory, memory));
    };
    for (std::size_t b = 0; b < 3; ++b) {
      for (const float bad : {-1.0f, -1e-45f, kNaN, kInfinity, -kInfinity, 1048576.125f}) {
        weights[b] = bad;
        refused(weights, Status::bad_weight);
      }
      weights[b] = 1.0f;
    }
    refused({weights.data(), 2}, Status::bad_batch);
    refused({weights.data(), 4}, Status::bad_batch);
    refused({weights.data(), 0}, Status::bad_batch);
    refused({nullptr, 3}, Status::null_memory);
    refused({}, Status::null_memory);
    weights = {0.0f, -0.0f, 1048576.0f};
    CHECK(step(bench.trainer, loss, data, weights) == Status::ok);
  }
}

TEST_CASE("weights ask for a trainer, for kept gradients where they are added, and for a loss of the library's") {
  const Data data(2, 5, 3, 9);
  const float ones[2] = {1.0f, 1.0f};
  linnet::Trainer unbound;
  float mean = 0.0f;
  CHECK(unbound.step(data.input_rows(), data.target_rows(), ones) == Status::not_bound);
  CHECK(unbound.evaluate(data.input_rows(), data.label_rows(), ones, mean) == Status::not_bound);
  CHECK(unbound.accumulate(data.input_rows(), data.label_rows(), ones) == Status::not_bound);
  const WeightedCase loss = weighted_cases().front();
  Bench fused(shape_of(loss, 3), {loss.loss, linnet::optimizer::sgd(0.1f), 2}, 3);
  CHECK(accumulate(fused.trainer, loss, data, ones) == Status::gradients_not_kept);
  Bench own(shape_of(loss, 3), {linnet::loss::own, linnet::optimizer::sgd(0.1f), 2, Gradients::kept}, 3);
  CHECK(own.trainer.step(data.input_rows(), data.target_rows(), ones) == Status::bad_config);
  CHECK(own.trainer.step(data.input_rows(), data.label_rows(), ones) == Status::bad_config);
  CHECK(own.trainer.evaluate(data.input_rows(), data.target_rows(), ones, mean) == Status::bad_config);
  CHECK(own.trainer.accumulate(data.input_rows(), data.label_rows(), ones) == Status::bad_config);
}

TEST_CASE("a weighted loss or gradient that is not finite is refused, and rows without weight do not hide it") {
  const auto shape = linnet::topology(1, {{1, linnet::activation::identity}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 2}, 3);
  const std::vector<float> before = bench.parameters;
  const float x[2] = {1.0f, 1.0f};
  const linnet::ConstRows inputs(x, 2, 1);
  const float far[2] = {1e17f, 0.0f};
  const float farther[2] = {1e30f, 0.0f};
  float loss = 0.0f;
  CHECK(bench.trainer.evaluate(inputs, far, loss) == Status::ok);
  const float heavy[2] = {1048576.0f, 1.0f};
  CHECK(bench.trainer.evaluate(inputs, far, heavy, loss) == Status::diverged);
  const float none[2] = {0.0f, 1.0f};
  CHECK(bench.trainer.step(inputs, farther, none) == Status::diverged);
  CHECK(same_bits(bench.parameters, before));
}
