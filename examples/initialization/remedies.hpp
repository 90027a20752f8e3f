#pragma once

// The article's five remedies for networks that do not learn, each on three that fail: four hidden layers of sigmoid,
// ReLU or tanh at learning rate 0.03.

#include <string>
#include <vector>

#include "course.hpp"

namespace remedies {

namespace ln = linnet;

struct Remedy {
  std::string name;
  course::Model model;
  course::Recipe recipe;
  double share = 0.0;  ///< of the seeds, train MSE < 1 at a plot point, set by run()
};

/// A network that fails, as it is and with every remedy.
struct Network {
  const char* name;
  std::vector<Remedy> list;  ///< the first is none
};

/// All of them, with their shares over the seeds first, first + 1, ..., within the course's 40 "epochs"; draws how far it
/// is.
ln::Status run(std::uint64_t first, std::size_t seeds, std::vector<Network>& networks);

/// A table for people.
void print(const std::vector<Network>& networks, std::size_t seeds);

}  // namespace remedies
