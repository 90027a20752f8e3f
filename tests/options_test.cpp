// What an optimizer, a loss or a layer does not know is refused by bind(): an option that does nothing misleads.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Loss;
using linnet::Optimizer;
using linnet::TrainerConfig;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();

const auto kShape = linnet::topology(3, {{4, linnet::activation::tanh}, {2, linnet::activation::identity}});

using Field = float Optimizer::*;
struct NamedField {
  const char* name;
  Field field;
};
const NamedField kFields[] = {{"momentum", &Optimizer::momentum},   {"one_minus_beta1", &Optimizer::one_minus_beta1},
                              {"beta2", &Optimizer::beta2},         {"one_minus_beta2", &Optimizer::one_minus_beta2},
                              {"epsilon", &Optimizer::epsilon},     {"weight_decay", &Optimizer::weight_decay},
                              {"eta_minus", &Optimizer::eta_minus}, {"eta_plus", &Optimizer::eta_plus},
                              {"min_step", &Optimizer::min_step},   {"max_step", &Optimizer::max_step}};

// A rule and the fields that it knows besides the weight decay, which all know.
struct Rule {
  const char* name;
  Optimizer optimizer;
  std::vector<Field> known;
};
std::vector<Rule> rules() {
  const std::vector<Field> adam = {&Optimizer::momentum, &Optimizer::one_minus_beta1, &Optimizer::beta2,
                                   &Optimizer::one_minus_beta2, &Optimizer::epsilon};
  const std::vector<Field> rmsprop = {&Optimizer::beta2, &Optimizer::one_minus_beta2, &Optimizer::epsilon};
  std::vector<Field> with_momentum = rmsprop;
  with_momentum.push_back(&Optimizer::momentum);
  return {{"sgd", linnet::optimizer::sgd(0.1f), {}},
          {"momentum", linnet::optimizer::sgd(0.1f, 0.9f), {&Optimizer::momentum}},
          {"nesterov", linnet::optimizer::sgd_nesterov(0.1f, 0.9f), {&Optimizer::momentum}},
          {"adam", linnet::optimizer::adam(), adam},
          {"adamw", linnet::optimizer::adamw(), adam},
          {"adam with amsgrad", linnet::optimizer::adam_amsgrad(), adam},
          {"adamw with amsgrad", linnet::optimizer::adamw_amsgrad(), adam},
          {"rmsprop", linnet::optimizer::rmsprop(), rmsprop},
          {"rmsprop with momentum", linnet::optimizer::rmsprop_momentum(0.1f, 0.9f), with_momentum},
          {"adagrad", linnet::optimizer::adagrad(), {&Optimizer::epsilon}},
          {"rprop",
           linnet::optimizer::rprop(),
           {&Optimizer::eta_minus, &Optimizer::eta_plus, &Optimizer::min_step, &Optimizer::max_step}}};
}

Status bound(const Optimizer& optimizer) {
  TrainerConfig config{linnet::loss::mean_squared_error, optimizer, 2};
  return Bench(kShape, config, 1).status;
}
Status bound(const Loss& loss, const linnet::Topology& shape = kShape) {
  return Bench(shape, {loss, linnet::optimizer::sgd(0.1f), 2}, 1).status;
}

}  // namespace

TEST_CASE("gradients that say to be kept and are not, or the other way round, are refused") {
  using linnet::Gradients;
  for (const Gradients half : {Gradients{nullptr, true}, Gradients{Gradients::kept.descriptor, false}}) {
    TrainerConfig config{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 1, half};
    CHECK(Bench(kShape, config, 1).status == Status::bad_config);
  }
}

TEST_CASE("every optimizer refuses every field that its rule does not know") {
  for (const Rule& rule : rules()) {
    CAPTURE(std::string(rule.name));
    CHECK(bound(rule.optimizer) == Status::ok);
    for (const NamedField& named : kFields) {
      if (named.field == &Optimizer::weight_decay ||
          std::find(rule.known.begin(), rule.known.end(), named.field) != rule.known.end()) {
        continue;
      }
      CAPTURE(std::string(named.name));
      CHECK(rule.optimizer.*named.field == 0.0f);
      for (const float value : {0.5f, -0.5f, 1e-45f, 1.0f, kNaN}) {
        Optimizer changed = rule.optimizer;
        changed.*named.field = value;
        CHECK(bound(changed) == Status::bad_hyperparameter);
      }
      for (const float nothing : {0.0f, -0.0f}) {
        Optimizer changed = rule.optimizer;
        changed.*named.field = nothing;
        CHECK(bound(changed) == Status::ok);
      }
    }
  }
}

TEST_CASE("every optimizer uses every field that it does not refuse, and refuses no number in it") {
  for (const Rule& rule : rules()) {
    CAPTURE(std::string(rule.name));
    for (const NamedField& named : kFields) {
      const bool decay = named.field == &Optimizer::weight_decay;
      if (decay || std::find(rule.known.begin(), rule.known.end(), named.field) != rule.known.end()) {
        CAPTURE(std::string(named.name));
        Optimizer changed = rule.optimizer;
        changed.*named.field = kNaN;
        CHECK(bound(changed) == Status::bad_hyperparameter);
      }
    }
  }
}

TEST_CASE("the functions with_betas and with_epsilon are refused where the rule has none") {
  for (const Rule& rule : rules()) {
    CAPTURE(std::string(rule.name));
    const bool betas = rule.known.size() == 5;
    const bool epsilon = std::find(rule.known.begin(), rule.known.end(), &Optimizer::epsilon) != rule.known.end();
    CHECK(bound(rule.optimizer.with_betas(0.9, 0.999)) == (betas ? Status::ok : Status::bad_hyperparameter));
    CHECK(bound(rule.optimizer.with_epsilon(1e-6f)) == (epsilon ? Status::ok : Status::bad_hyperparameter));
    CHECK(bound(rule.optimizer.with_weight_decay(0.01f)) == Status::ok);
  }
}

TEST_CASE("the number of state slots is that of the rule") {
  for (const Rule& rule : rules()) {
    for (const int slots : {0, 1, 2, 3, 4, 255}) {
      Optimizer changed = rule.optimizer;
      changed.state_slots = static_cast<std::uint8_t>(slots);
      const bool right = changed.state_slots == rule.optimizer.state_slots;
      std::vector<float> parameters(linnet::parameter_floats(kShape)), memory(10000);
      linnet::Network network;
      linnet::Trainer trainer;
      REQUIRE(network.bind(kShape, {parameters.data(), parameters.size()}) == Status::ok);
      CHECK(trainer.bind(network, {linnet::loss::mean_squared_error, changed, 2}, {memory.data(), memory.size()},
                         kernels()) == (right ? Status::ok : Status::bad_hyperparameter));
    }
  }
}

TEST_CASE("every loss refuses a delta, a smoothing and class weights that it does not know") {
  static const float weights[2] = {1.0f, 2.0f};
  struct Row {
    const char* name;
    Loss loss;
    bool delta, classes;
  };
  const Row rows[] = {{"mean squared error", linnet::loss::mean_squared_error, false, false},
                      {"mean absolute error", linnet::loss::mean_absolute_error, false, false},
                      {"huber", linnet::loss::huber, true, false},
                      {"smooth L1", linnet::loss::smooth_l1, true, false},
                      {"binary cross-entropy", linnet::loss::binary_cross_entropy, false, false},
                      {"positive", linnet::loss::binary_cross_entropy.with_positive_weights(weights), false, false},
                      {"softmax cross-entropy", linnet::loss::softmax_cross_entropy, false, true},
                      {"smoothed", linnet::loss::softmax_cross_entropy.with_label_smoothing(0.1f), false, true},
                      {"weighted", linnet::loss::softmax_cross_entropy.with_class_weights(weights), false, true}};
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    CHECK(bound(row.loss) == Status::ok);
    for (const float delta : {0.5f, -0.5f, 1e-45f, 1.0f, kNaN}) {
      const bool in_range = row.delta && delta >= 1e-6f;
      CHECK(bound(row.loss.with_delta(delta)) == (in_range ? Status::ok : Status::bad_hyperparameter));
      CHECK(bound(row.loss.with_beta(delta)) == (in_range ? Status::ok : Status::bad_hyperparameter));
    }
    const bool positive = row.loss.descriptor == &linnet::descriptor::weighted_binary_cross_entropy;
    CHECK(bound(row.loss.with_label_smoothing(0.2f)) == (row.classes ? Status::ok
                                                         : positive  ? Status::bad_hyperparameter
                                                                     : Status::bad_config));
    CHECK(bound(row.loss.with_class_weights(weights)) == (row.classes ? Status::ok : Status::bad_config));
    const bool binary = id_of(row.loss) == linnet::LossId::binary_cross_entropy;
    CHECK(bound(row.loss.with_positive_weights(weights)) == (binary ? Status::ok : Status::bad_config));
    Loss by_hand = row.loss;
    by_hand.descriptor = row.loss.descriptor;
    by_hand.label_smoothing = kNaN;
    CHECK(bound(by_hand) != Status::ok);
  }
}

TEST_CASE("fields of a loss set by hand that its descriptor does not know are refused") {
  static const float weights[2] = {1.0f, 2.0f};
  Loss smoothed = linnet::loss::softmax_cross_entropy;
  smoothed.label_smoothing = 0.1f;
  CHECK(bound(smoothed) == Status::bad_config);
  Loss weighted = linnet::loss::softmax_cross_entropy;
  weighted.class_weights = weights;
  CHECK(bound(weighted) == Status::bad_config);
}

TEST_CASE("a softmax over one output, which is always 1, is refused as an activation and as a loss") {
  const auto softmax = linnet::activation::softmax;
  std::vector<float> parameters(100);
  linnet::Network network;
  for (const std::size_t units : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    const auto shape = linnet::topology(2, {{3, linnet::activation::tanh}, {units, softmax}});
    CHECK(network.bind(shape, {parameters.data(), parameters.size()}) ==
          (units == 1 ? Status::bad_topology : Status::ok));
    const auto logits = linnet::topology(2, {{3, linnet::activation::tanh}, {units, linnet::activation::identity}});
    for (const Loss& loss :
         {linnet::loss::softmax_cross_entropy, linnet::loss::softmax_cross_entropy.with_label_smoothing(0.1f)}) {
      CHECK(bound(loss, logits) == (units == 1 ? Status::bad_config : Status::ok));
    }
  }
}
