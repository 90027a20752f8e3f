// How well a model does on rows that it has not seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "splits.hpp"
#include "table.hpp"

namespace desk {

/// Of a class: shares, 0 where there is nothing to share.
struct ClassScore {
  double precision, recall, f1;
  std::uint32_t rows;  // of the test that are of it
};

struct Scores {
  std::vector<std::uint32_t> confusion;  // (classes, classes): rows by what they are, columns by what was predicted
  std::vector<ClassScore> classes;
  ClassScore mean{};                       // over the classes, each as much as any other
  double accuracy = 0.0;                   // of a classification
  double r2 = 0.0, rmse = 0.0, mae = 0.0;  // of a regression, in the unit of the target

  /// Accuracy or R2.
  double best = 0.0;
};

/// `outputs` (test rows, outputs) of a model. The class with the largest output is predicted, the first of equals.
Scores score(const Data& data, const Parts& parts, const std::vector<float>& outputs);

/// Mean and deviation (divided by the count less one; 0 of one number).
struct Spread {
  double mean, deviation;
};
Spread spread_of(const std::vector<double>& values);

}  // namespace desk
