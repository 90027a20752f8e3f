// The losses and their gradients with respect to what the network gives. Sums run in lanes.
#pragma once

#include <type_traits>

#include "arithmetic/elementary.hpp"
#include "arithmetic/elementwise.hpp"
#include "arithmetic/range.hpp"
#include "loss/descriptor.hpp"

namespace linnet {
namespace {

// A loss that is a mean over all elements, of a function of y and t. `slope` times kFactor is its derivative by y.
struct SquaredError {
  static constexpr float kFactor = 2.0f;
  template <class V>
  static V at(V y, V t, V /*delta*/, V& slope) {
    const V error = y - t;
    slope = error;
    return error * error;
  }
};

struct AbsoluteError {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V /*delta*/, V& slope) {
    const V error = y - t;
    slope = choose(error > V(0.0f), V(1.0f), choose(error < V(0.0f), V(-1.0f), V(0.0f)));
    return magnitude(error);
  }
};

struct Huber {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V delta, V& slope) {
    const V error = y - t;
    const V size = magnitude(error);
    slope = clipped(error, delta);
    return choose(size > delta, delta * multiply_add(V(-0.5f), delta, size), V(0.5f) * error * error);
  }
};

// Huber's over delta.
struct SmoothL1 {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V beta, V& slope) {
    const V error = y - t;
    const V size = magnitude(error);
    slope = clipped(divide(error, beta), V(1.0f));
    return choose(size < beta, V(0.5f) * error * slope, multiply_add(V(-0.5f), beta, size));
  }
};

// From the logit: max(y, 0) - y t + log(1 + e^-|y|); the slope is sigmoid(y) - t.
struct BinaryCrossEntropy {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V /*delta*/, V& slope) {
    const V e = exponential_of_negative(negative(magnitude(y)));
    slope = divide(choose(y < V(0.0f), e, V(1.0f)), V(1.0f) + e) - t;
    return multiply_add(negative(y), t, choose(y > V(0.0f), y, V(0.0f))) + log_one_plus(e);
  }
};

// The same with a weight p for what is positive: p t log(1 + e^-y) + (1 - t) log(1 + e^y); the slope is
// (p t + 1 - t) sigmoid(y) - p t. Where p is 1 and t 0 or 1 these are the same bits.
struct WeightedBinaryCrossEntropy {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V p, V& slope) {
    const V e = exponential_of_negative(negative(magnitude(y)));
    const V log_sum = log_one_plus(e);
    const V positive = p * t;
    const V rest = V(1.0f) - t;
    slope = multiply_add(divide(choose(y < V(0.0f), e, V(1.0f)), V(1.0f) + e), positive + rest, negative(positive));
    const V above = choose(y > V(0.0f), y, V(0.0f));
    const V below = choose(y > V(0.0f), V(0.0f), negative(y));
    return multiply_add(positive, below + log_sum, rest * (above + log_sum));
  }
};

// The sum of n values in lanes, and their slopes, of the elements from `at` on.
template <class V, class Formula, bool kThroughActivation>
[[gnu::always_inline]] inline float sum_of_values(const LossJob& job, std::size_t at, std::size_t n) {
  const float* y = job.y + at;
  const float* t = job.targets + at;
  float* d = job.d + at;
  constexpr bool kWeighted = std::is_same_v<Formula, WeightedBinaryCrossEntropy>;
  const float* weights = kWeighted && job.outputs > 1 ? job.class_weights : nullptr;
  const V parameter(kWeighted ? job.class_weights[0] : job.how.delta);
  return sum_in_lanes<V>(n, [parameter, y, t, d, weights](std::size_t k, auto part, V lane) LINNET_INLINED {
    V slope(0.0f);
    const V here = kWeighted && weights != nullptr ? load<V>(weights + k, part) : parameter;
    const V value = Formula::at(load<V>(y + k, part), load<V>(t + k, part), here, slope);
    store(d + k, kThroughActivation ? slope * load<V>(d + k, part) : slope, part);
    return lane + value;
  });
}

// The loss of a batch is the sum, in lanes over its rows, of row losses, each in lanes over its outputs; then the mean.
template <class V, class Formula, bool kThroughActivation>
float mean_over_elements(LossJob& job) {
  const std::size_t outputs = job.outputs;
  float sum;
  if (outputs == 1) {  // a row is its one value
    sum = sum_of_values<V, Formula, kThroughActivation>(job, 0, job.batch);
  } else {
    sum = sum_in_tree(job.batch, [&job, outputs](std::size_t b, float lane) LINNET_INLINED {
      return lane + sum_of_values<V, Formula, kThroughActivation>(job, b * outputs, outputs);
    });
  }
  const float n = static_cast<float>(job.batch * outputs);
  job.share = Formula::kFactor / n;
  return sum / n;
}

// Labels of a single output are its targets; they become floats where the unit gradients will be.
template <class V, class Formula>
float binary_cross_entropy_loss(LossJob& job) {
  if (job.labels != nullptr) {
    for (std::size_t b = 0; b < job.batch; ++b) {
      job.d[b] = static_cast<float>(job.labels[b]);
    }
    job.targets = job.d;
  }
  return mean_over_elements<V, Formula, false>(job);
}

inline bool belongs_to_sigmoid(ActivationId last, std::size_t /*outputs*/) {
  return last == ActivationId::sigmoid || last == ActivationId::identity;
}

inline bool any_but_softmax(ActivationId last, std::size_t /*outputs*/) { return last != ActivationId::softmax; }

// A delta would do nothing.
inline bool sound_without_delta(const Loss& loss, std::size_t /*outputs*/) { return is_zero(loss.delta); }

// One weight per output, each 0 or in range.
inline bool sound(Span<const float> weights, std::size_t outputs) {
  if (weights.data() == nullptr || weights.size() != outputs) {
    return false;
  }
  for (const float weight : weights) {
    if (weight != 0.0f && !in_range(weight, 1e-6f, 1e6f)) {
      return false;
    }
  }
  return true;
}

inline bool sound_delta(const Loss& loss, std::size_t /*outputs*/) { return in_range(loss.delta, 1e-6f, 1e6f); }

template <class V, class Formula, bool kThroughActivation>
constexpr LossVariant loss_variant() {
  return {mean_over_elements<V, Formula, kThroughActivation>};
}

}  // namespace
}  // namespace linnet

#define LINNET_LOSS(name, from_pre_activation, labels, unit_range, goes_with, sound, variant) \
  LINNET_LOSS_VARIANT(name, name, name, from_pre_activation, labels, false, unit_range, goes_with, sound, variant)
// With the number `id` and the vector variants `name`.
#define LINNET_LOSS_VARIANT(own_name, id, name, from_pre_activation, labels, takes_weights, unit_range, goes_with, \
                            sound, variant)                                                                        \
  LINNET_DECLARE_VARIANTS(LossVariant, name)                                                                       \
  namespace linnet {                                                                                               \
  static constexpr LossVariant name##_scalar = variant;                                                            \
  constexpr LossDescriptor descriptor::own_name = {                                                                \
      LossId::id, from_pre_activation, labels,    takes_weights, unit_range,                                       \
      false,      Status::bad_label,   goes_with, sound,         {LINNET_VARIANTS(name)}};                         \
  }
