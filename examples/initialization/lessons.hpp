#pragma once

// What the article says in words and does not measure: all-zero weights, activations that are not centred, units that
// die.

#include <cstdint>
#include <vector>

#include "course.hpp"

namespace lessons {

namespace ln = linnet;
using course::Model;
using ln::Status;

/// The weights of the first layer along the training: `values[pass][unit * inputs + input]`.
struct Trail {
  std::vector<std::vector<double>> values;
  /// The largest difference there ever was between weights of two units of a layer that belong to the same input, in
  /// any layer of more than one unit; 0: they are alike.
  double unlikeness = 0.0;
};
Status trail(const Model& model, std::uint64_t seed, float rate, std::size_t passes, Trail& result);

/// What the units of every hidden layer give at the start, for all samples.
struct Activations {
  std::vector<std::vector<double>> values;  ///< per layer
  /// The share of samples for which all units of the layer give the same sign: then all weights that read them are
  /// pushed the same way by that sample.
  std::vector<double> one_sign;
};
Status activations(const Model& model, std::uint64_t seed, Activations& result);

/// Whether a layer of a ReLU network is dead after so many passes, at least one: all its units were 0 for the whole last
/// pass, and nothing brings them back.
Status dies(const Model& model, std::uint64_t seed, float rate, std::size_t passes, bool& dead);

}  // namespace lessons
