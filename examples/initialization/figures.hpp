#pragma once

// The kinds of picture that the gallery is made of. A figure is panels: whole SVG files, each wide enough for a narrow
// screen, where they stand below each other.

#include <string>
#include <utility>
#include <vector>

#include "sweep.hpp"

namespace figures {

using Panels = std::vector<std::string>;

/// One network's MSE along its training.
struct Curve {
  std::string name;
  std::vector<double> x;  ///< passes, or plot points
  std::vector<double> train, test;
};

/// Train and test MSE of some networks: two panels with the same logarithmic axis.
Panels curves(const std::string& title, const std::string& x_label, const std::vector<Curve>& list);

/// The values of every layer of one network.
struct Layers {
  std::string name;
  std::vector<std::vector<double>> values;
};

/// A panel per network, a violin per layer: above as the course draws them, below, unless that is left out, the
/// magnitudes on a logarithmic axis.
Panels violins(const std::string& title, const std::string& what, const std::vector<Layers>& list,
               bool magnitudes = true);

/// One panel: the weights of a layer of two inputs along the training, `values[pass][unit * 2 + input]`.
Panels trails(const std::string& title, const std::vector<std::vector<double>>& values);

/// Mean magnitudes of gradients per layer over many seeds: log10 of the seeds' means.
struct Spread {
  std::string name;
  std::vector<Layers> networks;              ///< one or two
  std::vector<std::vector<double>> pytorch;  ///< per network the medians of PyTorch's runs, or nothing
};
/// A panel for each.
Panels spreads(const std::vector<Spread>& list);

/// A share of runs that learned, and what it is compared with.
struct Share {
  std::string name;
  double share;
  double runs;
  double in_pytorch;  ///< NaN: nobody knows
  std::size_t series = 0;
};
/// One panel: a line per share, with its 95 % interval.
Panels shares(const std::string& title, const std::string& label, const std::vector<Share>& list);

/// The train MSE of many seeds along the training: their median and quartiles.
struct Band {
  std::string name;
  std::vector<double> x, low, median, high;
};
/// One panel: the bands of some networks over each other.
Panels bands(const std::string& title, const std::string& x_label, const std::vector<Band>& list);

/// Wilson's 95 % interval of a share of so many runs.
std::pair<double, double> interval(double share, double runs);

/// A network that dies: its MSE, and the share of dead units of every layer.
struct Death {
  std::uint64_t seed;
  std::vector<double> pass, train;
  std::vector<std::vector<double>> dead;  ///< per layer, at every pass
  std::size_t found, seen;                ///< passes at which the detector and the curve say so
};
Panels death(const Death& death);

/// Lines over x, one per series, each with a name; y is a percentage. `ticks` of x are chosen for you when empty.
struct Line {
  std::string name;
  std::vector<double> x, percent;
};
Panels percentages(const std::string& title, const std::string& x_label, const std::string& y_label,
                   const std::vector<Line>& list, const std::vector<std::pair<double, std::string>>& ticks = {});

}  // namespace figures
