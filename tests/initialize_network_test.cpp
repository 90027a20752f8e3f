// The initializers on whole networks, and what they refuse.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/initialize.hpp>

#include "initializers.hpp"
#include "statistics.hpp"

namespace {

using namespace initializers;
using statistics::same_state;

constexpr auto kShape = ln::topology(8, {{16, ln::activation::relu},
                                         {10, ln::activation::leaky_relu.with_slope(0.2f), false},
                                         {20, ln::activation::selu},
                                         {3, ln::activation::softmax}});
static_assert(!ln::layout::stored_by_unit(8, 16) && ln::layout::stored_by_unit(16, 10), "both storage orders occur");

// A network whose parameters are all marked, the first `frozen` layers apart.
struct Marked {
  explicit Marked(std::size_t frozen = 0)
      : below(ln::frozen_floats(kShape, frozen), kMark), parameters(ln::trainable_floats(kShape, frozen), kMark) {
    CHECK(network.bind(kShape, {below.data(), below.size()}, {parameters.data(), parameters.size()}, frozen) ==
          Status::ok);
  }

  std::vector<float> below, parameters;
  Network network;
};

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

// ---- Layer by layer.

TEST_CASE("on a network every initializer does what it does on the layers one after the other") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked marked;
    Pcg32 random(21), again(21);
    CHECK(initializer.on_network(marked.network, random) == Status::ok);
    for (std::size_t l = 0; l < kShape.layer_count; ++l) {
      Tensor tensor(kShape.layers[l].units, kShape.inputs_of(l));
      std::vector<float> biases(marked.network.biases(l).size());
      CHECK(initializer.on_layer(tensor.view(), {biases.data(), biases.size()}, kShape.layers[l].activation, again) ==
            Status::ok);
      CHECK(elements(marked.network.weights(l)) == elements(tensor.view()));
      const ln::Span<float> set = marked.network.biases(l);
      CHECK(std::vector<float>(set.begin(), set.end()) == biases);  // zeros, but for linear_default
    }
    CHECK(same_state(random, again));
  }
}

TEST_CASE("linear_default gives a network biases other than zero and all others give it zeros") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked marked;
    Pcg32 random(22);
    CHECK(initializer.on_network(marked.network, random) == Status::ok);
    int zeros = 0, drawn = 0;
    for (std::size_t l = 0; l < kShape.layer_count; ++l) {
      for (const float bias : marked.network.biases(l)) {
        zeros += statistics::bits_of(bias) == 0 ? 1 : 0;
        drawn += bias != 0.0f && bias != kMark ? 1 : 0;
      }
    }
    CHECK((initializer.name == "linear_default" ? drawn : zeros) == 16 + 20 + 3);
  }
}

TEST_CASE("frozen layers keep every bit and take no draws") {
  for (const Initializer& initializer : all()) {
    for (std::size_t frozen = 0; frozen <= kShape.layer_count; ++frozen) {
      INFO(initializer.name);
      CAPTURE(frozen);
      Marked marked(frozen);
      Pcg32 random(23), again(23);
      CHECK(initializer.on_network(marked.network, random) == Status::ok);
      CHECK(same_bytes(marked.below, std::vector<float>(marked.below.size(), kMark)));
      for (std::size_t l = frozen; l < kShape.layer_count; ++l) {
        Tensor tensor(kShape.layers[l].units, kShape.inputs_of(l));
        std::vector<float> biases(marked.network.biases(l).size());
        CHECK(initializer.on_layer(tensor.view(), {biases.data(), biases.size()}, kShape.layers[l].activation, again) ==
              Status::ok);
        CHECK(elements(marked.network.weights(l)) == elements(tensor.view()));
      }
      CHECK(same_state(random, again));
    }
  }
}

TEST_CASE("equal seeds give equal bits and other seeds or streams give others") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked first, second, other_seed, other_stream;
    Pcg32 a(24), b(24), c(25), d(24, 1);
    CHECK(initializer.on_network(first.network, a) == Status::ok);
    CHECK(initializer.on_network(second.network, b) == Status::ok);
    CHECK(initializer.on_network(other_seed.network, c) == Status::ok);
    CHECK(initializer.on_network(other_stream.network, d) == Status::ok);
    CHECK(same_bytes(first.parameters, second.parameters));
    CHECK(same_bytes(first.parameters, other_seed.parameters) == (initializer.draws == 0));
    CHECK(same_bytes(first.parameters, other_stream.parameters) == (initializer.draws == 0));
  }
}

TEST_CASE("initialize is automatic") {
  Marked first, second;
  Pcg32 a(26), b(26);
  CHECK(ln::initialize(first.network, a) == Status::ok);
  CHECK(ln::initialize(second.network, b, ln::initializer::automatic) == Status::ok);
  CHECK(same_bytes(first.parameters, second.parameters));
  CHECK(same_state(a, b));
}

// ---- Refusals.

// Parameters out of their range, on a matrix and on a network.
struct Refusal {
  std::string name;
  ln::Initializer how;
};

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kGreatest = std::numeric_limits<float>::max();

std::vector<Refusal> refused_intervals() {
  return {{"uniform of an inverted interval", ln::initializer::uniform.with_bounds(1.0f, 0.5f)},
          {"uniform from NaN", ln::initializer::uniform.with_bounds(kNan, 1.0f)},
          {"uniform to NaN", ln::initializer::uniform.with_bounds(0.0f, kNan)},
          {"uniform from minus infinity", ln::initializer::uniform.with_bounds(-kInfinity, 1.0f)},
          {"uniform to infinity", ln::initializer::uniform.with_bounds(0.0f, kInfinity)},
          {"uniform wider than any float", ln::initializer::uniform.with_bounds(-kGreatest, kGreatest)},
          {"normal with mean NaN", ln::initializer::normal.with_mean(kNan)},
          {"normal with mean infinity", ln::initializer::normal.with_mean(kInfinity)},
          {"normal with deviation -1", ln::initializer::normal.with_stddev(-1.0f)},
          {"normal with deviation NaN", ln::initializer::normal.with_stddev(kNan)},
          {"normal with deviation infinity", ln::initializer::normal.with_stddev(kInfinity)},
          {"constant NaN", ln::initializer::constant(kNan)},
          {"constant infinity", ln::initializer::constant(-kInfinity)}};
}

std::vector<Refusal> refused_truncated_normals() {
  return {{"mean NaN", ln::initializer::truncated_normal.with_mean(kNan)},
          {"mean infinity", ln::initializer::truncated_normal.with_mean(kInfinity)},
          {"deviation -1", ln::initializer::truncated_normal.with_stddev(-1.0f)},
          {"deviation -1 inverted", ln::initializer::truncated_normal.with_stddev(-1.0f).with_bounds(2.0f, -2.0f)},
          {"deviation NaN", ln::initializer::truncated_normal.with_stddev(kNan)},
          {"deviation infinity", ln::initializer::truncated_normal.with_stddev(kInfinity)},
          {"low > high", ln::initializer::truncated_normal.with_bounds(2.0f, 1.0f)},
          {"low NaN", ln::initializer::truncated_normal.with_bounds(kNan, 2.0f)},
          {"high NaN", ln::initializer::truncated_normal.with_bounds(-2.0f, kNan)},
          {"low = infinity", ln::initializer::truncated_normal.with_bounds(kInfinity, kInfinity)},
          {"high = -infinity", ln::initializer::truncated_normal.with_bounds(-kInfinity, -kInfinity)},
          {"deviation 0 beside the bounds", ln::initializer::truncated_normal.with_mean(3.0f).with_stddev(0.0f)},
          {"a mean that is infinitely far away",
           ln::initializer::truncated_normal.with_mean(-1e9f).with_bounds(0.0f, kInfinity)}};
}

std::vector<Refusal> refused_gains() {
  namespace of = ln::initializer;
  std::vector<Refusal> refusals = {{"sparsity -0.1", of::sparse(-0.1f)},
                                   {"sparsity 1.1", of::sparse(1.1f)},
                                   {"sparsity NaN", of::sparse(kNan)},
                                   {"sparse with deviation -1", of::sparse(0.5f).with_stddev(-1.0f)},
                                   {"sparse with deviation NaN", of::sparse(0.5f).with_stddev(kNan)},
                                   {"sparse with deviation infinity", of::sparse(0.5f).with_stddev(kInfinity)}};
  for (const ln::Initializer& kaiming : {of::kaiming_uniform, of::kaiming_normal}) {
    refusals.push_back({"Kaiming of no mode", kaiming.with_mode(static_cast<ln::Mode>(2))});
    refusals.push_back(
        {"Kaiming with slope NaN", kaiming.with_gain(ln::gain(ln::activation::leaky_relu.with_slope(kNan)))});
    refusals.push_back(
        {"Kaiming with slope infinity", kaiming.with_gain(ln::gain(ln::activation::leaky_relu.with_slope(kInfinity)))});
  }
  for (const ln::Initializer& gained :
       {of::xavier_uniform, of::xavier_normal, of::kaiming_uniform, of::kaiming_normal, of::orthogonal}) {
    for (const float gain : {1.1e12f, -1.1e12f, -kInfinity, kNan, kInfinity}) {
      refusals.push_back({"gain " + std::to_string(gain), gained.with_gain(gain)});
    }
  }
  return refusals;
}

// Every parameter that an initializer does not have.
std::vector<Refusal> unknown_parameters() {
  namespace of = ln::initializer;
  std::vector<Refusal> refusals;
  for (const ln::Initializer& how :
       {of::uniform, of::normal, of::truncated_normal, of::zeros, of::identity, of::xavier_uniform, of::xavier_normal,
        of::kaiming_uniform, of::kaiming_normal, of::orthogonal, of::sparse(0.5f), of::linear_default, of::automatic}) {
    const auto add = [&refusals, &how](std::uint8_t option, const char* name, const ln::Initializer& told) {
      CHECK((told.descriptor == nullptr) == ((how.options & option) == 0));
      if (told.descriptor == nullptr) refusals.push_back({name, told});
    };
    add(ln::Initializer::kGain, "gain", how.with_gain(2.0f));
    add(ln::Initializer::kMode, "mode", how.with_mode(ln::Mode::fan_out));
    add(ln::Initializer::kMean, "mean", how.with_mean(0.5f));
    add(ln::Initializer::kStddev, "stddev", how.with_stddev(0.5f));
    add(ln::Initializer::kBounds, "bounds", how.with_bounds(-1.0f, 1.0f));
  }
  CHECK(refusals.size() == 13u * 5u - 14u);
  return refusals;
}

void check_refusals(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    INFO(refusal.name);
    Tensor tensor(6, 4), untouched(6, 4);
    Marked marked;
    Pcg32 random(27);
    Matrix weights = tensor.view();
    CHECK(ln::initialize(weights, random, refusal.how) == Status::bad_initializer);
    CHECK(ln::initialize(marked.network, random, refusal.how) == Status::bad_initializer);
    CHECK(ln::initialize(marked.network, 1, random, refusal.how) == Status::bad_initializer);
    CHECK(same_bytes(tensor.memory(), untouched.memory()));
    CHECK(same_bytes(marked.parameters, std::vector<float>(marked.parameters.size(), kMark)));
    CHECK(same_state(random, Pcg32(27)));
  }
}

TEST_CASE("bad intervals and means and deviations are refused and change nothing") {
  check_refusals(refused_intervals());
}
TEST_CASE("bad arguments of truncated_normal are refused and change nothing") {
  check_refusals(refused_truncated_normals());
}
TEST_CASE("bad gains and slopes and fans and sparsities are refused and change nothing") {
  check_refusals(refused_gains());
}

TEST_CASE("a parameter that an initializer does not have is refused and changes nothing") {
  check_refusals(unknown_parameters());
}

TEST_CASE("one layer of a network is drawn as its matrix alone, and its biases with it") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked marked(1), untouched(1);
    Pcg32 random(32), again(32);
    CHECK(ln::initialize(marked.network, 2, random, initializer.how) == Status::ok);
    Tensor tensor(kShape.layers[2].units, kShape.inputs_of(2));
    std::vector<float> biases(kShape.layers[2].units);
    CHECK(initializer.on_layer(tensor.view(), {biases.data(), biases.size()}, kShape.layers[2].activation, again) ==
          Status::ok);
    CHECK(elements(marked.network.weights(2)) == elements(tensor.view()));
    CHECK(std::vector<float>(marked.network.biases(2).begin(), marked.network.biases(2).end()) == biases);
    CHECK(same_state(random, again));
    CHECK(elements(marked.network.weights(1)) == elements(untouched.network.weights(1)));
    CHECK(elements(marked.network.weights(3)) == elements(untouched.network.weights(3)));
    for (const std::size_t none : {std::size_t{0}, kShape.layer_count}) {  // frozen, and beyond the last
      CHECK(ln::initialize(marked.network, none, random, initializer.how) == Status::bad_initializer);
    }
    CHECK(same_state(random, again));
    Network nothing;
    CHECK(ln::initialize(nothing, 0, random, initializer.how) == Status::not_bound);
  }
}

TEST_CASE("an activation with a slope that is not finite is refused by automatic") {
  for (const float slope : {kNan, kInfinity, -kInfinity}) {
    Tensor tensor(6, 4), untouched(6, 4);
    Pcg32 random(28);
    CHECK(
        ln::initialize(tensor.view(), random, ln::initializer::before(ln::activation::leaky_relu.with_slope(slope))) ==
        Status::bad_initializer);
    CHECK(same_bytes(tensor.memory(), untouched.memory()));
    CHECK(same_state(random, Pcg32(28)));
  }
}

TEST_CASE("empty tensors are refused and draw nothing") {
  float biases[3] = {kMark, kMark, kMark}, weights[12] = {};
  Marked frozen(2);
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Pcg32 random(29);
    for (const Matrix empty : {Matrix(), Matrix(weights, 0, 4, 4, 1), Matrix(weights, 3, 0, 0, 1),
                               frozen.network.weights(1), frozen.network.weights(9)}) {
      CHECK(initializer.on_layer(empty, {biases, 3}, ln::activation::relu, random) == Status::bad_initializer);
    }
    CHECK(same_state(random, Pcg32(29)));
    CHECK((biases[0] == kMark && biases[1] == kMark && biases[2] == kMark));
  }
}

TEST_CASE("a network that is not bound is refused and draws nothing") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Network network;
    Pcg32 random(30);
    CHECK(initializer.on_network(network, random) == Status::not_bound);
    CHECK(same_state(random, Pcg32(30)));
  }
  Network network;
  Pcg32 random(30);
  CHECK(ln::initialize(network, random) == Status::not_bound);
}

TEST_CASE("a gain that is too large or too small for one layer changes none of them") {
  // Glorot's bound of the 1-to-1 layer is 5.7 times that of the 64-to-1 layer before it.
  static constexpr auto kTopology = ln::topology(64, {{1, ln::activation::tanh}, {1, ln::activation::tanh}});
  static constexpr auto kReversed = ln::topology(1, {{1, ln::activation::tanh}, {64, ln::activation::tanh}});
  for (const float gain : {1.5e38f, 3e38f, 1.4e-45f, 3e-45f}) {
    for (const ln::TopologyView& topology : {ln::TopologyView(kTopology), ln::TopologyView(kReversed)}) {
      CAPTURE(gain);
      std::vector<float> parameters(ln::parameter_floats(topology), kMark);
      Network network;
      CHECK(network.bind(topology, {parameters.data(), parameters.size()}) == Status::ok);
      Pcg32 random(31);
      if (const Status status = ln::initialize(network, random, ln::initializer::xavier_uniform.with_gain(gain));
          status == Status::ok) {
        for (const float x : parameters) {
          CHECK(std::isfinite(x));
        }
      } else {
        CHECK(status == Status::bad_initializer);
        CHECK(same_bytes(parameters, std::vector<float>(parameters.size(), kMark)));
        CHECK(same_state(random, Pcg32(31)));
      }
    }
  }
}

}  // namespace
