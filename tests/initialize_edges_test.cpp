// Initializers at the edges of their arguments, as PyTorch has them: no spread, no gain, no bound; and matrices that are
// none.
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/initialize.hpp>

#include "initializers.hpp"
#include "statistics.hpp"

namespace {

using namespace initializers;
using namespace statistics;

const float kInfinity = std::numeric_limits<float>::infinity();

struct Gained {
  const char* name;
  ln::Initializer how;
};
const Gained kGained[] = {{"xavier_uniform", ln::initializer::xavier_uniform},
                          {"xavier_normal", ln::initializer::xavier_normal},
                          {"kaiming_uniform", ln::initializer::kaiming_uniform},
                          {"kaiming_normal", ln::initializer::kaiming_normal},
                          {"orthogonal", ln::initializer::orthogonal}};

TEST_CASE(
    "a gain of 0 gives zeros and draws as any; a negative one flips orthogonal's signs and is refused elsewhere") {
  for (const Gained& initializer : kGained) {
    CAPTURE(std::string(initializer.name));
    for (const float gain : {1.0f, 0.5f, 1e12f, 1e-12f, 1e-20f}) {
      Tensor plain(6, 4), flipped(6, 4), none(6, 4);
      Pcg32 random(5), again(5), with_none(5);
      CHECK(ln::initialize(plain.view(), random, initializer.how.with_gain(gain)) == Status::ok);
      if (std::string(initializer.name) == "orthogonal") {
        CHECK(ln::initialize(flipped.view(), again, initializer.how.with_gain(-gain)) == Status::ok);
        std::vector<float> expected = elements(plain.view());
        for (float& x : expected) {
          CHECK(x != 0.0f);
          x = -x;
        }
        CHECK(elements(flipped.view()) == expected);
        CHECK(same_state(random, again));
      } else {
        CHECK(ln::initialize(flipped.view(), again, initializer.how.with_gain(-gain)) == Status::bad_initializer);
        CHECK(same_state(again, Pcg32(5)));
      }
      for (const float nothing : {0.0f, -0.0f}) {
        with_none = Pcg32(5);
        CHECK(ln::initialize(none.view(), with_none, initializer.how.with_gain(nothing)) == Status::ok);
        CHECK(elements(none.view()) == std::vector<float>(24, 0.0f));
      }
      CHECK(same_state(random, with_none));
    }
  }
}

TEST_CASE("a distribution without spread gives its one value everywhere and draws as any") {
  for (const float value : {0.0f, 0.75f, -3.0f, 1e30f, 1e-40f}) {
    Tensor uniform(4, 3), normal(4, 3), truncated(4, 3), between(4, 3);
    Pcg32 random(3), draws(3);
    draws.advance(12);
    CHECK(ln::initialize(uniform.view(), random, ln::initializer::uniform.with_bounds(value, value)) == Status::ok);
    CHECK(elements(uniform.view()) == std::vector<float>(12, value));
    CHECK(same_state(random, draws));
    random = Pcg32(3);
    CHECK(ln::initialize(normal.view(), random, ln::initializer::normal.with_mean(value).with_stddev(0.0f)) ==
          Status::ok);
    CHECK(elements(normal.view()) == std::vector<float>(12, value));
    CHECK(same_state(random, draws));
    random = Pcg32(3);
    CHECK(ln::initialize(truncated.view(), random,
                         ln::initializer::truncated_normal.with_mean(value).with_stddev(0.0f).with_bounds(
                             -1e31f, 1e31f)) == Status::ok);
    CHECK(elements(truncated.view()) == std::vector<float>(12, value));
    CHECK(same_state(random, draws));
    CHECK(ln::initialize(between.view(), random,
                         ln::initializer::truncated_normal.with_stddev(1e30f).with_bounds(value, value)) == Status::ok);
    CHECK(elements(between.view()) == std::vector<float>(12, value));
    CHECK(random.uniform(value, value) == value);
  }
}

TEST_CASE("a normal of deviation 0 that is truncated at its mean or at infinity is its mean") {
  Tensor tensor(2, 2);
  Pcg32 random(1);
  const float bounds[][2] = {{2.0f, 3.0f}, {1.0f, 2.0f}, {2.0f, 2.0f}, {-kInfinity, 2.0f}, {-kInfinity, kInfinity}};
  for (const auto& bound : bounds) {
    CHECK(ln::initialize(tensor.view(), random,
                         ln::initializer::truncated_normal.with_mean(2.0f).with_stddev(0.0f).with_bounds(
                             bound[0], bound[1])) == Status::ok);
    CHECK(elements(tensor.view()) == std::vector<float>(4, 2.0f));
  }
  const float beside[][2] = {{2.5f, 3.0f}, {1.0f, 1.5f}, {-kInfinity, 1.0f}, {3.0f, kInfinity}};
  for (const auto& bound : beside) {
    CHECK(ln::initialize(tensor.view(), random,
                         ln::initializer::truncated_normal.with_mean(2.0f).with_stddev(0.0f).with_bounds(
                             bound[0], bound[1])) == Status::bad_initializer);
  }
}

TEST_CASE("a normal truncated at infinity is the normal itself, to the bit") {
  const float parameters[][2] = {{0.0f, 1.0f}, {-3.0f, 0.02f}, {1e20f, 1e19f}, {0.0f, 1e-30f}};
  for (const auto& of : parameters) {
    Tensor truncated(8, 5), normal(8, 5);
    Pcg32 random(7), draws(7);
    CHECK(ln::initialize(truncated.view(), random,
                         ln::initializer::truncated_normal.with_mean(of[0]).with_stddev(of[1]).with_bounds(
                             -kInfinity, kInfinity)) == Status::ok);
    CHECK(ln::initialize(normal.view(), draws, ln::initializer::normal.with_mean(of[0]).with_stddev(of[1])) ==
          Status::ok);
    CHECK(elements(truncated.view()) == elements(normal.view()));
    CHECK(same_state(random, draws));
  }
}

TEST_CASE("a normal truncated on one side is the one whose other bound no draw reaches") {
  for (const float bound : {-5.0f, -1.0f, 0.0f, 0.5f, 3.0f, 50.0f, 1000.0f}) {
    for (const bool upper : {false, true}) {
      Tensor open(20, 9), closed(20, 9);
      Pcg32 random(8), draws(8);
      const float far = upper ? bound + 100.0f : -(bound + 100.0f);
      const float low = upper ? bound : -kInfinity;
      const float high = upper ? kInfinity : -bound;
      CHECK(ln::initialize(open.view(), random, ln::initializer::truncated_normal.with_bounds(low, high)) ==
            Status::ok);
      CHECK(ln::initialize(closed.view(), draws,
                           ln::initializer::truncated_normal.with_bounds(upper ? bound : far, upper ? far : -bound)) ==
            Status::ok);
      CHECK(elements(open.view()) == elements(closed.view()));
      CHECK(same_state(random, draws));
    }
  }
}

TEST_CASE("no draw of a normal that is truncated at infinity is infinite") {
  Tensor tensor(40, 40);
  Pcg32 random(9);
  CHECK(ln::initialize(tensor.view(), random,
                       ln::initializer::truncated_normal.with_mean(3e38f).with_stddev(3e38f).with_bounds(
                           -kInfinity, kInfinity)) == Status::ok);
  for (const float x : elements(tensor.view())) {
    CHECK(std::isfinite(x));
  }
}

// ---- Matrices that are none.

struct BadMatrix {
  const char* name;
  Matrix weights;
  Status expected;
};

TEST_CASE("every initializer refuses a matrix over null and an empty one") {
  static float memory[64];
  const BadMatrix bad[] = {{"null", Matrix(nullptr, 3, 4, 4, 1), Status::null_memory},
                           {"null by input", Matrix(nullptr, 3, 4, 1, 3), Status::null_memory},
                           {"empty null", Matrix(), Status::bad_initializer},
                           {"no rows", Matrix(memory, 0, 4, 4, 1), Status::bad_initializer},
                           {"no columns", Matrix(memory, 3, 0, 4, 1), Status::bad_initializer}};
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    for (const BadMatrix& matrix : bad) {
      CAPTURE(std::string(matrix.name));
      Pcg32 random(29);
      std::fill(std::begin(memory), std::end(memory), kMark);
      float biases[3] = {kMark, kMark, kMark};
      CHECK(initializer.on_layer(matrix.weights, biases, ln::activation::relu, random) == matrix.expected);
      CHECK(same_state(random, Pcg32(29)));
      CHECK(std::count(std::begin(memory), std::end(memory), kMark) == 64);
      CHECK((biases[0] == kMark && biases[1] == kMark && biases[2] == kMark));
    }
  }
}

TEST_CASE("every initializer takes a single element, row or column, whatever stride is never used") {
  float memory[64];
  const Matrix good[] = {Matrix(memory, 1, 1, 0, 0), Matrix(memory, 1, 1, 7, 9), Matrix(memory, 1, 6, 0, 1),
                         Matrix(memory, 1, 6, 1, 1), Matrix(memory, 6, 1, 1, 0), Matrix(memory, 6, 1, 1, 1),
                         Matrix(memory, 6, 1, 3, 0), Matrix(memory, 2, 3, 5, 2), Matrix(memory, 2, 3, 3, 7)};
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    for (const Matrix& weights : good) {
      Pcg32 random(29);
      CHECK(initializer.on_layer(weights, {}, ln::activation::relu, random) == Status::ok);
    }
  }
}

TEST_CASE("automatic refuses an activation that is none, and a matrix alone, and changes nothing") {
  Tensor tensor(3, 4), untouched(3, 4);
  Pcg32 random(30);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::before({nullptr, 0.0f})) == Status::bad_initializer);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::automatic) == Status::bad_initializer);
  CHECK(elements(tensor.view()) == elements(untouched.view()));
  CHECK(same_state(random, Pcg32(30)));
}

}  // namespace
