#include <doctest/doctest.h>

#include <vector>

#include <linnet/initialize.hpp>

namespace a = linnet::activation;
namespace of = linnet::initializer;
using linnet::Initializer;
using linnet::objection;
using linnet::Status;

TEST_CASE("an initializer is objected to before the activations it does not fit, and to no other") {
  for (const Initializer& xavier : {of::xavier_uniform, of::xavier_normal, of::orthogonal}) {
    CHECK(objection(xavier, a::tanh) == nullptr);
    CHECK(objection(xavier, a::sigmoid) == nullptr);
    CHECK(objection(xavier, a::relu) != nullptr);
    CHECK(objection(xavier, a::gelu) != nullptr);
    CHECK(objection(xavier, a::selu) != nullptr);
  }
  for (const Initializer& kaiming : {of::kaiming_uniform, of::kaiming_normal}) {
    CHECK(objection(kaiming, a::relu) == nullptr);
    CHECK(objection(kaiming, a::leaky_relu) == nullptr);
    CHECK(objection(kaiming, a::tanh) != nullptr);
    CHECK(objection(kaiming, a::selu) != nullptr);
  }
  for (const linnet::Activation& any : {a::tanh, a::relu, a::selu})
    CHECK(objection(of::linear_default, any) != nullptr);
}

TEST_CASE("nothing is said of another gain, of no initializer and of those made for nothing in particular") {
  CHECK(objection(of::xavier_uniform.with_gain(linnet::gain(a::relu)), a::relu) == nullptr);
  CHECK(objection(of::kaiming_normal.with_gain(1.0f), a::selu) == nullptr);
  CHECK(objection(Initializer(), a::relu) == nullptr);
  CHECK(objection(of::xavier_normal, {nullptr, 0.0f}) == nullptr);
  for (const Initializer& any :
       {of::uniform, of::normal, of::truncated_normal, of::zeros, of::identity, of::sparse(0.5f), of::automatic}) {
    for (const linnet::Activation& hidden : {a::tanh, a::relu, a::selu}) CHECK(objection(any, hidden) == nullptr);
  }
}

TEST_CASE("of a network the lowest trainable hidden layer that has an objection is told") {
  const auto shape = linnet::topology(3, {{4, a::tanh}, {4, a::relu}, {2, a::relu}});
  std::vector<float> parameters(linnet::parameter_floats(shape));
  linnet::Network network;
  CHECK(objection(of::xavier_uniform, network) == nullptr);
  REQUIRE(network.bind(shape, parameters) == Status::ok);
  CHECK(objection(of::xavier_uniform, network) == objection(of::xavier_uniform, a::relu));
  CHECK(objection(of::kaiming_normal, network) == objection(of::kaiming_normal, a::tanh));
  std::vector<float> below(linnet::frozen_floats(shape, 1));
  REQUIRE(network.bind(shape, below, parameters, 1) == Status::ok);
  CHECK(objection(of::kaiming_normal, network) == nullptr);  // the tanh is frozen
  const auto one = linnet::topology(3, {{2, a::relu}});      // the last layer's activation belongs to the loss
  REQUIRE(network.bind(one, parameters) == Status::ok);
  CHECK(objection(of::xavier_normal, network) == nullptr);
}
