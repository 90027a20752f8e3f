#include <algorithm>
#include <cmath>

#include "figures.hpp"
#include "plots.hpp"
#include "svg.hpp"
#include "violin.hpp"

namespace figures {

using svg::Axis;
using svg::Drawing;
using svg::Plot;
using svg::Point;

static Axis layer_axis(std::size_t layers) {
  Axis axis{0.4, static_cast<double>(layers) + 0.6, "layer, from the inputs on", false, {}};
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

static void draw_layers(Drawing& drawing, const Layers& network, const Axis& y, double top, const std::string& title,
                        std::size_t series) {
  Plot plot(drawing, {kLeft, top, kInner, 190.0}, layer_axis(network.values.size()), y, title);
  const double largest = largest_density(network.values);
  for (std::size_t l = 0; l < network.values.size(); ++l)
    draw_violin(plot, network.values[l], static_cast<double>(l + 1), 0.8, largest, series);
}

Panels violins(const std::string& title, const std::string& what, const std::vector<Layers>& list, bool magnitudes) {
  std::vector<Layers> powers = list;
  for (Layers& network : powers)
    for (std::vector<double>& values : network.values) values = logarithms(values);
  const Axis y = outlines_of(list, what, false);
  const Axis log_y = outlines_of(powers, "|" + what + "|", true);
  Panels panels;
  for (std::size_t k = 0; k < list.size(); ++k) {
    Drawing drawing(svg::kPanel, magnitudes ? 560.0 : 300.0, title + ": " + list[k].name,
                    "Violins of the " + what + "s of every layer.");
    draw_layers(drawing, list[k], y, 64.0, magnitudes ? "as they are" : "", k % 2);
    if (magnitudes) draw_layers(drawing, powers[k], log_y, 324.0, "their magnitudes, on a logarithmic axis", k % 2);
    panels.push_back(drawing.finish());
  }
  return panels;
}

// The violins of all layers of one of the networks, and a diamond at PyTorch's median.
static void draw_side(Plot& plot, const Spread& spread, std::size_t side) {
  const Layers& network = spread.networks[side];
  const bool alone = spread.networks.size() == 1;
  const double shift = alone ? 0.0 : side == 0 ? -0.21 : 0.21;
  const double largest = largest_density(network.values);
  for (std::size_t l = 0; l < network.values.size(); ++l) {
    const double x = static_cast<double>(l + 1) + shift;
    draw_violin(plot, network.values[l], x, alone ? 0.7 : 0.38, largest, side);
    if (side < spread.pytorch.size() && l < spread.pytorch[side].size())
      plot.drawing().mark(plot.at(x + (side == 0 ? -0.16 : 0.16), std::log10(spread.pytorch[side][l])), 3);
  }
}

static std::string spread_of(const Spread& spread, const Axis& y) {
  const std::vector<std::string> names = names_of(spread.networks);
  const bool compared = !spread.pytorch.empty();
  const double top = kKeys + height_of_keys(names.size() + (compared ? 1 : 0)) + 6.0;
  Drawing drawing(svg::kPanel, top + 310.0, spread.name,
                  "Violins over many seeds of the mean magnitude of each layer's weight gradients.");
  for (std::size_t k = 0; k < names.size(); ++k) {
    const std::string place = names.size() == 1 ? "" : k == 0 ? "left: " : "right: ";
    drawing.key_of_band(key_at(k, kKeys), svg::fill(k) + " half", place + names[k]);
  }
  if (compared) drawing.key_of_mark(key_at(names.size(), kKeys), 3, "PyTorch, median of 100 seeds");
  Plot plot(drawing, {kLeft, top, kInner, 260.0}, layer_axis(spread.networks[0].values.size()), y, "");
  for (std::size_t side = 0; side < names.size(); ++side) draw_side(plot, spread, side);
  return drawing.finish();
}

Panels spreads(const std::vector<Spread>& list) {
  std::vector<Layers> all;
  for (const Spread& spread : list) all.insert(all.end(), spread.networks.begin(), spread.networks.end());
  const Axis y = outlines_of(all, "mean |weight gradient|", true);
  Panels panels;
  for (const Spread& spread : list) panels.push_back(spread_of(spread, y));
  return panels;
}

}  // namespace figures
