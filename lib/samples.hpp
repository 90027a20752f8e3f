// Samples where they lie: what is asked of them before anything changes.
#pragma once

#include <linnet/fit.hpp>

#include "arithmetic/number.hpp"
#include "overlap.hpp"

namespace linnet {

// Columns of what the network of a trainer or predictor gives; 0 where nothing is bound.
template <class Bound>
std::size_t outputs_of(const Bound& b) noexcept {
  return b.bound() ? b.network().topology().outputs() : 0;
}

// All that a bound trainer works in.
inline Span<const float> memory_of(const Trainer& trainer) noexcept {
  const Network& network = trainer.network();
  const std::size_t trainable = network.trainable().size();
  return {trainer.inside().memory,
          layout::trainer_layout(network.topology(), trainer.config(), network.frozen_layers(), trainable).total};
}

// What trainer or predictor can take.
struct Wanted {
  std::size_t inputs, outputs;  // columns
  std::size_t classes;          // a label is below; 0 where rows of targets alone are taken
  bool unit_range;              // targets are in [0, 1]
  bool ignores;                 // samples whose label is kIgnored
};

// With one output a row of targets is a column, as in Trainer::step().
Samples in_rows(const Samples& samples, std::size_t outputs) noexcept;

// Returns ok, null_memory, bad_setting (weights that nobody looks at), or bad_batch (nothing, more than can be counted,
// or not as many of each).
Status check_samples(const Samples& samples, Span<const std::uint32_t> order) noexcept;

// Of a bound trainer.
Wanted wanted_by(const Trainer& trainer) noexcept;

// Of samples that can be counted, those that `order` names, or all where it is empty. Returns ok, bad_order (a number in
// `order` is no sample's), bad_columns, bad_label, bad_input or bad_target, as a step on all of them would, and where.
Status check_values(const Samples& samples, Span<const std::uint32_t> order, const Wanted& wanted,
                    Fault& fault) noexcept;

// The mean of floats, each counted so many times: in double, where their sum is finite.
class Mean {
 public:
  void add(double x, std::size_t times) noexcept {
    sum_ += x * static_cast<double>(times);
    count_ += times;
  }
  // False, and nothing is written, where it is no float.
  bool give(float& mean) const noexcept {
    const float value = static_cast<float>(sum_ / static_cast<double>(count_));
    if (!is_finite(value)) {
      return false;
    }
    mean = value;
    return true;
  }

 private:
  double sum_ = 0.0;
  std::size_t count_ = 0;
};

}  // namespace linnet
