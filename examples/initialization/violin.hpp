#pragma once

// What a violin plot draws, by the conventions of seaborn 0.12.2 (categorical.py, _ViolinPlotter): a Gaussian kernel
// density estimate with Scott's bandwidth on a grid of 100 points that reaches two bandwidths beyond the data, quartiles
// by linear interpolation, whiskers to the last value within one and a half times their distance.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "course.hpp"

namespace violin {

inline constexpr std::size_t kGrid = 100;

struct Outline {
  std::vector<double> at;       ///< values
  std::vector<double> density;  ///< integrates to 1; for values that are all equal one point of density 1
  double bandwidth = 0.0;
};

struct Box {
  double low, first, median, third, high;  ///< whisker, quartile, median, quartile, whisker
};

/// n^(-1/5) times the standard deviation (ddof 1): Scott 1992, as scipy.stats.gaussian_kde for one dimension.
inline double scott(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double value : values) mean += value;
  mean /= n;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::pow(n, -0.2) * std::sqrt(squares / (n - 1.0));
}

inline double density_at(const std::vector<double>& values, double bandwidth, double x) {
  double sum = 0.0;
  for (const double value : values) {
    const double distance = (x - value) / bandwidth;
    sum += std::exp(-0.5 * distance * distance);
  }
  const double root_of_two_pi = 2.50662827463100050242;
  return sum / (static_cast<double>(values.size()) * bandwidth * root_of_two_pi);
}

/// The density of at least one value.
inline Outline outline(const std::vector<double>& values) {
  const auto ends = std::minmax_element(values.begin(), values.end());
  if (*ends.first == *ends.second) return {{*ends.first}, {1.0}, 0.0};
  constexpr double kCut = 2.0;  // bandwidths
  Outline result;
  result.bandwidth = scott(values);
  const double low = *ends.first - kCut * result.bandwidth;
  const double high = *ends.second + kCut * result.bandwidth;
  for (std::size_t k = 0; k < kGrid; ++k) {
    const double x = low + (high - low) * static_cast<double>(k) / static_cast<double>(kGrid - 1);
    result.at.push_back(x);
    result.density.push_back(density_at(values, result.bandwidth, x));
  }
  return result;
}

/// The box inside a violin of at least one value.
inline Box box(const std::vector<double>& values) {
  const std::vector<double> order = course::sorted(values);
  Box result{};
  result.first = course::quantile(order, 0.25);
  result.median = course::quantile(order, 0.5);
  result.third = course::quantile(order, 0.75);
  const double reach = 1.5 * (result.third - result.first);
  result.low = *std::lower_bound(order.begin(), order.end(), result.first - reach);
  result.high = *(std::upper_bound(order.begin(), order.end(), result.third + reach) - 1);
  return result;
}

}  // namespace violin
