// Numbers on their way into moments and a histogram.
#pragma once

#include <linnet/diagnostics.hpp>

#include "doubles.hpp"

namespace linnet {
namespace {

inline float share_of(std::size_t part, std::size_t all) { return static_cast<float>(part) / static_cast<float>(all); }

// Whether units can be off: 0, with a gradient of 0, for every input.
inline bool can_die(ActivationId id) { return id == ActivationId::relu || id == ActivationId::relu6; }

// Sums in double: the squares of floats are exact in it, so one pass does for mean and deviation.
class Tally {
 public:
  void add(float value) {
    if (count_ == 0) {
      first_ = least_ = most_ = value;
    }
    const double x = static_cast<double>(value) - static_cast<double>(first_);
    sum_ += x;
    squares_ += x * x;
    least_ = value < least_ ? value : least_;
    most_ = value > most_ ? value : most_;
    ++count_;
  }
  [[nodiscard]] Moments moments() const {
    const double n = static_cast<double>(count_);
    const double mean = sum_ / n;
    const double variance = squares_ / n - mean * mean;
    return {static_cast<float>(static_cast<double>(first_) + mean), variance > 0.0 ? root(variance) : 0.0f, least_,
            most_};
  }

 private:
  double sum_ = 0.0;
  double squares_ = 0.0;
  std::size_t count_ = 0;
  float first_ = 0.0f;
  float least_ = 0.0f;
  float most_ = 0.0f;
};

class Look : public Tally {
 public:
  Look(Range range, Histogram& histogram)
      : low_(static_cast<double>(range.low)),
        scale_(static_cast<double>(kHistogramBins) / (static_cast<double>(range.high) - low_)),
        histogram_(histogram) {
    histogram = {};
  }
  void add(float value) {
    Tally::add(value);
    const double bin = (static_cast<double>(value) - low_) * scale_;
    constexpr std::size_t kLast = kHistogramBins - 1;
    ++histogram_.counts[!(bin > 0.0) ? 0 : bin < static_cast<double>(kLast) ? static_cast<std::size_t>(bin) : kLast];
  }

 private:
  double low_, scale_;
  Histogram& histogram_;
};

}  // namespace
}  // namespace linnet
