// Time of this thread, and order statistics.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>

namespace bench {

inline double seconds_on(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
// Seconds of processor time that this thread has had.
inline double thread_seconds() { return seconds_on(CLOCK_THREAD_CPUTIME_ID); }

template <class Function>
double seconds_of(Function&& function) {
  const double start = thread_seconds();
  function();
  return thread_seconds() - start;
}

struct Timed {
  double seconds;  // of this thread
  bool alone;      // hardly any time went to another, whose data would now be in the caches
};

template <class Function>
Timed timed(Function&& function) {
  const double start = seconds_on(CLOCK_MONOTONIC);
  const double seconds = seconds_of(function);
  return {seconds, seconds_on(CLOCK_MONOTONIC) - start < 1.05 * seconds + 1e-4};
}

// The value below which `share` of all lie, between neighbours in proportion.
inline double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}
inline double median(const std::vector<double>& values) { return quantile(values, 0.5); }

}  // namespace bench
