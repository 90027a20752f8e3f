// Errors of numbers, counted without keeping a row, against two passes over all rows in double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"

using namespace linnet_test;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Errors {
  double squared = 0.0, absolute = 0.0, r2 = 0.0;
};
// Of one column.
Errors errors_of(const std::vector<float>& y, const std::vector<float>& t, std::size_t column, std::size_t columns) {
  const std::size_t rows = y.size() / columns;
  const double n = static_cast<double>(rows);
  Errors result;
  double mean = 0.0, spread = 0.0;
  for (std::size_t k = column; k < t.size(); k += columns) mean += static_cast<double>(t[k]) / n;
  for (std::size_t k = column; k < t.size(); k += columns) {
    const double error = static_cast<double>(y[k]) - static_cast<double>(t[k]);
    const double distance = static_cast<double>(t[k]) - mean;
    result.squared += error * error / n;
    result.absolute += std::fabs(error) / n;
    spread += distance * distance / n;
  }
  result.r2 = 1.0 - result.squared / spread;
  return result;
}
bool near(float got, double wanted) {
  return std::fabs(static_cast<double>(got) - wanted) <= 0x1p-23 * std::fabs(wanted);  // a float of a sum in double
}

}  // namespace

TEST_CASE("mean squared and absolute errors and R2 are those of two passes, targets far from 0 included") {
  for (const double mean : {0.0, 1e3, 1e6, 1.7e12}) {
    for (std::size_t outputs = 1; outputs <= 3; ++outputs) {
      const double deviation = mean > 1e9 ? 3e6 : 2.0;  // a float knows 1.7e12 to 131,072
      std::vector<float> t = random_floats(500 * outputs, 1), y = random_floats(500 * outputs, 2);
      for (std::size_t k = 0; k < t.size(); ++k) {
        const double error = 0.3 * deviation * static_cast<double>(y[k]);
        t[k] = static_cast<float>(mean + deviation * static_cast<double>(t[k]));
        y[k] = static_cast<float>(static_cast<double>(t[k]) + error);
      }
      std::vector<float> memory(linnet::regression_floats(outputs) + 1, 7.0f);
      linnet::Regression metric;
      REQUIRE(metric.bind(outputs, memory) == Status::ok);
      for (std::size_t b = 0; b < 500; b += 125) {
        REQUIRE(metric.add({y.data() + b * outputs, 125, outputs}, {t.data() + b * outputs, 125, outputs}) ==
                Status::ok);
      }
      CHECK(memory.back() == 7.0f);
      CHECK(metric.total() == 500);
      Errors all;
      for (std::size_t o = 0; o < outputs; ++o) {
        const Errors errors = errors_of(y, t, o, outputs);
        CHECK(near(metric.mean_squared_error(o), errors.squared));
        CHECK(near(metric.mean_absolute_error(o), errors.absolute));
        CHECK(near(metric.r2(o), errors.r2));
        all.squared += errors.squared / static_cast<double>(outputs);
        all.absolute += errors.absolute / static_cast<double>(outputs);
        all.r2 += errors.r2 / static_cast<double>(outputs);
      }
      CHECK(near(metric.mean_squared_error(), all.squared));
      CHECK(near(metric.mean_absolute_error(), all.absolute));
      CHECK(near(metric.r2(), all.r2));
      CHECK(metric.r2(outputs) == 0.0f);
    }
  }
}

TEST_CASE("R2 of constant targets is 1 where all are met, else 0, and below 0 where the mean were better") {
  std::vector<float> memory(linnet::regression_floats(1));
  linnet::Regression metric;
  CHECK(metric.r2() == 0.0f);
  CHECK(metric.mean_squared_error(0) == 0.0f);
  REQUIRE(metric.bind(1, memory) == Status::ok);
  CHECK(metric.r2() == 0.0f);
  const float constant[3] = {0.1f, 0.1f, 0.1f}, other[3] = {0.1f, 0.1f, 0.2f};
  REQUIRE(metric.add(constant, constant) == Status::ok);
  CHECK(metric.r2() == 1.0f);
  CHECK(metric.total() == 3);
  REQUIRE(metric.add(other, constant) == Status::ok);
  CHECK(metric.r2() == 0.0f);
  REQUIRE(metric.bind(1, memory) == Status::ok);
  const float t[2] = {1.0f, -1.0f}, worse[2] = {-1.0f, 1.0f};  // 1 - 8 / 2
  REQUIRE(metric.add(worse, t) == Status::ok);
  CHECK(metric.r2() == -3.0f);
  CHECK(metric.mean_absolute_error() == 2.0f);
}

TEST_CASE("errors beyond floats are the largest float, and numbers that are none are refused whole") {
  std::vector<float> memory(linnet::regression_floats(2));
  linnet::Regression metric;
  REQUIRE(metric.bind(2, memory) == Status::ok);
  const float huge[2] = {3e38f, 1.0f}, minus[2] = {-3e38f, 1.0f};
  REQUIRE(metric.add(huge, minus) == Status::ok);
  CHECK(metric.mean_squared_error(0) == std::numeric_limits<float>::max());
  CHECK(metric.mean_absolute_error(0) == std::numeric_limits<float>::max());
  CHECK(metric.mean_squared_error() == std::numeric_limits<float>::max());
  CHECK(metric.mean_squared_error(1) == 0.0f);
  REQUIRE(metric.bind(1, memory) == Status::ok);
  const float close[2] = {0.0f, 1e-30f}, far[2] = {1e30f, 0.0f};  // R2 of about -1e120
  REQUIRE(metric.add(far, close) == Status::ok);
  CHECK(metric.r2() == -std::numeric_limits<float>::max());
  REQUIRE(metric.bind(2, memory) == Status::ok);
  REQUIRE(metric.add(minus, huge) == Status::ok);
  const std::vector<float> before = memory;
  const float good[2][2] = {{1.0f, 2.0f}, {3.0f, 4.0f}}, bad[2][2] = {{1.0f, 2.0f}, {3.0f, kNaN}};
  CHECK(metric.add(bad, good) == Status::bad_input);
  CHECK(metric.add(good, bad) == Status::bad_target);
  CHECK(metric.total() == 1);
  CHECK(same_bits(before, memory));
}

#ifndef LINNET_BOARD  // 80,000 rows
TEST_CASE("columns in their own units are learned with a scale that is folded into the weights, and not without") {
  // the frequency of an oscillator, in hertz, from degrees and farads
  const auto shape = linnet::topology(2, {{8, linnet::activation::tanh}, {1, linnet::activation::identity}});
  std::vector<float> x(400), hertz(200), memory(linnet::normalizer_floats(2)),
      target_memory(linnet::normalizer_floats(1));
  linnet::Pcg32 random(1);
  for (std::size_t b = 0; b < 200; ++b) {
    x[2 * b] = random.uniform(-10.0f, 40.0f);
    x[2 * b + 1] = random.uniform(1e-9f, 3e-9f);
    hertz[b] = 0.72f / (1e5f * (1.0f + 0.004f * (x[2 * b] - 25.0f)) * x[2 * b + 1]);
  }
  linnet::Normalizer inputs, targets;
  REQUIRE(inputs.bind(2, memory) == Status::ok);
  REQUIRE(targets.bind(1, target_memory) == Status::ok);
  REQUIRE(inputs.observe({x.data(), 200, 2}) == Status::ok);
  REQUIRE(targets.observe(hertz) == Status::ok);
  for (const bool scaled : {false, true}) {
    Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::adam(0.01f), 20}, 42);
    std::vector<float> learned = x, goals = hertz, scratch(16), sums(linnet::regression_floats(1)), y(200);
    if (scaled) REQUIRE(inputs.apply(linnet::Rows(learned.data(), 200, 2)) == Status::ok);
    if (scaled) REQUIRE(targets.apply(goals) == Status::ok);
    for (std::size_t step = 0; step < 4000; ++step) {
      const std::size_t b = step % 10 * 20;
      REQUIRE(bench.trainer.step({learned.data() + 2 * b, 20, 2}, {goals.data() + b, 20, 1}) == Status::ok);
    }
    if (scaled) REQUIRE(linnet::fold(inputs, bench.network) == Status::ok);
    if (scaled) REQUIRE(linnet::fold_targets(targets, bench.network) == Status::ok);
    linnet::Predictor predictor;
    linnet::Regression metric;
    REQUIRE(predictor.bind(bench.network, scratch, kernels()) == Status::ok);
    REQUIRE(predictor.predict({x.data(), 200, 2}, {y.data(), 200, 1}) == Status::ok);
    REQUIRE(metric.bind(1, sums) == Status::ok);
    REQUIRE(metric.add(y, hertz) == Status::ok);
    CHECK((scaled ? metric.r2() >= 0.99f : metric.r2() < 0.0f));
  }
}
#endif
