#pragma once

// An experiment of the reader's own: a network on the course's data over many seeds, beside the same network with
// nn.Linear's default start.

#include <string>
#include <vector>

#include "options.hpp"

namespace own {

/// One of the networks, and what its seeds came to.
struct Result {
  course::Model model;
  std::vector<course::Outcome> outcomes;
  std::vector<linnet::LayerReport> verdicts;  ///< of one seed's first 100 samples; empty where that step diverged
};

/// The start that was asked for, then the default one, unless that is the same.
linnet::Status run(const options::Options& options, std::vector<Result>& results);

/// A table for people: shares, quantiles, verdicts.
void print(const options::Options& options, const std::vector<Result>& results);

/// A line for each run, as course::csv().
std::string csv(const options::Options& options, const std::vector<Result>& results);

/// Draws the pictures and writes the page. Returns false after a message.
bool write(const options::Options& options, const std::vector<Result>& results);

}  // namespace own
