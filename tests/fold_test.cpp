// A normalizer put into weights: predictions before and after, over random nets and columns of all units.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"
#include "oracle.hpp"
#include "scales.hpp"

using namespace linnet_test;

namespace {

constexpr std::size_t kRows = 64;

// A network with a normalizer for its inputs and one for its targets.
struct Net {
  linnet::Topology shape;
  std::vector<float> parameters, scratch, x, in_memory, out_memory, seen;
  linnet::Network network;
  linnet::Predictor predictor;
  linnet::Normalizer inputs, targets;

  // `far`: how many deviations a mean is from 0, at most; units are powers of ten.
  Net(const linnet::Topology& topology, std::uint64_t seed, float far)
      : shape(topology),
        parameters(linnet::parameter_floats(shape)),
        scratch(linnet::predictor_floats(shape)),
        x(random_floats(kRows * shape.inputs, seed + 1)),
        in_memory(linnet::normalizer_floats(shape.inputs)),
        out_memory(linnet::normalizer_floats(shape.outputs())),
        seen(random_floats(kRows * shape.outputs(), seed + 2)) {
    linnet::Pcg32 random(seed);
    REQUIRE(network.bind(shape, parameters) == Status::ok);
    REQUIRE(linnet::initialize(network, random, linnet::initializer::linear_default) == Status::ok);
    REQUIRE(predictor.bind(network, scratch, kernels()) == Status::ok);
    put_in_units(x, shape.inputs, random, far);
    put_in_units(seen, shape.outputs(), random, far);
    const auto scaling = seed % 2 == 0 ? linnet::Scaling::standard : linnet::Scaling::min_max;
    REQUIRE(inputs.bind(shape.inputs, in_memory, scaling) == Status::ok);
    REQUIRE(inputs.observe({x.data(), kRows, shape.inputs}) == Status::ok);
    REQUIRE(targets.bind(shape.outputs(), out_memory, scaling) == Status::ok);
    REQUIRE(targets.observe({seen.data(), kRows, shape.outputs()}) == Status::ok);
  }
  static void put_in_units(std::vector<float>& rows, std::size_t columns, linnet::Pcg32& random, float far) {
    for (std::size_t i = 0; i < columns; ++i) {
      const double unit = std::pow(10.0, static_cast<double>(random.uniform(-9.0f, 12.0f)));
      const double mean = static_cast<double>(random.uniform(-far, far));
      for (std::size_t k = i; k < rows.size(); k += columns) {
        rows[k] = static_cast<float>(unit * (mean + static_cast<double>(rows[k])));
      }
    }
  }
  [[nodiscard]] std::vector<float> normalized() const {
    std::vector<float> y = x;
    REQUIRE(inputs.apply(linnet::Rows(y.data(), kRows, shape.inputs)) == Status::ok);
    return y;
  }
  std::vector<float> predicted(const std::vector<float>& rows) {
    std::vector<float> y(kRows * shape.outputs());
    REQUIRE(predictor.predict({rows.data(), kRows, shape.inputs}, {y.data(), kRows, shape.outputs()}) == Status::ok);
    return y;
  }
};

linnet::Topology random_shape(linnet::Pcg32& random, const linnet::Activation& last) {
  namespace a = linnet::activation;
  const linnet::Activation all[] = {a::tanh, a::relu, a::sigmoid, a::leaky_relu, a::elu, a::softplus};
  linnet::Topology shape{1 + random.below(40), 2 + random.below(3), {}};
  for (std::size_t l = 0; l < shape.layer_count; ++l) {
    const bool is_last = l + 1 == shape.layer_count;
    shape.layers[l] = {is_last ? 1 + random.below(4) : 1 + random.below(40), is_last ? last : all[random.below(6)]};
  }
  return shape;
}

// The largest difference of a row, relative to 1 or to its largest output.
double difference(const std::vector<float>& before, const std::vector<float>& after, std::size_t outputs) {
  double worst = 0.0;
  for (std::size_t row = 0; row < before.size(); row += outputs) {
    double largest = 1.0, apart = 0.0;
    for (std::size_t k = row; k < row + outputs; ++k) {
      const double y = static_cast<double>(before[k]);
      largest = std::max(largest, std::fabs(y));
      apart = std::max(apart, std::fabs(static_cast<double>(after[k]) - y));
    }
    worst = std::max(worst, apart / largest);
  }
  return worst;
}

struct Folded {
  std::size_t nets = 0;
  double worst = 0.0;
};
// Of random nets whose means are up to so many deviations from 0. What is refused has not changed.
Folded fold_inputs(float far, float tolerance, std::size_t nets) {
  linnet::Pcg32 random(1);
  Folded result;
  for (std::uint64_t seed = 0; seed < nets; ++seed) {
    Net net(random_shape(random, linnet::activation::identity), 3 * seed, far);
    const std::vector<float> before = net.predicted(net.normalized()), weights = net.parameters;
    const Status status = linnet::fold(net.inputs, net.network, tolerance);
    CHECK((status == Status::ok || status == Status::lost_precision));
    if (status == Status::ok) {
      ++result.nets;
      result.worst = std::max(result.worst, difference(before, net.predicted(net.x), net.shape.outputs()));
    } else {
      CHECK(same_bits(weights, net.parameters));
    }
  }
  return result;
}

}  // namespace

TEST_CASE(
    "a folded network predicts what it did behind apply(), in all units, within 2e-6 of 1 or the largest output") {
  const Folded near = fold_inputs(4.0f, linnet::kFoldTolerance, 300);
  CHECK(near.nets == 300);
  CHECK(near.worst <= 2e-6);
  const Folded between = fold_inputs(16.0f, linnet::kFoldTolerance, 300);
  CHECK(between.nets > 50);
  CHECK(between.worst <= 2e-6);
  CHECK(fold_inputs(64.0f, linnet::kFoldTolerance, 300).worst <= 2e-6);
  CHECK(fold_inputs(1e4f, linnet::kFoldTolerance, 300).nets == 0);
}

TEST_CASE("a tolerance that the program names is what a fold costs") {
  for (const float far : {64.0f, 1e3f, 1e4f}) {
    const Folded named = fold_inputs(far, far * 1e-6f, 200);
    CHECK(named.nets > 100);
    CHECK(named.worst <= static_cast<double>(far) * 1e-6);
    CHECK(named.worst > static_cast<double>(far) * 1e-8);  // it does cost
  }
}

TEST_CASE("folded targets come out in their own units, within 2e-6 of their deviation or the output") {
  linnet::Pcg32 random(2);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Net net(random_shape(random, linnet::activation::identity), 3 * seed, seed % 2 == 0 ? 4.0f : 4e3f);
    const std::size_t n = net.shape.outputs();
    std::vector<float> before = net.predicted(net.normalized());
    REQUIRE(net.targets.undo(linnet::Rows(before.data(), kRows, n)) == Status::ok);
    REQUIRE(linnet::fold_targets(net.targets, net.network) == Status::ok);
    std::vector<float> after = net.predicted(net.normalized());
    for (std::size_t k = 0; k < after.size(); ++k) {  // in units of their own
      before[k] /= net.targets.deviation(k % n);
      after[k] /= net.targets.deviation(k % n);
      CHECK(difference({before[k]}, {after[k]}, 1) <= 2e-6);
    }
  }
}

TEST_CASE("folded weights are those of the formulas, in either order of both folds, with one layer too") {
  for (const std::size_t layers : {std::size_t{1}, std::size_t{2}}) {
    for (const bool targets_first : {false, true}) {
      linnet::Topology shape = linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});
      if (layers == 1) shape = linnet::topology(3, {{2, linnet::activation::identity}});
      Net net(shape, 11, 3.0f);
      const std::vector<OracleLayer> before = oracle_of(net.network, {"tanh", "identity"});
      if (targets_first) REQUIRE(linnet::fold_targets(net.targets, net.network) == Status::ok);
      REQUIRE(linnet::fold(net.inputs, net.network) == Status::ok);
      if (!targets_first) REQUIRE(linnet::fold_targets(net.targets, net.network) == Status::ok);
      for (std::size_t l = 0; l < layers; ++l) {
        const linnet::ConstMatrix weights = net.network.read_weights(l);
        for (std::size_t o = 0; o < weights.rows(); ++o) {
          const double out = l + 1 == layers ? static_cast<double>(net.targets.deviation(o)) : 1.0;
          double bias = before[l].b[o], size = std::fabs(bias);
          for (std::size_t i = 0; i < weights.columns(); ++i) {
            const double in = l == 0 ? static_cast<double>(net.inputs.deviation(i)) : 1.0;
            const double w = before[l].w[o * weights.columns() + i] / in;
            CHECK(std::fabs(static_cast<double>(weights(o, i)) - w * out) <= 0x1p-22 * std::fabs(w * out));
            if (l == 0) bias -= w * static_cast<double>(net.inputs.centre(i));
            if (l == 0) size += std::fabs(w * static_cast<double>(net.inputs.centre(i)));
          }
          const double c = l + 1 == layers ? static_cast<double>(net.targets.centre(o)) : 0.0;
          const double wanted = bias * out + c, most = 0x1p-21 * (size * out + std::fabs(c));
          CHECK(std::fabs(static_cast<double>(net.network.read_biases(l)[o]) - wanted) <= most);
        }
      }
    }
  }
}

TEST_CASE("where roundings of weights would move a mean of many deviations, the bias takes them along") {
  // 1.7e12 +- 3e9: 2^-24 of a weight times the mean is 3e-5 deviations; in the bias alone it is half of its own rounding
  Scales scales(2000, 3);
  REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
  double worst = 0.0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    float parameters[2], memory[linnet::normalizer_floats(1)], scratch[2];
    const auto shape = linnet::topology(1, {{1, linnet::activation::identity}});
    linnet::Network network;
    linnet::Predictor predictor;
    linnet::Normalizer clock;
    REQUIRE(clock.bind(1, memory) == Status::ok);
    std::vector<float> x(2000), y(2000), before(2000), after(2000);
    for (std::size_t b = 0; b < 2000; ++b) x[b] = scales.x[b * kColumns + 1];
    REQUIRE(clock.observe(x) == Status::ok);
    REQUIRE(clock.apply({x.data(), 2000, 1}, {y.data(), 2000, 1}) == Status::ok);
    REQUIRE(network.bind(shape, parameters) == Status::ok);
    parameters[0] = 1.0f + 0.01f * static_cast<float>(seed);
    parameters[1] = 0.25f;
    REQUIRE(predictor.bind(network, scratch, kernels()) == Status::ok);
    REQUIRE(predictor.predict({y.data(), 2000, 1}, {before.data(), 2000, 1}) == Status::ok);
    CHECK(linnet::fold(clock, network) == Status::lost_precision);
    REQUIRE(linnet::fold(clock, network, 1e-3f) == Status::ok);
    REQUIRE(predictor.predict({x.data(), 2000, 1}, {after.data(), 2000, 1}) == Status::ok);
    worst = std::max(worst, difference(before, after, 1));
  }
  // the bias is about 900: half of its last place is 2^-15; the rounding of the sum is that of a small number
  const bool fused = linnet::contract() == linnet::Contract::fused;  // else the product rounds, too
  CHECK(worst <= (fused ? 1 : 3) * 0x1p-15 + 1e-6);
}

TEST_CASE("a fold says what it cannot do, and then no weight has changed") {
  Net net(linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}}), 5, 2.0f);
  const std::vector<float> before = net.parameters;
  linnet::Network unbound, frozen, head;
  linnet::Normalizer none;
  std::vector<float> memory(64), other(64, 0.5f);
  CHECK(linnet::fold(none, net.network) == Status::not_bound);
  CHECK(linnet::fold(net.inputs, unbound) == Status::not_bound);
  CHECK(linnet::fold_targets(net.targets, unbound) == Status::not_bound);
  REQUIRE(none.bind(3, memory) == Status::ok);
  CHECK(linnet::fold(none, net.network) == Status::nothing_observed);
  CHECK(linnet::fold(net.targets, net.network) == Status::bad_columns);
  CHECK(linnet::fold_targets(net.inputs, net.network) == Status::bad_columns);
  for (const float bad : {-0.1f, 1.5f, std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(linnet::fold(net.inputs, net.network, bad) == Status::bad_setting);
  }
  CHECK(linnet::fold(net.inputs, net.network, 0.0f) == Status::lost_precision);
  REQUIRE(frozen.bind(net.shape, other, {memory.data(), 12}, 1) == Status::ok);
  CHECK(linnet::fold(net.inputs, frozen) == Status::bad_layer);
  REQUIRE(frozen.bind(net.shape, other, {memory.data(), 12}, 2) == Status::ok);
  CHECK(linnet::fold_targets(net.targets, frozen) == Status::bad_layer);
  const auto classes = linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::softmax}});
  REQUIRE(head.bind(classes, other) == Status::ok);
  CHECK(linnet::fold_targets(net.targets, head) == Status::bad_activation);
  CHECK(same_bits(before, net.parameters));
  CHECK(other == std::vector<float>(64, 0.5f));
  for (const std::size_t k : {std::size_t{0}, before.size() - 1}) {
    net.parameters[k] = std::numeric_limits<float>::infinity();
    const std::vector<float> broken = net.parameters;
    CHECK((k == 0 ? linnet::fold(net.inputs, net.network) : linnet::fold_targets(net.targets, net.network)) ==
          Status::bad_parameter);
    CHECK(same_bits(broken, net.parameters));
    net.parameters[k] = before[k];
  }
}

TEST_CASE("a layer without biases takes a scale that subtracts nothing, and weights below all floats are refused") {
  std::vector<float> memory(linnet::normalizer_floats(2)), parameters(6, 0.5f);
  const float seen[2][2] = {{0.0f, 0.0f}, {4.0f, 8.0f}}, moved[2][2] = {{1.0f, 0.0f}, {4.0f, 8.0f}};
  const float huge[2][2] = {{0.0f, 0.0f}, {4.0f, 0x1p125f}}, tiny[2][2] = {{0.0f, 0.0f}, {4.0f, 1e-40f}};
  const auto shape = linnet::topology(2, {{3, linnet::activation::relu, false}});
  linnet::Network network;
  linnet::Normalizer scale;
  REQUIRE(network.bind(shape, parameters) == Status::ok);
  const auto fold = [&](const float(&rows)[2][2]) {
    REQUIRE(scale.bind(2, memory, linnet::Scaling::min_max) == Status::ok);
    REQUIRE(scale.observe(rows) == Status::ok);
    return linnet::fold(scale, network);
  };
  CHECK(fold(moved) == Status::bad_layer);
  CHECK(fold(huge) == Status::ok);  // 2^-1 / 2^125 is the smallest normal number
  CHECK(network.weights(0)(2, 1) == 0x1p-126f);
  for (float& weight : parameters) weight = 0.25f;
  CHECK(fold(huge) == Status::lost_precision);
  CHECK(fold(tiny) == Status::bad_parameter);
  CHECK(parameters == std::vector<float>(6, 0.25f));
  CHECK(fold(seen) == Status::ok);
  CHECK(network.weights(0)(2, 0) == 0.0625f);
  CHECK(network.weights(0)(2, 1) == 0.03125f);
}
