#pragma once

// All rows over many seeds, as a table for people and as one for programs.

#include <cstdint>
#include <string>
#include <vector>

#include "course.hpp"

namespace course {

struct Sweep {
  std::uint64_t first_seed;
  std::size_t seeds;
  std::vector<Outcome> outcomes[9];  ///< per row, one for each seed
};

/// Runs every row with the seeds first_seed, first_seed + 1, ... and draws how far it is. Returns ok, or the first Status
/// that is neither ok nor diverged.
ln::Status run(Sweep& sweep);

/// How many runs of a row reached a train MSE below 1 at any plot point.
std::size_t learned(const std::vector<Outcome>& outcomes);

/// `row,seed,final_train_mse,final_test_mse,best_train_mse`, a line for each run; `nan` for what a diverged run lacks.
std::string csv(const Sweep& sweep);

/// Prints for every row the share of runs that learned, beside PyTorch's, and quantiles of the final train MSE.
void print_summary(const Sweep& sweep);

}  // namespace course
