#pragma once

// What the pictures share: numbers as text, keys above a plot.

#include <string>
#include <vector>

#include "svg.hpp"

namespace figures {

std::string text_of(const char* format, double value);
std::vector<svg::Point> points_of(const std::vector<double>& x, const std::vector<double>& y);

/// What the members of a figure are called.
template <class T>
std::vector<std::string> names_of(const std::vector<T>& list) {
  std::vector<std::string> names;
  names.reserve(list.size());
  for (const T& entry : list) names.push_back(entry.name);
  return names;
}

/// How high keys are, two in a row, and where each stands below `top`.
double height_of_keys(std::size_t count);
svg::Point key_at(std::size_t k, double top);
/// The keys of series 0, 1, ... below `top`.
void draw_keys(svg::Drawing& drawing, const std::vector<std::string>& names, double top);

inline constexpr double kLeft = 64.0;                         // of what lies between the axes of a panel
inline constexpr double kInner = svg::kPanel - kLeft - 16.0;  // its width
inline constexpr double kKeys = 48.0;                         // where keys begin, below the title

}  // namespace figures
