// A workload that contestants are timed on, in rounds.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "work.hpp"

namespace bench {

struct Entry {
  std::string name;
  std::function<std::unique_ptr<Contestant>()> make;
  std::unique_ptr<Contestant> contestant = make();
  std::size_t steps = 1;        // of a sample
  std::vector<double> times{};  // seconds of a step, in each round
  bool alike = true;            // does the same work, so that its time may be compared
};

struct Round {
  bool quiet;  // every sample was taken on a quiet core
  double fma;  // floating-point operations per second
  double l1;   // bytes per second
  double l2;
};

struct Contest {
  Work work;
  std::vector<Entry> entries{};  // Linnet's is the first; with an offset it is the second too
  std::vector<Round> rounds{};
  bool offset = false;
  double repeated_share = 0.0;  // of samples, because the core was busy
};

std::size_t quiet_rounds(const Contest& contest);

// Everybody's loss and results after a number of steps, beside plain loops in double precision; prints them. False when
// somebody did other work.
bool compare(const Data& data, Contest& contest);

// Medians over quiet rounds; over all, where no round was quiet.
void report(const Contest& contest);

}  // namespace bench
