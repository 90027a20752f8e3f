#include "figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "svg.hpp"
#include "violin.hpp"

namespace figures {

using svg::Anchor;
using svg::Area;
using svg::Axis;
using svg::Drawing;
using svg::Plot;
using svg::Point;

static std::string text_of(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

static std::vector<Point> points_of(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<Point> points;
  for (std::size_t k = 0; k < x.size() && k < y.size(); ++k) points.push_back({x[k], y[k]});
  return points;
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

std::string curves(const std::string& title, const std::string& x_label, const std::vector<Curve>& list) {
  Drawing drawing(900.0, 440.0, title, "Train and test error of " + std::to_string(list.size()) + " networks.");
  for (std::size_t k = 0; k < list.size(); ++k)
    drawing.key({30.0 + 180.0 * static_cast<double>(k), 52.0}, k, list[k].name);
  drawing.key_of_level({780.0, 52.0}, "MSE 1");
  const Axis errors = errors_of(list);
  const std::size_t window = window_of(list);
  const std::string smooth = window > 1 ? "   (thick: running median of " + std::to_string(window) + ")" : "";
  const Axis x{0.0, std::max(1.0, list[0].x.back()), x_label + smooth, false, {}};
  for (const bool test : {false, true}) {
    Plot plot(drawing, {test ? 520.0 : 72.0, 98.0, 360.0, 288.0}, x, errors,
              test ? "test: 300 samples" : "train: 700 samples");
    plot.level(1.0);
    for (std::size_t k = 0; k < list.size(); ++k) {
      const std::vector<double>& y = test ? list[k].test : list[k].train;
      if (window > 1) plot.trace(points_of(list[k].x, y), k);
      plot.curve(points_of(list[k].x, running_median(y, window)), k, std::max<std::size_t>(4, y.size() / 12));
    }
  }
  return drawing.finish();
}

// ---- Violins.

static Axis layer_axis(std::size_t layers) {
  Axis axis{0.4, static_cast<double>(layers) + 0.6, "layer", false, {}};
  for (std::size_t l = 1; l <= layers; ++l) axis.ticks.emplace_back(static_cast<double>(l), std::to_string(l));
  return axis;
}

// A violin around x, `width` wide where its density is `largest`.
static void draw_violin(Plot& plot, const std::vector<double>& values, double x, double width, double largest,
                        std::size_t series) {
  if (values.empty()) return;
  const violin::Outline outline = violin::outline(values);
  std::vector<Point> edge;
  if (outline.at.size() > 1) {
    for (std::size_t k = 0; k < outline.at.size(); ++k)
      edge.push_back(plot.at(x - 0.5 * width * outline.density[k] / largest, outline.at[k]));
    for (std::size_t k = outline.at.size(); k-- > 0;)
      edge.push_back(plot.at(x + 0.5 * width * outline.density[k] / largest, outline.at[k]));
    const std::string s = std::to_string(series);
    plot.drawing().path(edge, "f" + s + " half", true);
    plot.drawing().path(edge, "thin s" + s, true);
  }
  const violin::Box box = violin::box(values);
  plot.drawing().line(plot.at(x, box.low), plot.at(x, box.high), "axis thin");
  plot.drawing().line(plot.at(x, box.first), plot.at(x, box.third), "axis box");
  const Point middle = plot.at(x, box.median);
  plot.drawing().dot(middle);
}

static double largest_density(const std::vector<std::vector<double>>& layers) {
  double largest = 0.0;
  for (const std::vector<double>& values : layers) {
    if (values.empty()) continue;
    const violin::Outline outline = violin::outline(values);
    if (outline.at.size() > 1)
      largest = std::max(largest, *std::max_element(outline.density.begin(), outline.density.end()));
  }
  return largest > 0.0 ? largest : 1.0;
}

static std::vector<double> logarithms(const std::vector<double>& values) {
  std::vector<double> result;
  for (const double value : values)
    if (value != 0.0) result.push_back(std::log10(std::abs(value)));
  return result;
}

// The axis of all outlines; powers of ten get their own ticks.
static Axis outlines_of(const std::vector<Layers>& list, const std::string& label, bool powers) {
  std::vector<double> ends;
  for (const Layers& network : list) {
    for (const std::vector<double>& values : network.values) {
      if (values.empty()) continue;
      const violin::Outline outline = violin::outline(values);
      ends.push_back(outline.at.front());
      ends.push_back(outline.at.back());
    }
  }
  Axis axis = svg::around(ends, label, false);
  if (powers)
    for (int power = static_cast<int>(std::ceil(axis.low)); power <= axis.high; ++power)
      axis.ticks.emplace_back(power, text_of("1e%.0f", power));
  return axis;
}

static void draw_row(Drawing& drawing, const std::vector<Layers>& list, const Axis& y, double top) {
  const double width = (882.0 - 20.0) / static_cast<double>(list.size()) - 76.0;
  for (std::size_t k = 0; k < list.size(); ++k) {
    const double left = 82.0 + (width + 76.0) * static_cast<double>(k);
    Plot plot(drawing, {left, top, width, 200.0}, layer_axis(list[k].values.size()), y, list[k].name);
    const double largest = largest_density(list[k].values);
    for (std::size_t l = 0; l < list[k].values.size(); ++l)
      draw_violin(plot, list[k].values[l], static_cast<double>(l + 1), 0.8, largest, k % 2);
  }
}

std::string violins(const std::string& title, const std::string& what, const std::vector<Layers>& list) {
  Drawing drawing(920.0, 640.0, title, "Violin plots of the " + what + "s of every layer.");
  drawing.text({18.0, 52.0}, Anchor::start, "As in the course: violins of equal area", "muted");
  draw_row(drawing, list, outlines_of(list, what, false), 86.0);
  std::vector<Layers> magnitudes = list;
  for (Layers& network : magnitudes)
    for (std::vector<double>& values : network.values) values = logarithms(values);
  drawing.text({18.0, 350.0}, Anchor::start, "The same values: magnitudes on a logarithmic axis", "muted");
  draw_row(drawing, magnitudes, outlines_of(magnitudes, "|" + what + "|", true), 384.0);
  return drawing.finish();
}

std::string spreads(const std::string& title, const std::vector<Spread>& list) {
  Drawing drawing(920.0, 430.0, title,
                  "Violin plots over many seeds of the mean magnitude of each layer's weight gradients.");
  drawing.text({18.0, 52.0}, Anchor::start, "left: nn.Linear's default; right: Xavier or Kaiming uniform", "muted");
  drawing.mark({560.0, 48.0}, 3);
  drawing.text({572.0, 52.0}, Anchor::start, "median of 100 seeds in PyTorch", "muted");
  std::vector<Layers> all;
  for (const Spread& spread : list) all.insert(all.end(), {spread.networks[0], spread.networks[1]});
  const Axis y = outlines_of(all, "mean |weight gradient|", true);
  const double width = (882.0 - 20.0) / static_cast<double>(list.size()) - 64.0;
  for (std::size_t k = 0; k < list.size(); ++k) {
    const std::size_t layers = list[k].networks[0].values.size();
    Plot plot(drawing, {82.0 + (width + 64.0) * static_cast<double>(k), 90.0, width, 285.0}, layer_axis(layers), y,
              list[k].name);
    for (std::size_t side = 0; side < 2; ++side) {
      const Layers& network = list[k].networks[side];
      const double largest = largest_density(network.values);
      for (std::size_t l = 0; l < layers; ++l) {
        const double x = static_cast<double>(l + 1) + (side == 0 ? -0.21 : 0.21);
        draw_violin(plot, network.values[l], x, 0.38, largest, side);
        if (l < list[k].pytorch[side].size())
          plot.drawing().mark(plot.at(x + (side == 0 ? -0.16 : 0.16), std::log10(list[k].pytorch[side][l])), 3);
      }
    }
  }
  return drawing.finish();
}

// ---- Over many seeds.

// Wilson's interval: it stays within 0 and 1, and does not shrink to nothing at the ends.
static std::pair<double, double> interval(double share, double runs) {
  const double z = 1.96;
  const double middle = (share + z * z / (2.0 * runs)) / (1.0 + z * z / runs);
  const double reach = z * std::sqrt(share * (1.0 - share) / runs + z * z / (4.0 * runs * runs)) / (1.0 + z * z / runs);
  return {middle - reach, middle + reach};
}

std::string shares(const course::Sweep& sweep) {
  const std::string seeds = std::to_string(sweep.seeds);
  Drawing drawing(900.0, 470.0, "How often does a network learn? Share of " + seeds + " seeds with train MSE < 1",
                  "Nine rows with the share of runs that reach a train error below 1.");
  drawing.mark({42.0, 50.0}, 0);
  drawing.text({54.0, 54.0}, Anchor::start, "Linnet, " + seeds + " seeds, with 95 % interval", "ink");
  drawing.mark({322.0, 50.0}, 3);
  drawing.text({334.0, 54.0}, Anchor::start, "PyTorch, 1,000 seeds of its own", "ink");
  Axis rows{0.4, 9.6, "", false, {}};
  for (std::size_t r = 0; r < 9; ++r) rows.ticks.emplace_back(9.0 - static_cast<double>(r), course::kRows[r].name);
  Plot plot(drawing, {232.0, 80.0, 630.0, 330.0},
            {0.0, 100.0, "runs that reach train MSE < 1 at any plot point, %", false, {}}, rows, "");
  for (std::size_t r = 0; r < 9; ++r) {
    const double y = 9.0 - static_cast<double>(r);
    const auto runs = static_cast<double>(sweep.seeds);
    const double share = static_cast<double>(course::learned(sweep.outcomes[r])) / runs;
    const auto ends = interval(share, runs);
    drawing.mark(plot.at(100.0 * course::kRows[r].share_in_pytorch, y - 0.22), 3);
    drawing.line(plot.at(100.0 * ends.first, y + 0.1), plot.at(100.0 * ends.second, y + 0.1), "line s0");
    drawing.mark(plot.at(100.0 * share, y + 0.1), 0);
  }
  return drawing.finish();
}

// The quantile of all seeds' train errors at one plot point; diverged runs count as infinitely bad.
static double error_at(const std::vector<course::Outcome>& outcomes, std::size_t point, double share) {
  std::vector<double> errors;
  for (const course::Outcome& outcome : outcomes) {
    const auto error = static_cast<double>(outcome.train[point]);
    errors.push_back(std::isnan(error) ? HUGE_VAL : error);
  }
  return course::quantile(course::sorted(std::move(errors)), share);
}

static void draw_bands(Plot& plot, const std::vector<course::Outcome>& outcomes, std::size_t points, bool plot_points) {
  const auto quantiles = [&](double share) {
    std::vector<Point> curve;
    for (std::size_t e = 0; e < points; ++e)
      curve.push_back({static_cast<double>(plot_points ? e : course::passes_at(e)), error_at(outcomes, e, share)});
    return curve;
  };
  plot.band(quantiles(0.1), quantiles(0.9), 0, "faint");
  plot.band(quantiles(0.25), quantiles(0.75), 0, "half");
  plot.level(1.0);
  plot.curve(quantiles(0.5), 0, 0);
}

std::string bands(const course::Sweep& sweep, bool plot_points) {
  Drawing drawing(960.0, 920.0, "Train MSE over " + std::to_string(sweep.seeds) + " seeds: median and bands",
                  "Quantile bands of the train error of nine rows.");
  drawing.line({30.0, 50.0}, {64.0, 50.0}, svg::stroke(0));
  drawing.text({72.0, 54.0}, Anchor::start, "median", "ink");
  drawing.rectangle({150.0, 42.0, 34.0, 16.0}, "f0 half");
  drawing.text({192.0, 54.0}, Anchor::start, "25 to 75 %", "ink");
  drawing.rectangle({300.0, 42.0, 34.0, 16.0}, "f0 faint");
  drawing.text({342.0, 54.0}, Anchor::start, "10 to 90 % of the seeds", "ink");
  drawing.key_of_level({570.0, 50.0}, "MSE 1");
  const Axis y{0.03, 30.0, "train MSE", true, {}};
  for (std::size_t r = 0; r < 9; ++r) {
    const course::Row& row = course::kRows[r];
    const Area area{78.0 + 306.0 * static_cast<double>(r % 3), 96.0 + 280.0 * std::floor(static_cast<double>(r) / 3.0),
                    232.0, 200.0};
    const double end = static_cast<double>(plot_points ? row.points - 1 : course::passes_at(row.points - 1));
    Plot plot(drawing, area, {0.0, end, plot_points ? "plot point" : "passes", false, {}}, y, row.name);
    draw_bands(plot, sweep.outcomes[r], row.points, plot_points);
  }
  return drawing.finish();
}

// ---- Dead units.

static void draw_death(Drawing& drawing, const Death& death) {
  const Axis passes{0.0, death.pass.back(), "passes", false, {}};
  const auto found = static_cast<double>(death.found);
  const auto seen = static_cast<double>(death.seen);
  const auto moment = [&](Plot& plot, double pass, const std::string& words, double down) {
    const Point top = plot.at(pass, 0.0);
    const Area& area = plot.area();
    drawing.line({top.x, area.top}, {top.x, area.top + area.height}, "level");
    drawing.text({top.x + 5.0, area.top + down}, Anchor::start, words, "ink small");
  };
  Axis error_axis = svg::around(death.train, "train MSE", false);
  error_axis.high += 0.45 * (error_axis.high - error_axis.low);  // room for words
  Axis unnamed = passes;
  unnamed.label.clear();
  Plot error(drawing, {72.0, 86.0, 370.0, 165.0}, unnamed, error_axis, "train MSE, seed " + std::to_string(death.seed));
  error.curve(points_of(death.pass, death.train), 0, 0);
  moment(error, seen, "flat for 5 passes", 16.0);
  moment(error, found, "a whole layer is dead", 32.0);
  Plot dead(drawing, {72.0, 308.0, 370.0, 142.0}, passes, {-3.0, 103.0, "dead units, %", false, {}},
            "units that were 0 for a whole pass");
  for (std::size_t l = 0; l < death.dead.size(); ++l) {
    std::vector<double> percent;
    for (const double share : death.dead[l]) percent.push_back(100.0 * share);
    dead.curve(points_of(death.pass, percent), l, std::max<std::size_t>(4, percent.size() / 8));
    drawing.key({72.0 + 130.0 * static_cast<double>(l), 508.0}, l, "layer " + std::to_string(l + 1));
  }
  moment(dead, found, "", 0.0);
}

std::string deaths(const std::string& title, const Death& death, const std::vector<Toll>& tolls) {
  Drawing drawing(920.0, 530.0, title, "A ReLU network that dies, and the share of seeds that do.");
  draw_death(drawing, death);
  double most = 0.01;
  for (const Toll& toll : tolls) most = std::max(most, *std::max_element(toll.share.begin(), toll.share.end()));
  Plot plot(drawing, {540.0, 92.0, 350.0, 300.0},
            {0.0, static_cast<double>(tolls[0].share.size() - 1), "passes", false, {}},
            {0.0, std::min(105.0, 115.0 * most), "seeds with a dead layer, %", false, {}}, "seeds lost for good");
  for (std::size_t k = 0; k < tolls.size(); ++k) {
    std::vector<Point> points;
    for (std::size_t p = 0; p < tolls[k].share.size(); ++p)
      points.push_back({static_cast<double>(p), 100.0 * tolls[k].share[p]});
    plot.curve(points, k, std::max<std::size_t>(4, points.size() / 8));
    drawing.key({540.0, 456.0 + 24.0 * static_cast<double>(k)}, k, tolls[k].name);
  }
  return drawing.finish();
}

}  // namespace figures
