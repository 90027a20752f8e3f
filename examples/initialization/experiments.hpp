#pragma once

// The runs behind the gallery's pictures.

#include <string>
#include <vector>

#include "course.hpp"
#include "figures.hpp"

namespace experiments {

namespace ln = linnet;
using course::Model;
using ln::Status;

/// How far a network is trained and where its error is taken. As long as the course trains for `points` of its "epochs":
/// after every pass, or only at the course's plot points.
struct Length {
  std::size_t points;
  bool course_epochs;
  std::size_t before = 0;  ///< passes done before the first point
};

/// Trains one network and appends its curve. A run that diverges ends its curve there.
Status learn(const Model& model, const std::string& name, std::uint64_t seed, float rate, const Length& length,
             bool standardized, std::vector<figures::Curve>& curves);

/// Trains one network for as many passes and appends what its layers then hold: the weights, or the weight gradients of
/// the last batch.
enum class Look { weights, gradients };
Status look(const Model& model, const std::string& name, std::uint64_t seed, std::size_t passes, Look at,
            std::vector<figures::Layers>& list);

/// log10 of the mean absolute weight gradients of every layer after one pass, for each of `seeds` seeds.
Status spread(const Model& model, std::uint64_t first_seed, std::size_t seeds, float rate, figures::Layers& layers);

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

/// The verdicts on every layer of one network on its first batch, as a line of text.
Status verdicts(const Model& model, std::uint64_t seed, float rate, std::string& line);

}  // namespace experiments
