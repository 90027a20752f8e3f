// What the predictor refuses: it says why, and leaves the outputs alone.
#include <doctest/doctest.h>

#include <limits>

#include "nets.hpp"

using namespace linnet_test;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

const auto kShape = linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});
const linnet::TrainerConfig kConfig{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.1f), 4};

}  // namespace

TEST_CASE("a bad number in a single row is told from a network that overflows, whatever the activation") {
  for (const NamedActivation& named : hidden_activations()) {
    Bench bench(linnet::topology(3, {{5, named.activation}, {2, linnet::activation::identity}}), kConfig, 1);
    std::vector<float> scratch(linnet::predictor_floats(bench.topology));
    linnet::Predictor predictor;
    REQUIRE(predictor.bind(bench.network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
    float y[2] = {7, 7};
    for (const float bad : {kNaN, kInfinity, -kInfinity}) {
      for (std::size_t k = 0; k < 3; ++k) {
        float x[3] = {1, 2, 3};
        x[k] = bad;
        bench.parameters[k] = 0.0f;  // does not hide it
        CHECK_MESSAGE(predictor.predict({x, 1, 3}, {y, 1, 2}) == Status::bad_input, named.name);
      }
    }
    CHECK(y[0] == 7.0f);
    CHECK(y[1] == 7.0f);
  }
}

TEST_CASE("S5: the predictor refuses what it cannot do and leaves the outputs alone") {
  Bench bench(kShape, kConfig, 1);
  float scratch[10];
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(bench.network, scratch, kernels()) == Status::ok);
  float x[2][3] = {{1, 2, 3}, {4, 5, 6}};
  float y[2][2] = {{7, 7}, {7, 7}};
  CHECK(predictor.predict({&x[0][0], 0, 3}, {&y[0][0], 0, 2}) == Status::bad_batch);
  CHECK(predictor.predict({&x[0][0], 2, 3}, {&y[0][0], 1, 2}) == Status::bad_batch);
  CHECK(predictor.predict({&x[0][0], 1, 2}, {&y[0][0], 1, 2}) == Status::bad_columns);
  CHECK(predictor.predict({&x[0][0], 1, 3}, {&y[0][0], 1, 3}) == Status::bad_columns);
  CHECK(predictor.predict({nullptr, 1, 3}, {&y[0][0], 1, 2}) == Status::null_memory);
  CHECK(predictor.predict({&x[0][0], 1, 3}, {nullptr, 1, 2}) == Status::null_memory);
  for (const float bad : {kNaN, kInfinity, -kInfinity}) {
    x[1][2] = bad;
    CHECK(predictor.predict(x, y) == Status::bad_input);
    CHECK(predictor.predict({&x[1][0], 1, 3}, {&y[0][0], 1, 2}) == Status::bad_input);
  }
  x[1][2] = 1.0f;
  bench.parameters[0] = kInfinity;
  CHECK(predictor.predict(x, y) == Status::diverged);
  for (const auto& row : y) {
    CHECK(row[0] == 7.0f);
    CHECK(row[1] == 7.0f);
  }
}
