#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Pcg32;
namespace activation = linnet::activation;

namespace {

const linnet::Topology kShape =
    linnet::topology(6, {{20, activation::tanh}, {12, activation::relu}, {3, activation::identity}});
const linnet::TrainerConfig kConfig{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 4};

// The standard deviation of every layer's pre-activations, in double precision.
std::vector<double> deviations(const linnet::Network& network, const Data& data) {
  const std::vector<OracleLayer> layers = oracle_of(network, {"tanh", "relu", "identity"});
  std::vector<double> result;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::vector<OracleLayer> below(layers.begin(), layers.begin() + static_cast<long>(l) + 1);
    const std::vector<double> z = oracle_forward(below, {data.x.begin(), data.x.end()}, data.rows, true);
    double mean = 0.0;
    double squares = 0.0;
    for (const double value : z) mean += value / static_cast<double>(z.size());
    for (const double value : z) squares += (value - mean) * (value - mean) / static_cast<double>(z.size());
    result.push_back(std::sqrt(squares));
  }
  return result;
}

struct Scaled {
  Bench bench{kShape, kConfig, 3};
  Data data{50, 6, 3, 1};
  std::vector<float> memory = std::vector<float>(linnet::unit_variance_floats(kShape, 50));
  Status run() {
    return linnet::scale_to_unit_variance(bench.network, data.input_rows(), {memory.data(), memory.size()}, kernels());
  }
};

}  // namespace

TEST_CASE("scaled to unit variance, every layer's pre-activations have deviation 1 on the data") {
  Scaled scaled;
  Pcg32 random(2);
  REQUIRE(linnet::initialize(scaled.bench.network, random, linnet::initializer::orthogonal.with_gain(0.01f)) ==
          Status::ok);
  CHECK(deviations(scaled.bench.network, scaled.data)[0] < 0.1);
  REQUIRE(scaled.run() == Status::ok);
  for (const double deviation : deviations(scaled.bench.network, scaled.data)) {
    CHECK(std::fabs(deviation - 1.0) <= 0.0101);
  }
  // Biases are not scaled, and in the way.
  REQUIRE(linnet::initialize(scaled.bench.network, random, linnet::initializer::linear_default) == Status::ok);
  REQUIRE(scaled.run() == Status::ok);
  for (const double deviation : deviations(scaled.bench.network, scaled.data)) {
    CHECK(std::fabs(deviation - 1.0) <= 0.0101);
  }
  const std::vector<float> done = scaled.bench.parameters;
  REQUIRE(scaled.run() == Status::ok);
  CHECK(same_bits(done, scaled.bench.parameters));
}

TEST_CASE("a layer that says the same to every input is left alone") {
  Scaled scaled;
  Pcg32 random(1);
  REQUIRE(linnet::initialize(scaled.bench.network, random, linnet::initializer::zeros) == Status::ok);
  const std::vector<float> before = scaled.bench.parameters;
  REQUIRE(scaled.run() == Status::ok);
  CHECK(same_bits(before, scaled.bench.parameters));
}

TEST_CASE("scaling says what is wrong before anything changes") {
  Scaled scaled;
  const std::vector<float> before = scaled.bench.parameters;
  linnet::Network& network = scaled.bench.network;
  const linnet::ConstRows x = scaled.data.input_rows();
  const linnet::Span<float> memory(scaled.memory.data(), scaled.memory.size());
  linnet::Network unbound;
  CHECK(linnet::scale_to_unit_variance(unbound, x, memory) == Status::not_bound);
  CHECK(linnet::scale_to_unit_variance(network, {}, memory) == Status::null_memory);
  CHECK(linnet::scale_to_unit_variance(network, x, {}) == Status::null_memory);
  CHECK(linnet::scale_to_unit_variance(network, x.rows(0, 0), memory) == Status::bad_batch);
  CHECK(linnet::scale_to_unit_variance(network, {x.data(), 60, 5}, memory) == Status::bad_columns);
  CHECK(linnet::scale_to_unit_variance(network, x, {memory.data(), memory.size() - 1}) == Status::too_little_memory);
  CHECK(linnet::scale_to_unit_variance(network, x.rows(0, 1), {scaled.bench.parameters.data(), 60}) ==
        Status::overlapping_memory);
  scaled.data.x[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK(scaled.run() == Status::bad_input);
  scaled.data.x[7] = 0.0f;
  CHECK(same_bits(before, scaled.bench.parameters));
  network.weights(0)(0, 0) = std::numeric_limits<float>::infinity();
  const std::vector<float> infinite = scaled.bench.parameters;
  CHECK(scaled.run() == Status::diverged);
  CHECK(same_bits(infinite, scaled.bench.parameters));
}

TEST_CASE("a scaling that is refused on the way leaves every weight of every layer as it was") {
  // a weight that no input reaches, too large for the factor that the others need
  for (std::size_t l = 0; l < 3; ++l) {
    Scaled scaled;
    linnet::Network& network = scaled.bench.network;
    const linnet::Matrix weights = network.weights(l);
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      for (std::size_t i = 0; i < weights.columns(); ++i) weights(o, i) *= 1e-19f;
      network.biases(l)[o] *= 1e-19f;
    }
    if (l == 0) {
      for (std::size_t b = 0; b < 50; ++b) scaled.data.x[b * 6] = 0.0f;
    } else {  // unit 0 below is off
      const linnet::Matrix below = network.weights(l - 1);
      for (std::size_t i = 0; i < below.columns(); ++i) below(0, i) = 0.0f;
      network.biases(l - 1)[0] = 0.0f;
    }
    weights(0, 0) = 1e22f;
    const std::vector<float> before = scaled.bench.parameters;
    CHECK(scaled.run() == Status::diverged);
    CHECK(same_bits(before, scaled.bench.parameters));
    weights(0, 0) = 1e18f;
    CHECK(scaled.run() == Status::ok);
    CHECK(std::fabs(deviations(network, scaled.data)[l] - 1.0) <= 0.0101);
  }
  // numbers that are not finite, met in the last layer when two have their factor
  Scaled scaled;
  scaled.bench.network.weights(2)(1, 3) = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> before = scaled.bench.parameters;
  CHECK(scaled.run() == Status::diverged);
  CHECK(same_bits(before, scaled.bench.parameters));
}

TEST_CASE("deviations are scaled to 1 from whatever a float can hold") {
  for (const float size : {1e-36f, 1e-30f, 1e-22f, 1e-10f, 1e10f, 1e20f, 1e30f, 1e36f}) {
    Scaled scaled;
    Pcg32 random(4);
    REQUIRE(linnet::initialize(scaled.bench.network, random, linnet::initializer::zeros) == Status::ok);
    for (std::size_t l = 0; l < 3; ++l) {
      const linnet::Matrix weights = scaled.bench.network.weights(l);
      for (std::size_t k = 0; k < weights.size(); ++k) weights.data()[k] = random.normal(0.0f, 1.0f);
    }
    for (float& x : scaled.data.x) x *= size;
    CAPTURE(size);
    CHECK(scaled.run() == Status::ok);
    for (const double deviation : deviations(scaled.bench.network, scaled.data)) {
      CHECK(std::fabs(deviation - 1.0) <= 0.0101);
    }
  }
}

TEST_CASE("scaling writes to no more memory than it asks for") {
  Scaled scaled;
  const std::size_t needed = scaled.memory.size();
  std::vector<float> arena(needed + scaled.data.x.size() + 3 * needed, 7.0f);
  float* x = arena.data() + needed;
  for (std::size_t k = 0; k < scaled.data.x.size(); ++k) x[k] = scaled.data.x[k];
  const std::vector<float> before = arena;
  const auto run = [&](std::size_t first, std::size_t size) {
    return linnet::scale_to_unit_variance(scaled.bench.network, {x, 50, 6}, {arena.data() + first, size}, kernels());
  };
  REQUIRE(run(0, arena.size()) == Status::ok);
  for (std::size_t k = needed; k < arena.size(); ++k) CHECK(arena[k] == before[k]);
  for (const double deviation : deviations(scaled.bench.network, scaled.data)) {
    CHECK(std::fabs(deviation - 1.0) <= 0.0101);
  }
  const std::vector<float> parameters = scaled.bench.parameters;
  CHECK(run(1, needed) == Status::overlapping_memory);
  CHECK(run(needed + scaled.data.x.size() - 1, needed) == Status::overlapping_memory);
  CHECK(run(needed + scaled.data.x.size(), needed) == Status::ok);
  CHECK(same_bits(parameters, scaled.bench.parameters));
}

TEST_CASE("scaling is refused memory that holds layers, frozen or trainable parameters") {
  std::vector<float> room(2000, 0.5f), x(8, 0.25f);
  const linnet::Layer net[2] = {{3, activation::tanh}, {2, activation::identity}};
  const linnet::TopologyView shape{4, linnet::Span<const linnet::Layer>(net)};
  linnet::Network network;
  const std::size_t first = linnet::frozen_floats(shape, 1);
  REQUIRE(network.bind(shape, {room.data() + 500, first}, {room.data() + 1000, 8}, 1) == Status::ok);
  const std::size_t needed = linnet::unit_variance_floats(shape, 2);
  const std::vector<float> before = room;
  const auto run = [&](float* memory) {
    return linnet::scale_to_unit_variance(network, {x.data(), 2, 4}, {memory, needed}, kernels());
  };
  for (const std::size_t at : {std::size_t{500}, std::size_t{1000}}) {
    const std::size_t size = at == 500 ? first : 8;
    CHECK(run(room.data() + at - needed + 1) == Status::overlapping_memory);
    CHECK(run(room.data() + at + size - 1) == Status::overlapping_memory);
  }
  CHECK(run(const_cast<float*>(reinterpret_cast<const float*>(net))) == Status::overlapping_memory);
  CHECK(same_bits(before, room));
  CHECK(run(room.data() + 500 + first) == Status::ok);
}
