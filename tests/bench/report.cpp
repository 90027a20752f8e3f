#include <algorithm>
#include <cstdio>

#include "clock.hpp"
#include "contest.hpp"

namespace bench {

std::size_t quiet_rounds(const Contest& contest) {
  return static_cast<std::size_t>(
      std::count_if(contest.rounds.begin(), contest.rounds.end(), [](const Round& round) { return round.quiet; }));
}

namespace {

// `value(r)` of every round that counts.
template <class Value>
std::vector<double> over_rounds(const Contest& contest, Value&& value) {
  const bool all = quiet_rounds(contest) == 0;
  std::vector<double> result;
  for (std::size_t r = 0; r < contest.rounds.size(); ++r) {
    if (all || contest.rounds[r].quiet) result.push_back(value(r));
  }
  return result;
}

std::vector<double> times(const Contest& contest, const Entry& entry) {
  return over_rounds(contest, [&](std::size_t r) { return entry.times[r]; });
}
std::vector<double> ratios(const Contest& contest, const Entry& a, const Entry& b) {
  return over_rounds(contest, [&](std::size_t r) { return a.times[r] / b.times[r]; });
}

void print_roofs(const Contest& contest) {
  const auto middle = [&](double Round::*rate) {
    return 1e-9 * median(over_rounds(contest, [&](std::size_t r) { return contest.rounds[r].*rate; }));
  };
  std::printf("# %s peak %.1f GFLOP/s, reads from L1 %.0f GB/s, from L2 %.0f GB/s\n", contest.work.name,
              middle(&Round::fma), middle(&Round::l1), middle(&Round::l2));
}

void print_entry(const Contest& contest, const Entry& entry) {
  const std::vector<double> own = times(contest, entry);
  const double spread = (quantile(own, 1.0) - quantile(own, 0.0)) / median(own);
  std::printf("%-12s %-9s median %10.3f us  min %10.3f us  spread %3.0f %%  linnet/it %5.3f  %s\n", contest.work.name,
              entry.name.c_str(), 1e6 * median(own), 1e6 * quantile(own, 0.0), 100.0 * spread,
              median(ratios(contest, contest.entries[0], entry)), entry.contestant->apart());
}

const Entry* best_peer(const Contest& contest) {
  const Entry* best = nullptr;
  for (std::size_t e = contest.offset ? 2 : 1; e < contest.entries.size(); ++e) {
    const Entry& entry = contest.entries[e];
    if (entry.alike && (best == nullptr || median(times(contest, entry)) < median(times(contest, *best)))) {
      best = &entry;
    }
  }
  return best;
}

void print_quartiles(const std::vector<double>& all) {
  std::printf(" quartiles=%.3f..%.3f", quantile(all, 0.25), quantile(all, 0.75));
}

void print_result(const Contest& contest) {
  const Entry& linnet = contest.entries[0];
  const Entry* const best = best_peer(contest);
  const double operations = matrix_operations(contest.work);
  const double share =
      median(over_rounds(contest, [&](std::size_t r) { return operations / linnet.times[r] / contest.rounds[r].fma; }));
  std::printf("%s linnet=%.3fus peak_share=%.3f quiet_rounds=%zu/%zu repeated=%.3f", contest.work.name,
              1e6 * median(times(contest, linnet)), share, quiet_rounds(contest), contest.rounds.size(),
              contest.repeated_share);
  if (best != nullptr) {
    const std::vector<double> all = ratios(contest, linnet, *best);
    std::printf(" best_peer=%s:%.3fus ratio=%.3f", best->name.c_str(), 1e6 * median(times(contest, *best)),
                median(all));
    print_quartiles(all);
  }
  std::printf("\n");
  if (contest.offset) {
    const std::vector<double> all = ratios(contest, contest.entries[1], linnet);
    std::printf("%s offset linnet+4=%.3fus ratio=%.3f", contest.work.name,
                1e6 * median(times(contest, contest.entries[1])), median(all));
    print_quartiles(all);
    std::printf("\n");
  }
}

}  // namespace

void report(const Contest& contest) {
  print_roofs(contest);
  for (const Entry& entry : contest.entries) print_entry(contest, entry);
  print_result(contest);
  if (quiet_rounds(contest) == 0) {
    std::printf("# %s: NOT QUIET, no round was; these figures say nothing\n", contest.work.name);
  }
  std::fflush(stdout);
}

}  // namespace bench
