// What metrics ask of rows, and shares of counts.
#pragma once

#include <linnet/metrics.hpp>

#include "doubles.hpp"
#include "finite.hpp"
#include "overlap.hpp"

namespace linnet {
namespace {

constexpr std::uint32_t kMostCount = 0xffffffffu;

inline float share_of(double part, double all) { return all > 0.0 ? static_cast<float>(part / all) : 0.0f; }

// Begins to count in lent memory. Returns ok, too_large, null_memory or too_little_memory.
inline Status start(const Span<std::uint32_t>& counts, std::size_t needed) {
  if (needed == kTooLarge) {
    return Status::too_large;
  }
  if (counts.data() == nullptr) {
    return Status::null_memory;
  }
  if (counts.size() < needed) {
    return Status::too_little_memory;
  }
  for (std::size_t k = 0; k < needed; ++k) {
    counts[k] = 0;
  }
  return Status::ok;
}

// Returns ok, null_memory or bad_batch; `goals` targets or labels, `counted` rows before.
inline Status check_rows(const ConstRows& outputs, const void* goals, std::size_t goal_count, std::uint32_t counted) {
  if (outputs.data() == nullptr || goals == nullptr) {
    return Status::null_memory;
  }
  const std::size_t rows = outputs.count();
  const bool countable = layout::product(rows, outputs.columns()) != kTooLarge && rows <= kMostCount - counted;
  return rows == 0 || rows != goal_count || !countable ? Status::bad_batch : Status::ok;
}

// Whether a row does not count: its label is no class where there are so many.
inline bool is_passed_over(std::uint16_t label, std::size_t classes) {
  return label == kIgnored && classes <= kIgnored;
}

inline Status check_labels(Labels labels, std::size_t classes) {
  for (const std::uint16_t label : labels) {
    if (label >= classes && !is_passed_over(label, classes)) {
      return Status::bad_label;
    }
  }
  return Status::ok;
}

// Means over the classes that are there or were predicted.
template <class Counted>
Rates macro_of(const Counted& counted, std::size_t classes) {
  double sums[3] = {0.0, 0.0, 0.0};
  std::size_t seen = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const ClassCounts counts = counted.of(c);
    const Rates rates = counts.rates();
    sums[0] += static_cast<double>(rates.precision);
    sums[1] += static_cast<double>(rates.recall);
    sums[2] += static_cast<double>(rates.f1);
    seen += counts.true_positives > 0 || counts.false_positives > 0 || counts.false_negatives > 0 ? 1 : 0;
  }
  const double all = static_cast<double>(seen);
  return {share_of(sums[0], all), share_of(sums[1], all), share_of(sums[2], all)};
}

}  // namespace
}  // namespace linnet
