// Binary cross-entropy with positive weights: PyTorch's pos_weight.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;

namespace {

linnet::Topology shape_of(std::size_t outputs, const linnet::Activation& last) {
  return linnet::topology(5, {{19, linnet::activation::tanh}, {outputs, last}});
}

// Rows of 0 and 1, and labels.
Data zeros_and_ones(std::size_t rows, std::size_t outputs) {
  Data data(rows, 5, outputs, 7);
  for (float& t : data.t) t = t > 0.6f ? 1.0f : 0.0f;
  for (std::size_t b = 0; b < rows; ++b) data.labels[b] = data.t[b * outputs] > 0.0f ? 1 : 0;
  return data;
}

std::vector<float> some_weights(std::size_t outputs) {
  std::vector<float> weights;
  for (std::size_t o = 0; o < outputs; ++o) weights.push_back(o % 5 == 4 ? 0.0f : 0.4f + 1.7f * static_cast<float>(o));
  return weights;
}

}  // namespace

TEST_CASE("positive weights of 1 give the bits of plain binary cross-entropy where targets are 0 or 1") {
  for (const std::size_t outputs : {1u, 2u, 9u, 35u}) {
    for (const std::size_t rows : {1u, 20u}) {
      const std::vector<float> ones(outputs, 1.0f);
      const linnet::Loss plain = linnet::loss::binary_cross_entropy;
      Bench a(shape_of(outputs, linnet::activation::identity), {plain, linnet::optimizer::adam(0.05f), rows}, 3);
      Bench b(shape_of(outputs, linnet::activation::identity),
              {plain.with_positive_weights(ones), linnet::optimizer::adam(0.05f), rows}, 3);
      const Data data = zeros_and_ones(rows, outputs);
      for (int k = 0; k < 10; ++k) {
        REQUIRE(a.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
        REQUIRE(b.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
        CHECK(a.trainer.loss() == b.trainer.loss());
      }
      CHECK(same_bits(a.parameters, b.parameters));
    }
  }
}

TEST_CASE("a loss with positive weights agrees with double precision on every table, one output and many") {
  for (const std::size_t outputs : {1u, 3u, 8u, 17u, 40u}) {
    for (const std::size_t rows : {1u, 6u, 33u}) {
      CAPTURE(outputs);
      CAPTURE(rows);
      const std::vector<float> weights = some_weights(outputs);
      const linnet::TrainerConfig config{linnet::loss::binary_cross_entropy.with_positive_weights(weights),
                                         linnet::optimizer::sgd(0.1f), rows};
      Bench here(shape_of(outputs, linnet::activation::identity), config, 3);
      Bench scalar(shape_of(outputs, linnet::activation::identity), config, 3, linnet::scalar_kernels());
      const Data data(rows, 5, outputs, 4);
      OracleTargets targets;
      targets.t.assign(data.t.begin(), data.t.end());
      targets.class_weights.assign(weights.begin(), weights.end());
      const auto y =
          oracle_forward(oracle_of(here.network, {"tanh", "identity"}), {data.x.begin(), data.x.end()}, rows, true);
      REQUIRE(here.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
      REQUIRE(scalar.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
      CHECK(static_cast<double>(here.trainer.loss()) ==
            doctest::Approx(oracle_loss("binary_cross_entropy", y, rows, targets)).epsilon(2e-6));
      CHECK(here.trainer.loss() == scalar.trainer.loss());
      CHECK(same_bits(here.parameters, scalar.parameters));
    }
  }
}

TEST_CASE("positive weights go with a sigmoid as with logits, and with labels of one output as with targets") {
  const float weights[1] = {3.0f};
  const linnet::Loss loss = linnet::loss::binary_cross_entropy.with_positive_weights(weights);
  const Data data = zeros_and_ones(20, 1);
  Bench logits(shape_of(1, linnet::activation::identity), {loss, linnet::optimizer::adam(0.05f), 20}, 3);
  Bench sigmoid(shape_of(1, linnet::activation::sigmoid), {loss, linnet::optimizer::adam(0.05f), 20}, 3);
  for (int k = 0; k < 10; ++k) {
    REQUIRE(logits.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
    REQUIRE(sigmoid.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
  }
  CHECK(same_bits(logits.parameters, sigmoid.parameters));
}

TEST_CASE("a positive weight keeps its digits, large or small, and 0 takes the positive targets out") {
  const auto shape = linnet::topology(1, {{1, linnet::activation::identity, false}});
  for (const float p : {0.0f, 1e-6f, 0.25f, 1e6f}) {
    for (const float z : {-90.0f, -3.0f, 0.0f, 0.5f, 12.0f}) {
      const float weights[1] = {p};
      Bench bench(shape,
                  {linnet::loss::binary_cross_entropy.with_positive_weights(weights), linnet::optimizer::sgd(0.0f), 1},
                  3);
      bench.network.weights(0)(0, 0) = z;
      const float one[1][1] = {{1.0f}};
      float loss = -1.0f;
      REQUIRE(bench.trainer.evaluate(one, one, loss) == Status::ok);
      const double x = static_cast<double>(z);
      const double expected = static_cast<double>(p) * (std::fmax(-x, 0.0) + std::log1p(std::exp(-std::fabs(x))));
      CHECK(static_cast<double>(loss) == doctest::Approx(expected).epsilon(3e-7));  // a product of two that are rounded
    }
  }
}

TEST_CASE("positive weights that are not one per output, or out of range, are refused") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const linnet::Loss plain = linnet::loss::binary_cross_entropy;
  const auto bound = [](const linnet::Loss& loss) {
    return Bench(shape_of(2, linnet::activation::identity), {loss, linnet::optimizer::sgd(0.1f), 2}, 3).status;
  };
  for (const float bad : {-1.0f, 1e-7f, 2e6f, nan, std::numeric_limits<float>::infinity()}) {
    const float first[2] = {bad, 1.0f};
    const float second[2] = {1.0f, bad};
    CHECK(bound(plain.with_positive_weights(first)) == Status::bad_hyperparameter);
    CHECK(bound(plain.with_positive_weights(second)) == Status::bad_hyperparameter);
  }
  const float good[3] = {0.0f, 1e6f, 1e-6f};
  CHECK(bound(plain.with_positive_weights({good, 2})) == Status::ok);
  CHECK(bound(plain.with_positive_weights({good, 3})) == Status::bad_hyperparameter);
  CHECK(bound(plain.with_positive_weights({good, 1})) == Status::bad_hyperparameter);
  CHECK(bound(plain.with_positive_weights({good, 0})) == Status::bad_hyperparameter);
  CHECK(bound(plain.with_positive_weights({nullptr, 2})) == Status::bad_hyperparameter);
  CHECK(bound(plain.with_positive_weights({good, 2}).with_positive_weights({good + 1, 2})) == Status::ok);
  CHECK(bound(plain.with_positive_weights({good, 2}).with_class_weights({good, 2})) == Status::bad_config);
  CHECK(bound(linnet::loss::softmax_cross_entropy.with_positive_weights({good, 2})) == Status::bad_config);
  CHECK(bound(linnet::loss::own.with_positive_weights({good, 2})) == Status::bad_config);
}
