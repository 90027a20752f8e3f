// How a network is made and trained, in the words of the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <linnet/initialize.hpp>
#include <linnet/normalizer.hpp>
#include <linnet/topology.hpp>
#include <linnet/training.hpp>

#include "table.hpp"

namespace desk {

/// The defaults are those that --help states.
struct Recipe {
  std::vector<std::size_t> hidden{32};  // units
  std::string activation = "relu";      // of the hidden layers
  std::string initializer = "automatic";
  std::optional<float> gain, stddev;  // of the initializer
  std::string scaling = "standard";   // of the columns
  std::string loss;                   // of a regression; empty: mean_squared_error
  std::optional<float> delta;         // of huber and smooth_l1
  float label_smoothing = 0.0f;
  bool balanced = false;  // every class weighs the same
  std::string optimizer = "adam";
  std::optional<float> learning_rate, momentum, epsilon, weight_decay;
  std::optional<double> beta1, beta2, alpha;
  float clip_norm = 0.0f, clip_value = 0.0f;
  std::size_t epochs = 200, batch = 32;
  std::uint32_t patience = 0;  // epochs without a gain that end a training; 0: none do
  float least_gain = 0.0f;     // of the validation loss
};

/// Names that the command line takes.
std::vector<std::string> initializer_names();
std::vector<std::string> optimizer_names();
std::vector<std::string> loss_names();

/// What a recipe means. The hidden layers, then one of softmax or, for a regression, one unit of identity. Throw Refused.
linnet::Topology topology_of(const Recipe& recipe, const Data& data);
linnet::Initializer initializer_of(const Recipe& recipe);
linnet::Optimizer optimizer_of(const Recipe& recipe);
/// The optimizer and how gradients are clipped, for batches of up to so many rows.
linnet::TrainerConfig config_of(const Recipe& recipe, const linnet::Loss& loss, std::size_t batch);
/// `class_weights`, one per class where they are balanced, stay lent.
linnet::Loss loss_of(const Recipe& recipe, const Data& data, const std::vector<float>& class_weights);

/// What no data would allow, as a sentence; empty where there is nothing.
std::string wrong_with(const Recipe& recipe);

}  // namespace desk
