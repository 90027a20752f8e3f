// Kept gradients at the edges of what is taken, and what ends their life.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"

using namespace linnet_test;

namespace {

const auto kLine = linnet::topology(1, {{1, linnet::activation::identity, false}});

// y = w x with w = 0, so that a row of x and t has the gradient -2 t x, exactly.
struct Line {
  Bench bench{
      kLine, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0x1p-60f), 1, linnet::Gradients::kept}, 1};

  Line() { bench.parameters[0] = 0.0f; }
  Status accumulate(float x, float t) { return bench.trainer.accumulate({&x, 1, 1}, {&t, 1, 1}); }
  Status step(float x, float t) { return bench.trainer.step({&x, 1, 1}, {&t, 1, 1}); }
  [[nodiscard]] float gradient() const { return bench.trainer.gradients(0)(0, 0); }
  Status apply(float scale) { return bench.trainer.apply(scale); }
};

}  // namespace

TEST_CASE("a step discards what was accumulated before it") {
  Line line;
  REQUIRE(line.accumulate(1.0f, 3.0f) == Status::ok);
  REQUIRE(line.step(1.0f, 0.5f) == Status::ok);
  CHECK(line.gradient() == -1.0f);
  CHECK(line.apply(1.0f) == Status::nothing_accumulated);
  REQUIRE(line.accumulate(1.0f, 0.25f) == Status::ok);
  CHECK(std::fabs(line.gradient() + 0.5f) < 1e-6f);  // the step moved the weight a little; -7 with the first batch
}

TEST_CASE("apply() takes factors from 2^-24 to 1 and refuses those beside them, which changes nothing") {
  Line line;
  REQUIRE(line.accumulate(1.0f, 3.0f) == Status::ok);
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::nextafter(0x1p-24f, 0.0f), std::nextafter(1.0f, 2.0f), 0.0f, -1.0f, infinity, -infinity,
                          std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(line.apply(bad) == Status::bad_share);
    CHECK(line.gradient() == -6.0f);
    CHECK(line.bench.trainer.steps() == 0u);
  }
  CHECK(line.apply(0x1p-24f) == Status::ok);
  CHECK(line.gradient() == -6.0f * 0x1p-24f);
  REQUIRE(line.accumulate(1.0f, 3.0f) == Status::ok);
  CHECK(line.apply(1.0f) == Status::ok);
}

TEST_CASE("S6: batches whose sum could overflow are refused, and what was accumulated stays") {
  Line line;
  REQUIRE(line.accumulate(0x1p60f, 0x1p58f) == Status::ok);  // a gradient of 2^119; sums stay below 2^120
  CHECK(line.accumulate(0x1p60f, 0x1p58f) == Status::diverged);
  CHECK(line.gradient() == -0x1p119f);
  CHECK(line.accumulate(1.0f, 1.0f) == Status::ok);
}

TEST_CASE("S6: apply() judges the gradients that it uses, times its factor") {
  for (const float scale : {1.0f, 0.75f, 0.25f}) {
    Line line;
    REQUIRE(line.accumulate(1.0f, 0x1p48f) == Status::ok);  // 2^49, and SGD takes what is below 2^48
    CHECK(line.apply(scale) == (scale * 2.0f < 1.0f ? Status::ok : Status::diverged));
  }
}
