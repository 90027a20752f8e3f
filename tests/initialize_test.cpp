// The initializers on one tensor: what each element is, in which order it is drawn, and its bits.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/initialize.hpp>

#include "initializers.hpp"
#include "statistics.hpp"

namespace {

using namespace initializers;
using namespace statistics;

constexpr double kStep = 0x1p-24;  // the largest relative error of one rounding

// ---- Gains.

TEST_CASE("gains are PyTorch's") {
  namespace a = ln::activation;
  // Three roundings: 1 + slope^2, the quotient (both halved by the root) and the root; and that of the slope itself.
  const double tolerance = 3.0 * kStep;
  const auto close = [&](float found, double expected) { return std::fabs(wide(found) / expected - 1.0) < tolerance; };
  CHECK(ln::gain(a::identity) == 1.0f);
  CHECK(ln::gain(a::sigmoid) == 1.0f);
  CHECK(close(ln::gain(a::tanh), 1.6666666666666667));
  CHECK(close(ln::gain(a::relu), 1.4142135623730951));
  CHECK(close(ln::gain(a::leaky_relu), 1.4141428569978354));
  CHECK(close(ln::gain(a::leaky_relu.with_slope(0.2f)), 1.3867504905630728));
  CHECK(close(ln::gain(a::leaky_relu.with_slope(2.2360679775f)), 0.5773502691896257));
  CHECK(close(ln::gain(a::leaky_relu.with_slope(-0.2f)), 1.3867504905630728));
  CHECK(ln::gain(a::selu) == 0.75f);
  for (const float slope : {NAN, INFINITY, -INFINITY}) CHECK(std::isnan(ln::gain(a::leaky_relu.with_slope(slope))));
}

TEST_CASE("Kaiming's gain is that of ReLU, unless told otherwise") {
  CHECK(ln::initializer::kaiming_uniform.gain == ln::gain(ln::activation::relu));
  CHECK(ln::initializer::kaiming_normal.gain == ln::gain(ln::activation::relu));
}

TEST_CASE("activations for which PyTorch knows no gain have none") {
  namespace a = ln::activation;
  for (const ln::Activation& activation : {a::relu6, a::elu, a::gelu, a::gelu_tanh, a::silu, a::mish, a::softplus,
                                           a::softsign, a::hard_tanh, a::hard_sigmoid, a::hard_swish, a::softmax}) {
    CHECK(std::isnan(ln::gain(activation)));
    Tensor tensor(3, 3);
    Pcg32 random(1);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::xavier_uniform.with_gain(ln::gain(activation))) ==
          Status::bad_initializer);
  }
}

// ---- Every element is what its own draw says, scaled by the table.

// Uniform: 4 roundings in the bound, 2 in the product with twice the bound, 1 in the sum, all relative to the bound.
constexpr double kUniformTolerance = 7.0 * kStep;
// Normal: 4.3e-7 of Pcg32::normal, 4 roundings in the deviation, 1 in the product.
constexpr double kNormalTolerance = 4.3e-7 + 5.0 * kStep;

double worst_element(const Scaled& initializer, const Bounds& bounds) {
  Tensor tensor(bounds.units, bounds.inputs);
  Pcg32 random(bounds.inputs, bounds.units), draws = random;
  CHECK(ln::initialize(tensor.view(), random, initializer.how) == Status::ok);
  const double scale = bounds.*initializer.scale;
  double worst = 0.0;
  for (const float element : elements(tensor.view())) {
    const std::uint32_t drawn = draws.bits();
    const double value = wide(element) / scale;
    if (initializer.normal) {
      const bool right_sign = (value < 0.0) == (drawn >= 0x80000000u);
      worst = std::max(worst, right_sign ? std::fabs(quantile_error(value, drawn)) : 1.0);
    } else {
      worst = std::max(worst, std::fabs(value - (static_cast<double>(drawn >> 8) * 0x1p-23 - 1.0)));
    }
  }
  CHECK(same_state(random, draws));
  return worst;
}

TEST_CASE("every scaled initializer has PyTorch's bounds and deviations element by element") {
  for (const Scaled& initializer : scaled()) {
    for (const Bounds& bounds : kBounds) {
      INFO(initializer.name);
      CAPTURE(bounds.units);
      CAPTURE(bounds.inputs);
      CHECK(worst_element(initializer, bounds) < (initializer.normal ? kNormalTolerance : kUniformTolerance));
    }
  }
}

TEST_CASE("uniform and normal fill with the draws of the generator") {
  Tensor uniforms(9, 4), normals(9, 4), standard_uniforms(9, 4), standard_normals(9, 4);
  Pcg32 random(3), draws(3);
  CHECK(ln::initialize(uniforms.view(), random, ln::initializer::uniform.with_bounds(-0.5f, 3.0f)) == Status::ok);
  CHECK(ln::initialize(normals.view(), random, ln::initializer::normal.with_mean(1.0f).with_stddev(0.3f)) ==
        Status::ok);
  CHECK(ln::initialize(standard_uniforms.view(), random, ln::initializer::uniform) == Status::ok);
  CHECK(ln::initialize(standard_normals.view(), random, ln::initializer::normal) == Status::ok);
  for (const float x : elements(uniforms.view())) {
    CHECK(x == draws.uniform(-0.5f, 3.0f));
  }
  for (const float x : elements(normals.view())) {
    CHECK(x == draws.normal(1.0f, 0.3f));
  }
  for (const float x : elements(standard_uniforms.view())) {
    CHECK(x == draws.uniform());
  }
  for (const float x : elements(standard_normals.view())) {
    CHECK(x == draws.normal());
  }
}

TEST_CASE("a normal of deviation 0 is its mean and draws all the same") {
  Tensor tensor(4, 3);
  Pcg32 random(3), draws(3);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::normal.with_mean(0.75f).with_stddev(0.0f)) ==
        Status::ok);
  CHECK(elements(tensor.view()) == std::vector<float>(12, 0.75f));
  draws.advance(12);
  CHECK(same_state(random, draws));
}

TEST_CASE("constant and zeros and ones and identity are what their names say") {
  for (const std::size_t units : {std::size_t{1}, std::size_t{3}, std::size_t{5}}) {
    Tensor tensor(units, 4, Order::by_input);
    Pcg32 random(1);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::constant(-2.5f)) == Status::ok);
    CHECK(elements(tensor.view()) == std::vector<float>(units * 4, -2.5f));
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::ones) == Status::ok);
    CHECK(elements(tensor.view()) == std::vector<float>(units * 4, 1.0f));
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::zeros) == Status::ok);
    CHECK(elements(tensor.view()) == std::vector<float>(units * 4, 0.0f));
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::identity) == Status::ok);
    for (std::size_t o = 0; o < units; ++o) {
      for (std::size_t i = 0; i < 4; ++i) {
        CHECK(tensor.view()(o, i) == (o == i ? 1.0f : 0.0f));
      }
    }
  }
}

// ---- Order.

TEST_CASE("element (o i) is the same in every storage order and nothing beside the tensor is touched") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    float biases[7];
    Tensor by_unit(7, 5), by_input(7, 5, Order::by_input), padded(7, 5, Order::padded);
    for (Tensor* tensor : {&by_unit, &by_input, &padded}) {
      Pcg32 random(12);
      CHECK(initializer.on_layer(tensor->view(), {biases, 7}, ln::activation::relu, random) == Status::ok);
    }
    CHECK(elements(by_input.view()) == elements(by_unit.view()));
    CHECK(elements(padded.view()) == elements(by_unit.view()));
    for (Tensor* tensor : {&by_unit, &by_input, &padded}) {
      std::size_t untouched = 0;
      for (const float x : tensor->memory()) {
        untouched += x == kMark ? 1 : 0;
      }
      CHECK(untouched == tensor->memory().size() - 35);
    }
  }
}

TEST_CASE("the layers of a network that are stored the other way draw the same elements") {
  static constexpr auto kByInput = ln::topology(8, {{16, ln::activation::relu}});
  static constexpr auto kByUnit = ln::topology(64, {{10, ln::activation::relu}});
  for (const ln::TopologyView& topology : {ln::TopologyView(kByInput), ln::TopologyView(kByUnit)}) {
    std::vector<float> parameters(ln::parameter_floats(topology));
    Network network;
    CHECK(network.bind(topology, {parameters.data(), parameters.size()}) == Status::ok);
    const Matrix weights = network.weights(0);
    CHECK(weights.column_stride() == (topology.layers == kByUnit.layers ? 1 : 16));
    for (const Initializer& initializer : all()) {
      INFO(initializer.name);
      Tensor tensor(weights.rows(), weights.columns());
      float biases[16];
      Pcg32 random(13), again(13);
      CHECK(initializer.on_layer(weights, network.biases(0), ln::activation::relu, random) == Status::ok);
      CHECK(initializer.on_layer(tensor.view(), {biases, weights.rows()}, ln::activation::relu, again) == Status::ok);
      CHECK(elements(weights) == elements(tensor.view()));
      CHECK(same_state(random, again));
    }
  }
}

TEST_CASE("initializers take as many draws as they say") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Tensor tensor(6, 11);
    Pcg32 random(14), draws(14);
    CHECK(initializer.on_layer(tensor.view(), {}, ln::activation::selu, random) == Status::ok);
    if (initializer.draws != kAsNeeded) {
      draws.advance(initializer.draws * 66);
      CHECK(same_state(random, draws));
    }
  }
}

// ---- linear_default and automatic.

TEST_CASE("linear_default draws the weights and then the biases within 1 over the root of fan_in") {
  for (const Bounds& bounds : kBounds) {
    const auto shape = ln::topology(bounds.inputs, {{bounds.units, ln::activation::identity}});
    std::vector<float> parameters(ln::parameter_floats(shape));
    Network network;
    REQUIRE(network.bind(shape, parameters) == Status::ok);
    Pcg32 random(15), draws(15);
    CHECK(ln::initialize(network, random, ln::initializer::linear_default) == Status::ok);
    std::vector<float> both = elements(network.weights(0));
    both.insert(both.end(), network.biases(0).begin(), network.biases(0).end());
    double worst = 0.0;
    for (const float x : both) {
      const double expected = (2.0 * wide(draws.uniform()) - 1.0) * bounds.linear;
      worst = std::max(worst, std::fabs(wide(x) - expected) / bounds.linear);
    }
    CAPTURE(bounds.inputs);
    CHECK(worst < kUniformTolerance);
    CHECK(same_state(random, draws));
  }
}

void check_automatic(const ln::Activation& activation, const ln::Initializer& expected) {
  CAPTURE(static_cast<int>(ln::id_of(activation)));
  Tensor tensor(6, 9), other(6, 9);
  Pcg32 random(16), again(16);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::before(activation)) == Status::ok);
  CHECK(ln::initialize(other.view(), again, expected) == Status::ok);
  CHECK(elements(tensor.view()) == elements(other.view()));
  CHECK(same_state(random, again));
}

TEST_CASE("automatic chooses by the activation behind the weights") {
  namespace a = ln::activation;
  namespace of = ln::initializer;
  for (const ln::Activation& rectifier : {a::relu, a::relu6, a::elu, a::elu.with_alpha(0.3f), a::gelu, a::gelu_tanh,
                                          a::silu, a::mish, a::softplus, a::hard_swish}) {
    check_automatic(rectifier, of::kaiming_uniform);
  }
  for (const float slope : {0.01f, 0.2f, 5.0f, 0.0f}) {
    check_automatic(a::leaky_relu.with_slope(slope),
                    of::kaiming_uniform.with_gain(std::sqrt(2.0f / (1.0f + slope * slope))));
  }
  check_automatic(a::selu, of::kaiming_normal.with_gain(1.0f));
  for (const ln::Activation& other :
       {a::identity, a::sigmoid, a::tanh, a::softsign, a::hard_tanh, a::hard_sigmoid, a::softmax}) {
    check_automatic(other, of::xavier_uniform);
  }
}

// ---- Bits.

TEST_CASE("every initializer gives these bits for ever") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Tensor tensor(7, 5);
    std::vector<float> biases(7, kMark);
    Pcg32 random(2024, 3);
    CHECK(initializer.on_layer(tensor.view(), {biases.data(), 7}, ln::activation::selu, random) == Status::ok);
    std::vector<float> drawn = elements(tensor.view());
    if (biases[0] != kMark) {
      drawn.insert(drawn.end(), biases.begin(), biases.end());
    }
    Hash hash;
    for (const float x : drawn) {
      hash.add(x);
    }
    CHECK(hash.value() == initializer.golden);
  }
}

}  // namespace
