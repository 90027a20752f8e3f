#pragma once

// The kinds of picture that the gallery is made of. Each function returns a whole SVG file.

#include <string>
#include <utility>
#include <vector>

#include "sweep.hpp"

namespace figures {

/// One network's MSE along its training.
struct Curve {
  std::string name;
  std::vector<double> x;  ///< passes, or plot points
  std::vector<double> train, test;
};

/// Train and test MSE of some networks, side by side in two plots on the same logarithmic axis.
std::string curves(const std::string& title, const std::string& x_label, const std::vector<Curve>& list);

/// The values of every layer of one network.
struct Layers {
  std::string name;
  std::vector<std::vector<double>> values;
};

/// A violin per layer and network: above as the course draws them, below the magnitudes on a logarithmic axis.
std::string violins(const std::string& title, const std::string& what, const std::vector<Layers>& list);

/// Mean magnitudes of gradients per layer over many seeds, two networks a plot, beside the medians of PyTorch's runs.
struct Spread {
  std::string name;
  Layers networks[2];  ///< log10 of the seeds' means
  std::vector<double> pytorch[2];
};
std::string spreads(const std::string& title, const std::vector<Spread>& list);

/// The share of runs that learned, with 95 % intervals, beside PyTorch's.
std::string shares(const course::Sweep& sweep);

/// Quantile bands of the train MSE of every row, on an axis of passes or of plot points.
std::string bands(const course::Sweep& sweep, bool plot_points);

/// A network that dies: its MSE, and the share of dead units of every layer; then over many seeds how many are dead.
struct Death {
  std::uint64_t seed;
  std::vector<double> pass, train;
  std::vector<std::vector<double>> dead;  ///< per layer, at every pass
  std::size_t found, seen;                ///< passes at which the detector and the curve say so
};
struct Toll {
  std::string name;
  std::vector<double> share;  ///< of seeds dead by the end of every pass
};
std::string deaths(const std::string& title, const Death& death, const std::vector<Toll>& tolls);

}  // namespace figures
