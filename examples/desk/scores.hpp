// How well a model does on rows that it has not seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <linnet/metrics.hpp>

#include "splits.hpp"
#include "table.hpp"

namespace desk {

struct Scores {
  std::vector<std::uint32_t> confusion;      // (classes, classes): rows by what they are, columns by what was predicted
  std::vector<linnet::Rates> classes;        // (classes)
  linnet::Rates macro{};                     // their mean, over those that are there or were predicted
  float accuracy = 0.0f;                     // of a classification
  float r2 = 0.0f, rmse = 0.0f, mae = 0.0f;  // of a regression, in the unit of the target

  /// Test rows of a class.
  [[nodiscard]] std::uint32_t rows_of(std::size_t c) const;
};

/// `outputs` (test rows, outputs) of a model. The class with the largest output is predicted, the first of equals.
Scores score(const Data& data, const Parts& parts, const std::vector<float>& outputs);

/// Accuracy or R2.
inline double measure(const Data& data, const Scores& scores) {
  return static_cast<double>(data.classified() ? scores.accuracy : scores.r2);
}

/// Mean and deviation (divided by the count less one; 0 of one number).
struct Spread {
  double mean, deviation;
};
Spread spread_of(const std::vector<double>& values);

}  // namespace desk
