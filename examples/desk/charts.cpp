#include "charts.hpp"

#include <algorithm>
#include <cmath>

#include "../initialization/svg.hpp"

namespace desk {

namespace {

constexpr double kWidth = 420.0;  // of a narrow screen: the words keep their size
constexpr double kHeight = 300.0;
constexpr svg::Area kArea{62.0, 68.0, 336.0, 176.0};

struct Series {
  const char* name;
  float Losses::*loss;
};
constexpr Series kSeries[] = {{"train", &Losses::train}, {"test", &Losses::test}, {"validation", &Losses::validation}};

std::vector<svg::Point> points_of(const std::vector<Losses>& curve, float Losses::*loss) {
  std::vector<svg::Point> points;
  for (std::size_t k = 0; k < curve.size(); ++k) {
    const double y = static_cast<double>(curve[k].*loss);
    if (std::isfinite(y)) points.push_back({static_cast<double>(k + 1), y});
  }
  return points;
}

// Whether a logarithmic scale shows more.
bool is_wide(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return !values.empty() && *low > 0.0 && *high > 10.0 * *low;
}

}  // namespace

std::string curve_chart(const Outcome& outcome) {
  const std::vector<Losses>& curve = outcome.learned.curve;
  std::vector<double> values;
  for (const Series& series : kSeries) {
    for (const svg::Point& point : points_of(curve, series.loss)) values.push_back(point.y);
  }
  svg::Drawing drawing(kWidth, kHeight, "Loss by epoch", "What the network had still to learn after each epoch");
  svg::Axis x{1.0, std::max(2.0, static_cast<double>(curve.size())), "epoch"};
  svg::Plot plot(drawing, kArea, x, svg::around(values, "loss", is_wide(values)), "");
  double left = kArea.left;
  for (std::size_t s = 0; s < std::size(kSeries); ++s) {
    const std::vector<svg::Point> points = points_of(curve, kSeries[s].loss);
    if (points.empty()) continue;
    plot.curve(points, s, std::max<std::size_t>(1, points.size() / 6));
    drawing.key({left, 50.0}, s, kSeries[s].name);
    left += 105.0;
  }
  return drawing.finish();
}

std::string scatter_chart(const Outcome& outcome) {
  constexpr std::size_t kMost = 1500;
  const std::vector<std::uint32_t>& rows = outcome.runs.front().parts.test;
  std::vector<double> values;
  values.reserve(2 * rows.size());
  for (const std::uint32_t row : rows) values.push_back(static_cast<double>(outcome.data.targets[row]));
  for (const float output : outcome.learned.outputs) values.push_back(static_cast<double>(output));
  svg::Drawing drawing(kWidth, kWidth, "Predicted and true, test rows",
                       "One mark for each row; on the dotted line both are the same");
  const svg::Area area{kArea.left, 48.0, kArea.width, kWidth - 104.0};
  const svg::Axis x = svg::around(values, "true", false);
  svg::Plot plot(drawing, area, x, svg::around(values, "predicted", false), "");
  drawing.line(plot.at(x.low, x.low), plot.at(x.high, x.high), "level");
  const std::size_t every = rows.size() / kMost + 1;
  for (std::size_t k = 0; k < rows.size(); k += every) {
    drawing.mark(plot.at(values[k], static_cast<double>(outcome.learned.outputs[k])), 0);
  }
  return drawing.finish();
}

std::string runs_chart(const Outcome& outcome) {
  const std::string measure = measure_of(outcome.data);
  svg::Drawing drawing(kWidth, 240.0, "Test " + measure + " of every run", "One mark for each run, and their mean");
  const svg::Area area{kArea.left, 48.0, kArea.width, 136.0};
  const svg::Axis x{0.0, static_cast<double>(outcome.results.size() + 1), "run"};
  svg::Plot plot(drawing, area, x, svg::around(outcome.results, measure, false), "");
  plot.level(spread_of(outcome.results).mean, "mean");
  for (std::size_t k = 0; k < outcome.results.size(); ++k) {
    drawing.mark(plot.at(static_cast<double>(k + 1), outcome.results[k]), 0);
  }
  return drawing.finish();
}

}  // namespace desk
