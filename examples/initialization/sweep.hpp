#pragma once

// All rows over many seeds, as a table for people and as one for programs.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "../console.hpp"
#include "course.hpp"

namespace course {

struct Sweep {
  std::uint64_t first_seed;
  std::size_t seeds;
  std::array<std::vector<Outcome>, kRowCount> outcomes;  ///< per row, one for each seed
};

/// Runs every row with the seeds first_seed, first_seed + 1, ... and draws how far it is. Returns ok, or the first Status
/// that is neither ok nor diverged.
ln::Status run(Sweep& sweep);

/// How many runs reached a train MSE below 1 at any point, and which share that is.
std::size_t learned(const std::vector<Outcome>& outcomes);
double share_of(const std::vector<Outcome>& outcomes);

/// The final train MSE of the runs that did not diverge, from the smallest.
std::vector<double> finals_of(const std::vector<Outcome>& outcomes);

/// `row,seed,final_train_mse,final_test_mse,best_train_mse`, a line for each run; `nan` for what a diverged run lacks.
std::string csv(const Sweep& sweep);
extern const char kCsvHead[];
std::string csv_line(const char* name, std::uint64_t seed, const Outcome& outcome);

/// The share of the runs that learned with its standard error, then `between`, then quantiles of the final train MSE and
/// how many diverged: the rest of a line of the table.
std::string summary_of(const std::vector<Outcome>& outcomes, const std::string& between);

/// Prints for every row the share of runs that learned, beside PyTorch's, and quantiles of the final train MSE.
void print_summary(const Sweep& sweep);

}  // namespace course
