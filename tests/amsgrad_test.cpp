// Adam and AdamW whose denominator never shrinks, beside the rule in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "nets.hpp"

using namespace linnet_test;

namespace {

constexpr float kRate = 0.01f, kDecay = 0.05f, kEpsilon = 1e-6f;

// A layer of one input, 1, whose gradients are what the program gives: one weight for every sequence of gradients.
constexpr std::size_t kSequences = 6;
float gradient(std::size_t sequence, int t, linnet::Pcg32& random) {
  const float sign = t % 2 == 0 ? 1.0f : -1.0f;
  switch (sequence) {
    case 0:
      return t <= 3 ? 100.0f : 0.01f;  // once large, then small: the square shrinks
    case 1:
      return 0.01f * static_cast<float>(t);  // it grows
    case 2:
      return sign * (t % 20 == 1 ? 3e4f : 1e-3f);
    case 3:
      return t < 10 ? -0.0f : t < 20 ? 2.0f : 0.0f;
    case 4:
      return 1e12f / static_cast<float>(t * t * t);
    default:
      return random.normal(0.0f, 3.0f);
  }
}

struct Moment {
  double mean, square, largest, w;
};

// The rule, from what the floats were before the step.
Moment oracle(const Moment& before, double g, int t, bool decoupled) {
  const double rate = static_cast<double>(kRate), decay = static_cast<double>(kDecay);
  double w = before.w;
  if (decoupled) {
    w -= rate * decay * w;
  } else {
    g += decay * w;
  }
  const double mean = 0.9 * before.mean + 0.1 * g;
  const double square = 0.99 * before.square + 0.01 * g * g;
  const double largest = std::fmax(before.largest, square);
  const double root = std::sqrt(largest) / std::sqrt(1.0 - std::pow(0.99, t)) + static_cast<double>(kEpsilon);
  return {mean, square, largest, w - rate / (1.0 - std::pow(0.9, t)) * mean / root};
}

Moment seen(const Bench& bench, std::size_t k) {
  const std::vector<float> state = bench.state();
  const std::size_t n = bench.parameters.size();
  return {static_cast<double>(state[k]), static_cast<double>(state[n + k]), static_cast<double>(state[2 * n + k]),
          static_cast<double>(bench.parameters[k])};
}

void check(const Moment& is, const Moment& expected, const Moment& before, double g, int t) {
  // roundings to float: of constants, products and sums, each of half a unit in the last place, and t of the bias_corrections
  const double unit = std::ldexp(1.0, -24);
  const double decayed = std::fabs(g) + static_cast<double>(kDecay) * std::fabs(before.w);
  CHECK(std::fabs(is.mean - expected.mean) <= 5.0 * unit * (std::fabs(before.mean) + decayed) + 1e-40);
  CHECK(std::fabs(is.square - expected.square) <= 8.0 * unit * (before.square + decayed * decayed) + 1e-40);
  CHECK(is.largest == std::fmax(before.largest, is.square));  // a maximum rounds nothing
  const double mean_off = 5.0 * unit * (std::fabs(before.mean) + decayed) / std::fmax(std::fabs(expected.mean), 1e-40);
  const double moved = std::fabs(expected.w - before.w);
  CHECK(std::fabs(is.w - expected.w) <=
        (mean_off + (t + 16.0) * unit) * (moved + unit * std::fabs(before.w)) + 3.0 * unit * std::fabs(before.w));
}

linnet::Optimizer rule(bool decoupled) {
  return decoupled ? linnet::optimizer::adamw_amsgrad(kRate, kDecay, 0.9, 0.99, kEpsilon)
                   : linnet::optimizer::adam_amsgrad(kRate, 0.9, 0.99, kEpsilon).with_weight_decay(kDecay);
}

const auto kShape = linnet::topology(4, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});

}  // namespace

TEST_CASE("amsgrad takes the steps of its rule in double precision, on every table, while gradients shrink and grow") {
  const auto shape = linnet::topology(1, {{kSequences, linnet::activation::identity, false}});
  for (const bool decoupled : {false, true}) {
    for (const linnet::KernelTable* table : all_tables()) {
      Bench bench(shape, {linnet::loss::own, rule(decoupled), 1}, 3, *table);
      REQUIRE(bench.status == Status::ok);
      linnet::Pcg32 random(8);
      const float one = 1.0f;
      int shrunk = 0;
      for (int t = 1; t <= 100; ++t) {
        float y[kSequences], d[kSequences];
        Moment before[kSequences];
        for (std::size_t k = 0; k < kSequences; ++k) {
          d[k] = gradient(k, t, random);
          before[k] = seen(bench, k);
        }
        const linnet::ConstRows x(&one, 1, 1);
        REQUIRE(bench.trainer.forward(x, {y, 1, kSequences}) == Status::ok);
        REQUIRE(bench.trainer.step_from(x, {d, 1, kSequences}) == Status::ok);
        for (std::size_t k = 0; k < kSequences; ++k) {
          CAPTURE(k);
          CAPTURE(t);
          const double g = static_cast<double>(d[k]);
          const Moment is = seen(bench, k);
          check(is, oracle(before[k], g, t, decoupled), before[k], g, t);
          shrunk += is.square < is.largest ? 1 : 0;
        }
      }
      CHECK(shrunk > 200);  // of 600: where Adam would divide by less
    }
  }
}

TEST_CASE("after 40 steps amsgrad is where PyTorch's formula leads, and not where Adam is") {
  struct Row {
    linnet::Optimizer optimizer;
    double expected[2];
  };
  // f = (3 p0^2 + p1^2 / 2) / 2 from (1, -2), in Python; adam: 0.100784612005, 0.233784022039
  const Row rows[] = {{linnet::optimizer::adam_amsgrad(0.1f), {0.100689274915, 0.233531996783}},
                      {linnet::optimizer::adam_amsgrad(0.1f).with_weight_decay(0.1f), {0.10068927493, 0.233531996854}},
                      {linnet::optimizer::adamw_amsgrad(0.1f), {0.0989506342219, 0.22855484284}}};
  const float inputs[2][2] = {{1.7320508f, 0.0f}, {0.0f, 0.70710678f}};
  const float targets[2][1] = {};
  for (const Row& row : rows) {
    const auto shape = linnet::topology(2, {{1, linnet::activation::identity, false}});
    Bench bench(shape, {linnet::loss::mean_squared_error, row.optimizer, 2}, 1);
    REQUIRE(bench.status == Status::ok);
    const linnet::Matrix p = bench.network.weights(0);
    p(0, 0) = 1.0f;
    p(0, 1) = -2.0f;
    for (int step = 0; step < 40; ++step) {
      REQUIRE(bench.trainer.step(inputs, targets) == Status::ok);
    }
    for (std::size_t k = 0; k < 2; ++k) {
      // 40 roundings of weights up to 2 and of steps up to 0.1; Adam is 9e-5 and 2.5e-4 away
      CHECK(std::fabs(static_cast<double>(p(0, k)) - row.expected[k]) < 1e-5);
    }
  }
}

TEST_CASE("amsgrad keeps three floats of state for every parameter") {
  const linnet::TrainerConfig config{linnet::loss::mean_squared_error, linnet::optimizer::adam_amsgrad(), 3};
  CHECK(linnet::state_floats(kShape, config) == 3 * linnet::parameter_floats(kShape));
  Bench bench(kShape, config, 1);
  CHECK(bench.state().size() == 3 * bench.parameters.size());
  linnet::TrainerConfig of_adam = config;
  of_adam.optimizer = linnet::optimizer::adam();
  CHECK(linnet::trainer_floats(kShape, config) - linnet::trainer_floats(kShape, of_adam) == bench.parameters.size());
}

TEST_CASE("a largest square below the square, which no training leaves behind, is refused and named") {
  for (const bool decoupled : {false, true}) {
    Bench bench(kShape, {linnet::loss::mean_squared_error, rule(decoupled), 3}, 1);
    const Data data(3, 4, 2, 5);
    for (int step = 0; step < 3; ++step) {
      REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    }
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    const std::vector<float> good = bench.state();
    const std::size_t n = bench.parameters.size();
    for (std::size_t k = 0; k < n; ++k) {
      for (const float of_square : {1.0f, 1.0f - 0x1p-24f, 0.0f}) {
        std::vector<float> state = good;
        state[2 * n + k] = of_square * good[n + k];
        const Status expected = state[2 * n + k] < good[n + k] ? Status::bad_state : Status::ok;
        CHECK(bench.trainer.restore(saved, {state.data(), state.size()}) == expected);
        std::copy(state.begin(), state.end(), bench.state_memory());
        CHECK(bench.trainer.check_state() == expected);
        std::copy(good.begin(), good.end(), bench.state_memory());
      }
    }
  }
}

TEST_CASE("the state of Adam is none of amsgrad's, and the other way round") {
  const Data data(3, 4, 2, 5);
  const linnet::Optimizer rules[] = {linnet::optimizer::adam(), linnet::optimizer::adamw(),
                                     linnet::optimizer::adam_amsgrad(), linnet::optimizer::adamw_amsgrad()};
  for (const linnet::Optimizer& from : rules) {
    Bench bench(kShape, {linnet::loss::mean_squared_error, from, 3}, 1);
    REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    for (const linnet::Optimizer& to : rules) {
      Bench other(kShape, {linnet::loss::mean_squared_error, to, 3}, 1);
      const std::vector<float> state = bench.state();
      CHECK(other.trainer.restore(saved, {state.data(), state.size()}) ==
            (from.descriptor == to.descriptor ? Status::ok : Status::bad_state));
    }
  }
}
