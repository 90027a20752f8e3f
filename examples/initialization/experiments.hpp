#pragma once

// The runs behind the gallery's pictures.

#include <string>
#include <vector>

#include "course.hpp"
#include "figures.hpp"

namespace experiments {

namespace ln = linnet;
using course::Length;
using course::Model;
using course::Recipe;
using ln::Status;

/// The length in which the course trains for `points` of its "epochs": at its plot points, or after every pass.
Length as_long_as(std::size_t points, bool course_epochs);

/// Trains one network, `before` passes and then along `length`, and appends its curve. A run that diverges ends its curve
/// there.
Status learn(const Model& model, const std::string& name, std::uint64_t seed, const Recipe& recipe,
             const Length& length, std::vector<figures::Curve>& curves, std::size_t before = 0);

/// Trains one network for as many passes and appends what its layers then hold: the weights, or the weight gradients of
/// the last batch.
enum class Look { weights, gradients };
Status look(const Model& model, const std::string& name, std::uint64_t seed, const Recipe& recipe, std::size_t passes,
            Look at, std::vector<figures::Layers>& list);

/// log10 of the mean absolute weight gradients of every layer after one pass, for each of `seeds` seeds.
Status spread(const Model& model, std::uint64_t first_seed, std::size_t seeds, const Recipe& recipe,
              figures::Layers& layers);

/// One seed of a ReLU network under watch, pass by pass.
struct Watch {
  std::vector<double> pass, train;
  std::vector<std::vector<double>> dead;  ///< per hidden layer: share of units that were 0 for the whole pass
  /// The first pass in which all units of a layer were 0, from which nothing brings them back; 0: never.
  std::size_t found;
  /// The first pass after which the train MSE has stayed within 5 % of itself for five passes; 0: never.
  std::size_t flat;
};
Status watch(const Model& model, std::uint64_t seed, float rate, std::size_t passes, Watch& result);

/// What Diagnostics say of every layer of one network on its first 100 samples; as a line of text.
Status verdicts(const Model& model, std::uint64_t seed, const Recipe& recipe, std::vector<ln::LayerReport>& reports);
std::string line_of(const std::vector<ln::LayerReport>& reports);

}  // namespace experiments
