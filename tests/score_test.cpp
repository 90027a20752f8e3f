#include <doctest/doctest.h>

#include <limits>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Samples;
using linnet::Score;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

// The identity: outputs are the inputs.
struct Mirror {
  std::size_t n;
  linnet::Topology shape;
  std::vector<float> parameters, scratch, outputs;
  linnet::Network network;
  linnet::Predictor predictor;

  explicit Mirror(std::size_t outs)
      : n(outs),
        shape(linnet::topology(outs, {{outs, linnet::activation::identity, false}})),
        parameters(outs * outs),
        scratch(linnet::predictor_floats(shape)),
        outputs(outs) {
    REQUIRE(network.bind(shape, {parameters.data(), parameters.size()}) == Status::ok);
    for (std::size_t o = 0; o < n; ++o) network.weights(0)(o, o) = 1.0f;
    REQUIRE(predictor.bind(network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  }
  Status score(const std::vector<float>& y, const std::vector<float>& t, Score& result, float threshold = 0.5f) {
    std::vector<std::uint32_t> numbers(y.size() / n);
    for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = static_cast<std::uint32_t>(k);
    return linnet::score(
        predictor,
        Samples(linnet::ConstRows(y.data(), numbers.size(), n), linnet::ConstRows(t.data(), numbers.size(), n)),
        {numbers.data(), numbers.size()}, {outputs.data(), n}, result, threshold);
  }
  float accuracy(const std::vector<float>& y, const std::vector<float>& t, float threshold = 0.5f) {
    Score result{};
    REQUIRE(score(y, t, result, threshold) == Status::ok);
    return result.accuracy;
  }
};

}  // namespace

TEST_CASE("samples with several labels, or none, are read label by label") {
  Mirror net(3);
  // two labels in a sample, one in the other: right only where every output is on its target's side
  CHECK(net.accuracy({0.9f, 0.6f, 0.1f, 0.2f, 0.9f, 0.3f}, {1, 1, 0, 0, 1, 0}) == 1.0f);
  CHECK(net.accuracy({0.9f, 0.4f, 0.1f, 0.2f, 0.9f, 0.3f}, {1, 1, 0, 0, 1, 0}) == 0.5f);
  CHECK(net.accuracy({0.9f, 0.6f, 0.1f, 0.6f, 0.9f, 0.3f}, {1, 1, 0, 0, 1, 0}) == 0.5f);
  // no label at all
  CHECK(net.accuracy({0.1f, 0.2f, 0.4f, 0.2f, 0.9f, 0.3f}, {0, 0, 0, 0, 1, 0}) == 1.0f);
  CHECK(net.accuracy({0.1f, 0.2f, 0.7f, 0.2f, 0.9f, 0.3f}, {0, 0, 0, 0, 1, 0}) == 0.5f);
  // every label, in the last sample alone
  CHECK(net.accuracy({0.9f, 0.6f, 0.1f, 0.9f, 0.9f, 0.9f}, {1, 0, 0, 1, 1, 1}) == 0.5f);
  // logits: the side of 0
  CHECK(net.accuracy({0.2f, 3.0f, -0.1f, -2.0f, 0.1f, -9.0f}, {1, 1, 0, 0, 1, 0}, 0.0f) == 1.0f);
  CHECK(net.accuracy({0.2f, 3.0f, -0.1f, -2.0f, 0.1f, -9.0f}, {1, 1, 0, 0, 1, 0}) == 0.0f);
  // tanh: targets of -1 and 1
  CHECK(net.accuracy({0.2f, 0.9f, -0.1f, 0.2f, 0.1f, -0.9f}, {1, 1, -1, -1, 1, -1}, 0.0f) == 0.5f);
}

TEST_CASE("samples with one label each are read by their largest output, whatever the threshold") {
  Mirror net(3);
  CHECK(net.accuracy({0.1f, 0.3f, 0.2f, 9.0f, 1.0f, 2.0f}, {0, 1, 0, 1, 0, 0}) == 1.0f);
  CHECK(net.accuracy({0.1f, 0.3f, 0.2f, 9.0f, 1.0f, 2.0f}, {0, 1, 0, 1, 0, 0}, 0.0f) == 1.0f);
  CHECK(net.accuracy({0.1f, 0.3f, 0.2f, 9.0f, 1.0f, 2.0f}, {0.1f, 0.7f, 0.2f, 0.1f, 0.3f, 0.6f}) == 0.5f);
  // the first of equal outputs counts
  CHECK(net.accuracy({1.0f, 1.0f, 0.0f}, {1, 0, 0}) == 1.0f);
  CHECK(net.accuracy({1.0f, 1.0f, 0.0f}, {0, 1, 0}) == 0.0f);
  // on the threshold is below it
  Mirror one(1);
  CHECK(one.accuracy({0.5f, 0.6f}, {0, 1}) == 1.0f);
  CHECK(one.accuracy({0.5f, 0.6f}, {0.5f, 1}) == 1.0f);
}

TEST_CASE("a score of numbers that are not finite is refused, wherever they are") {
  for (const std::size_t n : {1u, 2u, 3u}) {
    Mirror net(n);
    for (const float bad : {kNaN, kInfinity, -kInfinity}) {
      for (std::size_t k = 0; k < 4 * n; ++k) {
        std::vector<float> y(4 * n, 0.25f), t(4 * n, 0.5f);
        Score result{7.0f, 7.0f};
        t[k] = bad;
        CHECK(net.score(y, t, result) == Status::bad_target);
        y[k] = bad;
        t[k] = 0.5f;
        net.outputs.assign(n, 5.0f);
        CHECK(net.score(y, t, result) == Status::bad_input);
        CHECK(net.outputs == std::vector<float>(n, 5.0f));
        CHECK(result.accuracy == 7.0f);
        CHECK(result.mean_squared_error == 7.0f);
      }
    }
    Score result{7.0f, 7.0f};
    CHECK(net.score(std::vector<float>(n), std::vector<float>(n), result, kNaN) == Status::bad_setting);
    CHECK(result.accuracy == 7.0f);
  }
}

TEST_CASE("a mean squared error is given where it is finite, and `diverged` where it is not") {
  Mirror net(1);
  const std::size_t n = 100;
  const auto of = [&net](float largest, float others, float target, Score& result) {
    std::vector<float> y(n, others);
    y[n - 1] = largest;
    return net.score(y, std::vector<float>(n, target), result);
  };
  Score result{7.0f, 7.0f};
  REQUIRE(of(1.5e19f, 1.5e19f, 0.0f, result) == Status::ok);
  CHECK(static_cast<double>(result.mean_squared_error) == doctest::Approx(2.25e38).epsilon(1e-6));
  REQUIRE(of(1.5e20f, 0.0f, 0.0f, result) == Status::ok);
  CHECK(static_cast<double>(result.mean_squared_error) == doctest::Approx(2.25e38).epsilon(1e-6));
  result = {7.0f, 7.0f};
  CHECK(of(1.5e19f, 2e19f, 0.0f, result) == Status::diverged);
  CHECK(of(3e20f, 0.0f, 0.0f, result) == Status::diverged);
  CHECK(of(3e38f, 3e38f, -3e38f, result) == Status::diverged);
  CHECK(result.accuracy == 7.0f);
  CHECK(result.mean_squared_error == 7.0f);
}
