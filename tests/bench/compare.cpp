#include <algorithm>
#include <cmath>
#include <cstdio>

#include "contest.hpp"
#include "exact.hpp"

namespace bench {
namespace {

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k)
    most = std::max(most, std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k])));
  return most;
}

// The steps after which everybody's loss is compared with double precision: 20 to 1000; fewer, down to 6, where plain
// loops would take longer than some seconds.
std::size_t compared_steps(const Work& work) {
  const double operations = matrix_operations(work);
  const double few = std::clamp(4e9 / operations, 6.0, 20.0);
  return static_cast<std::size_t>(std::clamp(4e8 / operations, few, 1000.0));
}

// So far may a loss be off, of its size, and a parameter or an output, as it is. Seen are 3e-6 and 1.3e-4 (W6): README.md.
// An Adam step of 1e-3 too many or too few is not.
constexpr double kLossTolerance = 1e-4;
constexpr double kResultTolerance = 4e-4;

}  // namespace

bool compare(const Data& data, Contest& contest) {
  const Work& work = contest.work;
  const std::size_t steps = compared_steps(work);
  const std::unique_ptr<Contestant> exact = make_exact(work, data);
  std::vector<float> expected(result_count(work));
  std::vector<float> found(result_count(work));
  exact->run(steps);
  exact->result(expected.data());
  const double loss = static_cast<double>(exact->loss());
  bool good = true;
  for (Entry& entry : contest.entries) {
    entry.contestant->reset();
    entry.contestant->run(steps);
    entry.contestant->result(found.data());
    const double own = static_cast<double>(entry.contestant->loss());
    const double off = largest_difference(expected, found);
    const bool same = std::abs(own - loss) <= kLossTolerance * std::abs(loss) && off <= kResultTolerance;
    std::printf("# %s %s after %zu steps: loss %.7g, in double precision %.7g; results off by at most %.1e%s\n",
                work.name, entry.name.c_str(), steps, own, loss, off,
                !entry.alike ? " (other work)"
                : same       ? ""
                             : " DIFFERENT WORK");
    good = good && (same || !entry.alike);
  }
  return good;
}

}  // namespace bench
