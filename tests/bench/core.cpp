#include "core.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

#include "clock.hpp"
#include "quiet.hpp"

namespace bench {
namespace {

constexpr std::size_t kUnrolled = 8;
constexpr std::size_t kChains = 8;  // no core has more units that add
constexpr std::size_t kTimes = 15000;

// Chains of additions of a number that the compiler does not know: 25 to 50 us. Of an immediate they could be none for
// the processor either. A function of its own keeps sums in registers, and CMakeLists.txt aligns loops: 64 additions
// that begin anywhere take an eighth longer.
template <std::size_t chains>
[[gnu::noinline]] void add() {
  std::uint64_t sums[chains] = {};
  std::uint64_t one = 1;
  asm volatile("" : "+r"(one));
  for (std::size_t t = 0; t < kTimes; ++t) {
#pragma GCC unroll 8
    for (std::size_t u = 0; u < kUnrolled; ++u) {
#pragma GCC unroll 8
      for (std::size_t c = 0; c < chains; ++c) {
        sums[c] += one;
        asm volatile("" : "+r"(sums[c]));  // the compiler must have it in a register here
      }
    }
  }
}

void sleep_milliseconds(long milliseconds) {
  const timespec pause{0, milliseconds * 1000000};
  nanosleep(&pause, nullptr);
}

}  // namespace

double Core::adds_per_cycle() {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const double before = seconds_of(add<1>);
    const double independent = seconds_of(add<kChains>);
    const double after = seconds_of(add<1>);
    if (std::fabs(after - before) > 0.02 * before) continue;  // another frequency, or an interruption
    return static_cast<double>(kChains) * 0.5 * (before + after) / independent;
  }
  return 0.0;
}

void Core::wait() { sleep_milliseconds(20); }

double Core::quiet_level() {
  std::vector<double> counts(200);
  for (double& count : counts) {
    count = adds_per_cycle();
    sleep_milliseconds(5);
  }
  return best_of(counts);
}

}  // namespace bench
