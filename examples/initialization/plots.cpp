#include "plots.hpp"

#include <cstdio>

namespace figures {

std::string text_of(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::vector<svg::Point> points_of(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<svg::Point> points;
  for (std::size_t k = 0; k < x.size() && k < y.size(); ++k) points.push_back({x[k], y[k]});
  return points;
}

constexpr double kKeyHeight = 22.0;

double height_of_keys(std::size_t count) {
  const std::size_t rows = (count + 1) / 2;
  return kKeyHeight * static_cast<double>(rows);
}

svg::Point key_at(std::size_t k, double top) {
  const std::size_t row = k / 2;
  return {18.0 + 212.0 * static_cast<double>(k % 2), top + kKeyHeight * static_cast<double>(row)};
}

void draw_keys(svg::Drawing& drawing, const std::vector<std::string>& names, double top) {
  for (std::size_t k = 0; k < names.size(); ++k) drawing.key(key_at(k, top), k, names[k]);
}

}  // namespace figures
