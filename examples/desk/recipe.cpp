#include "recipe.hpp"

#include <algorithm>

#include <linnet/topology_text.hpp>
#include <linnet/trainer.hpp>

#include "refused.hpp"

namespace desk {

namespace ln = linnet;

namespace {

template <class T>
struct Named {
  const char* name;
  T value;
};

constexpr Named<ln::Initializer> kInitializers[] = {
    {"automatic", ln::initializer::automatic},
    {"xavier_uniform", ln::initializer::xavier_uniform},
    {"xavier_normal", ln::initializer::xavier_normal},
    {"kaiming_uniform", ln::initializer::kaiming_uniform},
    {"kaiming_normal", ln::initializer::kaiming_normal},
    {"linear_default", ln::initializer::linear_default},
    {"orthogonal", ln::initializer::orthogonal},
    {"normal", ln::initializer::normal},
    {"truncated_normal", ln::initializer::truncated_normal},
    {"zeros", ln::initializer::zeros},
};

// Their learning rates are those of the library, 0.01 where it has none.
constexpr Named<ln::Optimizer> kOptimizers[] = {
    {"sgd", ln::optimizer::sgd(0.01f)},
    {"sgd_momentum", ln::optimizer::sgd(0.01f, 0.9f)},
    {"sgd_nesterov", ln::optimizer::sgd_nesterov(0.01f, 0.9f)},
    {"adam", ln::optimizer::adam()},
    {"adamw", ln::optimizer::adamw()},
    {"adam_amsgrad", ln::optimizer::adam_amsgrad()},
    {"adamw_amsgrad", ln::optimizer::adamw_amsgrad()},
    {"rmsprop", ln::optimizer::rmsprop()},
    {"rmsprop_momentum", ln::optimizer::rmsprop_momentum(0.01f, 0.9f)},
    {"adagrad", ln::optimizer::adagrad()},
    {"rprop", ln::optimizer::rprop()},
};

constexpr Named<ln::Loss> kLosses[] = {
    {"mean_squared_error", ln::loss::mean_squared_error},
    {"mean_absolute_error", ln::loss::mean_absolute_error},
    {"huber", ln::loss::huber},
    {"smooth_l1", ln::loss::smooth_l1},
};

template <class T, std::size_t N>
std::vector<std::string> names_of(const Named<T> (&all)[N]) {
  std::vector<std::string> names;
  for (const Named<T>& one : all) names.emplace_back(one.name);
  return names;
}

template <class T, std::size_t N>
T find(const Named<T> (&all)[N], const std::string& name) {
  const auto found = std::find_if(all, all + N, [&name](const Named<T>& one) { return name == one.name; });
  if (found == all + N) throw Refused("'" + csv::shown(name) + "' is not known");
  return found->value;
}

}  // namespace

std::vector<std::string> initializer_names() { return names_of(kInitializers); }
std::vector<std::string> optimizer_names() { return names_of(kOptimizers); }
std::vector<std::string> loss_names() { return names_of(kLosses); }

ln::Topology topology_of(const Recipe& recipe, const Data& data) {
  std::string text = std::to_string(data.columns());
  for (const std::size_t units : recipe.hidden) text += " " + std::to_string(units) + ":" + recipe.activation;
  text += " " + std::to_string(data.outputs()) + (data.classified() ? ":softmax" : ":identity");
  ln::Topology topology{};
  std::size_t position = 0;
  expect_ok(ln::parse(text, topology, position), "'" + text + "'");
  return topology;
}

ln::Initializer initializer_of(const Recipe& recipe) {
  ln::Initializer result = find(kInitializers, recipe.initializer);
  if (recipe.gain) result = result.with_gain(*recipe.gain);
  if (recipe.stddev) result = result.with_stddev(*recipe.stddev);
  return result;
}

ln::Optimizer optimizer_of(const Recipe& recipe) {
  ln::Optimizer result = find(kOptimizers, recipe.optimizer);
  if (recipe.learning_rate) result.learning_rate = *recipe.learning_rate;
  if (recipe.momentum) result.momentum = *recipe.momentum;
  if (recipe.beta1 || recipe.beta2)
    result = result.with_betas(recipe.beta1.value_or(0.9), recipe.beta2.value_or(0.999));
  if (recipe.alpha) result = result.with_alpha(*recipe.alpha);
  if (recipe.epsilon) result = result.with_epsilon(*recipe.epsilon);
  if (recipe.weight_decay) result = result.with_weight_decay(*recipe.weight_decay);
  return result;
}

ln::Loss loss_of(const Recipe& recipe, const Data& data, const std::vector<float>& class_weights) {
  if (data.classified()) {
    if (!recipe.loss.empty() || recipe.delta) throw Refused("--loss and --delta are for regressions");
    ln::Loss loss = ln::loss::softmax_cross_entropy;
    if (recipe.label_smoothing > 0.0f) loss = loss.with_label_smoothing(recipe.label_smoothing);
    return recipe.balanced ? loss.with_class_weights(class_weights) : loss;
  }
  if (recipe.balanced || recipe.label_smoothing > 0.0f) {
    throw Refused("--balanced and --label-smoothing are for classes: the column has numbers");
  }
  const ln::Loss loss = recipe.loss.empty() ? ln::loss::mean_squared_error : find(kLosses, recipe.loss);
  return recipe.delta ? loss.with_delta(*recipe.delta) : loss;
}

ln::TrainerConfig config_of(const Recipe& recipe, const ln::Loss& loss, std::size_t batch) {
  ln::TrainerConfig config{loss, optimizer_of(recipe), batch};
  config.gradients = recipe.clip_norm > 0.0f ? ln::Gradients::kept : ln::Gradients::fused;
  config.clip_norm = recipe.clip_norm;
  config.clip_value = recipe.clip_value;
  return config;
}

std::string wrong_with(const Recipe& recipe) {
  // The smallest network that has it all.
  Data data;
  data.names = {"x"};
  data.classes = {"a", "b"};
  Recipe smallest = recipe;
  smallest.hidden.assign(recipe.hidden.size(), 1);
  const auto refused = [](const std::string& option, ln::Status status) {
    return option + ": " + ln::to_string(status);
  };
  ln::Topology topology{};
  try {
    topology = topology_of(smallest, data);
  } catch (const Refused& error) {
    return std::string("--hidden, --activation: ") + error.what();
  }
  std::vector<float> parameters(ln::parameter_floats(topology));
  ln::Network network;
  ln::Pcg32 random(0);
  if (const ln::Status s = network.bind(topology, parameters); s != ln::Status::ok) return refused("--hidden", s);
  if (const ln::Status s = ln::initialize(network, random, initializer_of(recipe)); s != ln::Status::ok) {
    return refused("--initializer, --gain, --stddev", s);
  }
  const ln::TrainerConfig config =
      config_of(recipe, ln::loss::softmax_cross_entropy.with_label_smoothing(recipe.label_smoothing), 1);
  std::vector<float> memory(ln::trainer_floats(topology, config));
  ln::Trainer trainer;
  const ln::Status s = trainer.bind(network, config, memory);
  return s == ln::Status::ok ? "" : refused("--optimizer and its numbers", s);
}

}  // namespace desk
