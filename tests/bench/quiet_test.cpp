// A core that others use now and then, planted: what was sampled meanwhile must be sampled again.
#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include "quiet.hpp"

namespace {

constexpr double kLevel = 4.0;
constexpr double kBusy = 2.2;

// Counts what it is told to; then it is quiet for good, or busy.
struct Planted {
  std::vector<double> counts;
  double then = kLevel;
  std::size_t waits = 0;
  int shared = 0;  // so many samples are not alone

  double adds_per_cycle() {
    if (counts.empty()) return then;
    const double count = counts.front();
    counts.erase(counts.begin());
    return count;
  }
  void wait() { ++waits; }
};

struct Taken {
  bool quiet;
  int samples;
};

Taken take(bench::Quiet& quiet, Planted& core) {
  int samples = 0;
  const bool good = quiet.take(core, [&] { return ++samples > core.shared; });
  return {good, samples};
}

}  // namespace

TEST_CASE("the level is what a tenth of all counts agree on, not the largest of them") {
  std::vector<double> counts(80, kBusy);
  counts.insert(counts.end(), 15, kLevel);
  counts.insert(counts.end(), 5, 1.9 * kLevel);
  CHECK(bench::best_of(counts) == kLevel);
}

TEST_CASE("a sample of a quiet core is taken once") {
  bench::Quiet quiet(kLevel);
  Planted core{{}};
  const Taken taken = take(quiet, core);
  CHECK(taken.quiet);
  CHECK(taken.samples == 1);
  CHECK(quiet.repeated_share() == 0.0);
}

TEST_CASE("a sample after which the core is busy is repeated") {
  bench::Quiet quiet(kLevel);
  Planted core{{kLevel, kBusy}};
  const Taken taken = take(quiet, core);
  CHECK(taken.quiet);
  CHECK(taken.samples == 2);
  CHECK(core.waits == 1);
  CHECK(quiet.repeated_share() == 0.5);
}

TEST_CASE("a busy core is not sampled before it is quiet") {
  bench::Quiet quiet(kLevel);
  Planted core{{kBusy, kBusy, kBusy}};
  const Taken taken = take(quiet, core);
  CHECK(taken.quiet);
  CHECK(taken.samples == 1);
  CHECK(core.waits == 3);
  CHECK(quiet.repeated_share() == 0.75);
}

TEST_CASE("a sample that shared its time with another program is repeated") {
  bench::Quiet quiet(kLevel);
  Planted core{{}};
  core.shared = 2;
  const Taken taken = take(quiet, core);
  CHECK(taken.quiet);
  CHECK(taken.samples == 3);
}

TEST_CASE("a core that adds impossibly fast is not quiet") {
  bench::Quiet quiet(kLevel);
  Planted core{{kLevel, 2.0 * kLevel}};
  CHECK(take(quiet, core).samples == 2);
}

TEST_CASE("a core that stays busy is given up, and said not to be quiet") {
  bench::Quiet quiet(kLevel);
  Planted core{{}, kBusy};
  for (std::size_t k = 1; k <= bench::Quiet::kMostGivenUp; ++k) {
    const Taken taken = take(quiet, core);
    CHECK_FALSE(taken.quiet);
    CHECK(taken.samples == 1);
    CHECK(quiet.given_up() == k);
  }
  CHECK(core.waits == bench::Quiet::kMostGivenUp * (bench::Quiet::kMostAttempts - 1));
  core.waits = 0;
  CHECK_FALSE(take(quiet, core).quiet);
  CHECK(core.waits == 0);
}
