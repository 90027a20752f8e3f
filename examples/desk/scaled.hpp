// Rows on the scale that a network learns on.
#pragma once

#include <vector>

#include <linnet/network.hpp>
#include <linnet/normalizer.hpp>

#include "recipe.hpp"
#include "splits.hpp"
#include "table.hpp"

namespace desk {

/// All rows of some data, scaled by what their training rows are like.
class Scaled {
 public:
  /// Throws Refused where all targets are the same, or a number is beyond single precision.
  Scaled(const Data& data, const Parts& parts, const Recipe& recipe);
  Scaled(const Scaled&) = delete;  // the normalizers point into it
  Scaled& operator=(const Scaled&) = delete;

  std::vector<float> inputs, targets;  // (rows, columns), (rows, 1) of a regression
  std::vector<std::size_t> constant;   // columns with one value in all training rows

  /// The way back of targets, in place.
  void undo_targets(std::vector<float>& outputs) const;
  /// Puts the scale into the weights of a network that has learned on it.
  void fold(const linnet::Network& network) const;

 private:
  void find_constant_columns(const Data& data, const Parts& parts);
  void scale_inputs(const Data& data, const Parts& parts, linnet::Scaling scaling);
  void scale_targets(const Data& data, const Parts& parts, linnet::Scaling scaling);

  std::vector<float> memory_, target_memory_;
  linnet::Normalizer input_scale_, target_scale_;  // not bound where nothing is scaled
};

}  // namespace desk
