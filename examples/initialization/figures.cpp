#include "figures.hpp"

#include <algorithm>
#include <cmath>

#include "plots.hpp"
#include "svg.hpp"

namespace figures {

using svg::Anchor;
using svg::Area;
using svg::Axis;
using svg::Drawing;
using svg::Plot;

// The two levels that every error is compared with.
static void draw_levels(Plot& plot) {
  plot.level(10.0, "10: the mean of the targets");
  plot.level(1.0, "1: it has learned");
}

// ---- Curves.

constexpr std::size_t kManyPoints = 60;  // more than that are traced, and their running median is the curve

// The median of every value and those around it, `window` in all, fewer at the ends.
static std::vector<double> running_median(const std::vector<double>& values, std::size_t window) {
  std::vector<double> medians;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::size_t reach = std::min({window / 2, k, values.size() - 1 - k});
    const auto middle = values.begin() + static_cast<long>(k);
    medians.push_back(course::quantile(
        course::sorted({middle - static_cast<long>(reach), middle + static_cast<long>(reach) + 1}), 0.5));
  }
  return medians;
}

static std::size_t window_of(const std::vector<Curve>& list) {
  const std::size_t points = list[0].x.size();
  return points > kManyPoints ? points / 60 * 2 + 1 : 1;
}

// The range of the train and test errors of all curves.
static Axis errors_of(const std::vector<Curve>& list) {
  std::vector<double> all;
  for (const Curve& curve : list) {
    all.insert(all.end(), curve.train.begin(), curve.train.end());
    all.insert(all.end(), curve.test.begin(), curve.test.end());
  }
  return svg::around(all, "mean squared error", true);
}

static double last_of(const std::vector<Curve>& list) {
  double last = 1.0;
  for (const Curve& curve : list)
    if (!curve.x.empty()) last = std::max(last, curve.x.back());
  return last;
}

static std::string curves_of_part(const std::string& title, const std::string& x_label, const std::vector<Curve>& list,
                                  bool test) {
  const std::vector<std::string> names = names_of(list);
  const double top = kKeys + height_of_keys(names.size()) + 6.0;
  Drawing drawing(svg::kPanel, top + 300.0, title + (test ? ": test" : ": train"),
                  std::string(test ? "Test" : "Train") + " error of " + std::to_string(list.size()) + " networks.");
  draw_keys(drawing, names, kKeys);
  const std::size_t window = window_of(list);
  const std::string smooth = window > 1 ? " (thick: running median of " + std::to_string(window) + ")" : "";
  Plot plot(drawing, {kLeft, top, kInner, 250.0}, {0.0, last_of(list), x_label + smooth, false, {}}, errors_of(list),
            "");
  for (std::size_t k = 0; k < list.size(); ++k) {
    const std::vector<double>& y = test ? list[k].test : list[k].train;
    if (window > 1) plot.trace(points_of(list[k].x, y), k);
    plot.curve(points_of(list[k].x, running_median(y, window)), k, std::max<std::size_t>(4, y.size() / 12));
  }
  draw_levels(plot);
  return drawing.finish();
}

Panels curves(const std::string& title, const std::string& x_label, const std::vector<Curve>& list) {
  return {curves_of_part(title, x_label, list, false), curves_of_part(title, x_label, list, true)};
}

// ---- Over many seeds.

// Wilson's interval: it stays within 0 and 1, and does not shrink to nothing at the ends.
std::pair<double, double> interval(double share, double runs) {
  const double z = 1.96;
  const double middle = (share + z * z / (2.0 * runs)) / (1.0 + z * z / runs);
  const double reach = z * std::sqrt(share * (1.0 - share) / runs + z * z / (4.0 * runs * runs)) / (1.0 + z * z / runs);
  return {middle - reach, middle + reach};
}

Panels shares(const std::string& title, const std::string& label, const std::vector<Share>& list) {
  bool compared = false;
  for (const Share& share : list) compared = compared || !std::isnan(share.in_pytorch);
  const double top = compared ? 96.0 : 72.0;
  const auto count = static_cast<double>(list.size());
  Drawing drawing(svg::kPanel, top + 24.0 * count + 56.0, title, "Shares of runs that learned.");
  drawing.key_of_mark({4.0, 48.0}, list[0].series,
                      "Linnet, " + text_of("%.0f", list[0].runs) + " seeds, 95 % interval");
  if (compared) drawing.key_of_mark({4.0, 70.0}, 3, "PyTorch, 1,000 seeds of its own");
  Axis rows{0.4, count + 0.6, "", false, {}};
  for (std::size_t r = 0; r < list.size(); ++r) rows.ticks.emplace_back(count - static_cast<double>(r), list[r].name);
  const double left = 186.0;
  Plot plot(drawing, {left, top, svg::kPanel - left - 20.0, 24.0 * count}, {0.0, 100.0, label, false, {}}, rows, "");
  for (std::size_t r = 0; r < list.size(); ++r) {
    const Share& share = list[r];
    const double y = count - static_cast<double>(r);
    const auto ends = interval(share.share, share.runs);
    drawing.mark(plot.at(100.0 * share.in_pytorch, y - 0.22), 3);
    drawing.line(plot.at(100.0 * ends.first, y + 0.12), plot.at(100.0 * ends.second, y + 0.12),
                 "line s" + std::to_string(share.series));
    drawing.mark(plot.at(100.0 * share.share, y + 0.12), share.series);
  }
  return {drawing.finish()};
}

Panels bands(const std::string& title, const std::string& x_label, const std::vector<Band>& list) {
  const std::vector<std::string> names = names_of(list);
  const double top = kKeys + height_of_keys(names.size() + 1) + 6.0;
  Drawing drawing(svg::kPanel, top + 300.0, title, "Median and quartiles of the train error over many seeds.");
  draw_keys(drawing, names, kKeys);
  drawing.key_of_band(key_at(names.size(), kKeys), "f0 faint", "25 to 75 % of the seeds");
  Plot plot(drawing, {kLeft, top, kInner, 250.0}, {0.0, std::max(1.0, list[0].x.back()), x_label, false, {}},
            {0.03, 30.0, "train MSE", true, {}}, "");
  for (std::size_t k = 0; k < list.size(); ++k)
    plot.band(points_of(list[k].x, list[k].low), points_of(list[k].x, list[k].high), k, "faint");
  for (std::size_t k = 0; k < list.size(); ++k)
    plot.curve(points_of(list[k].x, list[k].median), k, std::max<std::size_t>(4, list[k].x.size() / 8));
  draw_levels(plot);
  return {drawing.finish()};
}

Panels percentages(const std::string& title, const std::string& x_label, const std::string& y_label,
                   const std::vector<Line>& list, const std::vector<std::pair<double, std::string>>& ticks) {
  const std::vector<std::string> names = names_of(list);
  double most = 5.0;
  for (const Line& line : list) most = std::max(most, *std::max_element(line.percent.begin(), line.percent.end()));
  const double top = kKeys + height_of_keys(names.size()) + 6.0;
  Drawing drawing(svg::kPanel, top + 300.0, title, y_label + " by " + x_label + ".");
  draw_keys(drawing, names, kKeys);
  Axis x = svg::around(list[0].x, x_label, false);
  x.ticks = ticks;
  if (ticks.empty() && list[0].x.size() <= 8)
    for (const double value : list[0].x) x.ticks.emplace_back(value, text_of("%.4g", value));
  Plot plot(drawing, {kLeft, top, kInner, 250.0}, x, {-0.03 * most, std::min(104.0, 1.15 * most), y_label, false, {}},
            "");
  for (std::size_t k = 0; k < list.size(); ++k) {
    const std::size_t every = list[k].x.size() <= 8 ? 1 : std::max<std::size_t>(4, list[k].x.size() / 8);
    plot.curve(points_of(list[k].x, list[k].percent), k, every);
  }
  return {drawing.finish()};
}

Panels trails(const std::string& title, const std::vector<std::vector<double>>& values) {
  const double top = kKeys + height_of_keys(2) + 6.0;
  Drawing drawing(svg::kPanel, top + 260.0, title, "The weights of a layer along the training.");
  draw_keys(drawing, {"weights of input 1", "weights of input 2"}, kKeys);
  std::vector<double> all;
  for (const std::vector<double>& pass : values) all.insert(all.end(), pass.begin(), pass.end());
  Plot plot(drawing, {kLeft, top, kInner, 210.0}, {0.0, static_cast<double>(values.size() - 1), "passes", false, {}},
            svg::around(all, "weight", false), "");
  for (std::size_t w = 0; w < values[0].size(); ++w) {
    std::vector<svg::Point> points;
    for (std::size_t pass = 0; pass < values.size(); ++pass)
      points.push_back({static_cast<double>(pass), values[pass][w]});
    plot.curve(points, w % 2, std::max<std::size_t>(4, values.size() / 6));
  }
  return {drawing.finish()};
}

// ---- A network that dies.

Panels death(const Death& death) {
  const double lower = 318.0;
  Drawing drawing(svg::kPanel, 520.0, "How a ReLU network dies, seed " + std::to_string(death.seed),
                  "Train error, and dead units of every layer, along the training.");
  const auto moment = [&drawing](Plot& plot, std::size_t pass, const std::string& words, double down) {
    const Area& area = plot.area();
    const double x = plot.at(static_cast<double>(pass), 0.0).x;
    const bool right = x < area.left + 0.5 * area.width;
    drawing.line({x, area.top}, {x, area.top + area.height}, "level");
    drawing.text({x + (right ? 5.0 : -5.0), area.top + down}, right ? Anchor::start : Anchor::end, words,
                 "ink small halo");
  };
  Axis passes{0.0, death.pass.back(), "", false, {}};
  Axis error_axis = svg::around(death.train, "train MSE", false);
  error_axis.high += 0.45 * (error_axis.high - error_axis.low);  // room for words
  Plot error(drawing, {kLeft, 60.0, kInner, 176.0}, passes, error_axis, "the error");
  error.curve(points_of(death.pass, death.train), 0, 0);
  moment(error, death.found, "pass " + std::to_string(death.found) + ": a whole layer is dead", 18.0);
  moment(error, death.seen, "pass " + std::to_string(death.seen) + ": flat for 5 passes", 36.0);
  passes.label = "passes";
  Plot dead(drawing, {kLeft, lower, kInner, 150.0}, passes, {-4.0, 104.0, "dead units, %", false, {}}, "");
  for (std::size_t l = 0; l < death.dead.size(); ++l) {
    std::vector<double> percent;
    for (const double share : death.dead[l]) percent.push_back(100.0 * share);
    dead.curve(points_of(death.pass, percent), l, std::max<std::size_t>(4, percent.size() / 8));
    drawing.key({18.0 + 140.0 * static_cast<double>(l), lower - 30.0}, l, "layer " + std::to_string(l + 1));
  }
  moment(dead, death.found, "", 0.0);
  return {drawing.finish()};
}

}  // namespace figures
