// What is printed of numbers, and the version.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include <linnet/linnet.hpp>

#include "activations.hpp"

using namespace linnet_test;

TEST_CASE("every activation, loss and optimizer prints the name it has in its namespace") {
  for (const NamedActivation& named : hidden_activations()) {
    CHECK(linnet::to_string(linnet::id_of(named.activation)) == std::string(named.name));
  }
  CHECK(linnet::to_string(linnet::ActivationId::softmax) == std::string("softmax"));
  const std::pair<const char*, linnet::Optimizer> rules[] = {
      {"sgd", linnet::optimizer::sgd(0.1f)},
      {"sgd_momentum", linnet::optimizer::sgd(0.1f, 0.9f)},
      {"sgd_nesterov", linnet::optimizer::sgd_nesterov(0.1f, 0.9f)},
      {"adam", linnet::optimizer::adam()},
      {"adamw", linnet::optimizer::adamw()},
      {"rmsprop", linnet::optimizer::rmsprop()},
      {"rmsprop_momentum", linnet::optimizer::rmsprop_momentum(0.1f, 0.9f)},
      {"adagrad", linnet::optimizer::adagrad()},
      {"rprop", linnet::optimizer::rprop()},
      {"adam_amsgrad", linnet::optimizer::adam_amsgrad()},
      {"adamw_amsgrad", linnet::optimizer::adamw_amsgrad()}};
  for (const auto& [name, rule] : rules) CHECK(linnet::to_string(linnet::id_of(rule)) == std::string(name));
  const std::pair<const char*, linnet::Loss> losses[] = {{"mean_squared_error", linnet::loss::mean_squared_error},
                                                         {"mean_absolute_error", linnet::loss::mean_absolute_error},
                                                         {"huber", linnet::loss::huber},
                                                         {"binary_cross_entropy", linnet::loss::binary_cross_entropy},
                                                         {"softmax_cross_entropy", linnet::loss::softmax_cross_entropy},
                                                         {"own", linnet::loss::own},
                                                         {"smooth_l1", linnet::loss::smooth_l1}};
  for (const auto& [name, loss] : losses) CHECK(linnet::to_string(linnet::id_of(loss)) == std::string(name));
  for (const int none : {0, 19, 255}) {
    CHECK(linnet::to_string(static_cast<linnet::ActivationId>(none)) == std::string("unknown"));
    CHECK(linnet::to_string(static_cast<linnet::LossId>(none)) == std::string("unknown"));
    CHECK(linnet::to_string(static_cast<linnet::OptimizerId>(none)) == std::string("unknown"));
  }
  CHECK(linnet::to_string(linnet::Contract::fused) == std::string("fused"));
  CHECK(linnet::to_string(linnet::Contract::separate) == std::string("separate"));
}

TEST_CASE("the library is of the version of its headers, whose parts say the same") {
  CHECK(linnet::version() == std::string(LINNET_VERSION));
  CHECK(std::to_string(LINNET_VERSION_MAJOR) + "." + std::to_string(LINNET_VERSION_MINOR) + "." +
            std::to_string(LINNET_VERSION_PATCH) ==
        LINNET_VERSION);
}
