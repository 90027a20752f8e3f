// Whether a core is this program's alone. A hyperthread beside it takes half of its additions a cycle and leaves its
// multiply-adds as they are, so that no roof shows it; W1 takes a fifth longer. So additions are counted before and
// after each sample, and a sample of a busy core is taken again; so is one that had to share its time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench {

// The most that a tenth of all counts agree on, to two in a hundred: single ones are larger, where something held up the
// chain that gives the length of a cycle. Their median where no tenth agrees. `counts` is sorted.
inline double best_of(std::vector<double>& counts) {
  std::sort(counts.begin(), counts.end());
  const std::size_t tenth = counts.size() / 10;
  for (std::size_t k = counts.size(); k-- > tenth;) {
    if (counts[k - tenth] >= 0.98 * counts[k]) return counts[k];
  }
  return counts[counts.size() / 2];
}

class Quiet {
 public:
  // `level`: independent additions a cycle of a quiet core.
  explicit Quiet(double level, std::size_t most_given_up = kMostGivenUp)
      : level_(level), most_given_up_(most_given_up) {}

  // Runs `sample` until the core was quiet before and after it, and the sample returns that it was alone. After
  // kMostAttempts it takes what there is and returns false; after `most_given_up` of these it does not try any longer.
  //
  // `core.adds_per_cycle()` counts, `core.wait()` lets some time pass.
  template <class Core, class Sample>
  bool take(Core& core, Sample&& sample) {
    const std::size_t attempts = is_hopeful() ? kMostAttempts : 1;
    for (std::size_t attempt = 1; attempt <= attempts; ++attempt) {
      ++attempts_;
      if (is_quiet(core.adds_per_cycle())) {
        const bool alone = sample();
        if (alone && is_quiet(core.adds_per_cycle())) return true;
      }
      ++repeated_;
      if (attempt < attempts) core.wait();
    }
    ++given_up_;
    sample();
    return false;
  }

  // Far more than on a quiet core is not quieter: something held up the chain.
  [[nodiscard]] bool is_quiet(double adds) const {
    return adds >= (1.0 - kTolerance) * level_ && adds <= (1.0 + kTolerance) * level_;
  }
  [[nodiscard]] bool is_hopeful() const { return given_up_ < most_given_up_; }
  // Of all attempts.
  [[nodiscard]] double repeated_share() const {
    return attempts_ == 0 ? 0.0 : static_cast<double>(repeated_) / static_cast<double>(attempts_);
  }
  // Samples that never were quiet.
  [[nodiscard]] std::size_t given_up() const { return given_up_; }

  static constexpr std::size_t kMostAttempts = 50;
  static constexpr std::size_t kMostGivenUp = 3;

 private:
  static constexpr double kTolerance = 0.05;  // a quiet core stays within 0.01, a busy one loses half

  double level_;
  std::size_t most_given_up_;
  std::size_t attempts_ = 0;
  std::size_t repeated_ = 0;
  std::size_t given_up_ = 0;
};

}  // namespace bench
