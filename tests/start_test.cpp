#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Initializer;
using linnet::Pcg32;
namespace activation = linnet::activation;

namespace {

constexpr Initializer kAll[] = {Initializer::linear_default,  Initializer::xavier_uniform, Initializer::xavier_normal,
                                Initializer::kaiming_uniform, Initializer::kaiming_normal, Initializer::orthogonal};

const linnet::Topology kShape =
    linnet::topology(6, {{20, activation::tanh}, {12, activation::relu}, {3, activation::identity}});
const linnet::Training kTraining{linnet::loss::mean_squared_error, linnet::sgd(0.1f), 4};

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
  Bench bench{kShape, kTraining, 3};
  Data data{50, 6, 3, 1};
  std::vector<float> memory = std::vector<float>(linnet::unit_variance_floats(kShape, 50));
  Status run() {
    return linnet::scale_to_unit_variance(bench.network, data.input_rows(), {memory.data(), memory.size()}, kernels());
  }
};

}  // namespace

TEST_CASE("an initializer is objected to before the activations it does not fit, and to no other") {
  for (const Initializer xavier : {Initializer::xavier_uniform, Initializer::xavier_normal, Initializer::orthogonal}) {
    CHECK(linnet::objection(xavier, activation::tanh) == nullptr);
    CHECK(linnet::objection(xavier, activation::sigmoid) == nullptr);
    CHECK(linnet::objection(xavier, activation::relu) != nullptr);
    CHECK(linnet::objection(xavier, activation::gelu) != nullptr);
  }
  for (const Initializer kaiming : {Initializer::kaiming_uniform, Initializer::kaiming_normal}) {
    CHECK(linnet::objection(kaiming, activation::relu) == nullptr);
    CHECK(linnet::objection(kaiming, activation::leaky_relu) == nullptr);
    CHECK(linnet::objection(kaiming, activation::tanh) != nullptr);
  }
  for (const Initializer any : kAll) {
    CHECK(linnet::objection(any, activation::selu) != nullptr);
  }
  CHECK(linnet::objection(Initializer::linear_default, activation::relu) != nullptr);
}

TEST_CASE("what speaks against an initializer is told, and the weights are drawn as by its own function") {
  const auto shape = linnet::topology(3, {{4, activation::tanh}, {4, activation::relu}, {2, activation::identity}});
  std::vector<float> a(linnet::parameter_floats(shape)), b(a.size());
  linnet::Network told, plain;
  const char* reason = "";
  Pcg32 random(1), again(1);
  CHECK(linnet::initialize(told, random, Initializer::xavier_uniform, reason) == Status::not_bound);
  REQUIRE(told.bind(shape, {a.data(), a.size()}) == Status::ok);
  REQUIRE(plain.bind(shape, {b.data(), b.size()}) == Status::ok);
  REQUIRE(linnet::initialize(told, random, Initializer::xavier_uniform, reason) == Status::ok);
  REQUIRE(linnet::xavier_uniform(plain, again) == Status::ok);
  CHECK(same_bits(a, b));
  CHECK(reason == linnet::objection(Initializer::xavier_uniform, activation::relu));
  REQUIRE(linnet::initialize(told, random, Initializer::kaiming_normal, reason) == Status::ok);
  REQUIRE(linnet::kaiming_normal(plain, again) == Status::ok);
  CHECK(same_bits(a, b));
  CHECK(reason == linnet::objection(Initializer::kaiming_normal, activation::tanh));
  CHECK(linnet::initialize(told, random, static_cast<Initializer>(77), reason) == Status::bad_argument);
  CHECK(same_bits(a, b));
  // the last layer's activation belongs to the loss: nobody objects to it
  const auto one = linnet::topology(3, {{2, activation::relu}});
  REQUIRE(told.bind(one, {a.data(), a.size()}) == Status::ok);
  REQUIRE(linnet::initialize(told, random, Initializer::xavier_normal, reason) == Status::ok);
  CHECK(reason == nullptr);
}

TEST_CASE("scaled to unit variance, every layer's pre-activations have deviation 1 on the data") {
  Scaled scaled;
  Pcg32 random(2);
  REQUIRE(linnet::orthogonal(scaled.bench.network, random, 0.01f) == Status::ok);
  CHECK(deviations(scaled.bench.network, scaled.data)[0] < 0.1);
  REQUIRE(scaled.run() == Status::ok);
  for (const double deviation : deviations(scaled.bench.network, scaled.data)) {
    CHECK(std::fabs(deviation - 1.0) <= 0.0101);
  }
  // Biases are not scaled, and in the way.
  REQUIRE(linnet::linear_default(scaled.bench.network, random) == Status::ok);
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
  REQUIRE(linnet::zeros(scaled.bench.network) == Status::ok);
  const std::vector<float> before = scaled.bench.parameters;
  REQUIRE(scaled.run() == Status::ok);
  CHECK(same_bits(before, scaled.bench.parameters));
}

TEST_CASE("scaling says what is wrong before anything changes") {
  Scaled scaled;
  const std::vector<float> before = scaled.bench.parameters;
  linnet::Network& network = scaled.bench.network;
  const linnet::Rows x = scaled.data.input_rows();
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
  CHECK(scaled.run() == Status::diverged);
}
