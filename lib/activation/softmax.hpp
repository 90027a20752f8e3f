// Softmax: e^z over their sum, of a row whose largest z is taken off first.
#pragma once

#include "activation/formulas.hpp"

namespace linnet {

// Compiled once for activation and loss.
namespace scalar {
// z = z - largest z, then e = e^z, for one row. Their sum is at least 1, or NaN when not all z are finite.
// z, e: (units), the same or apart
void softmax_numerators(float* z, float* e, std::size_t units);
// The sum of n floats in lanes.
float sum(const float* x, std::size_t n, std::size_t stride);
}  // namespace scalar

namespace {

// The same on vectors, which leave z as it is. Returns the sum.
template <class V>
[[gnu::always_inline]] inline float softmax_numerators(const float* z, float* e, std::size_t units, float& largest) {
  Watch<V> watch;
  V most(-kInfinity);
  for_each<V>(units, [z, &watch, &most](std::size_t k, auto part) LINNET_INLINED {
    const V x = load<V>(z + k, part);
    watch.see(x);
    most = keep_lanes(choose(x > most, x, most), most, part);
  });
  largest = largest_lane(most);
  const V shift(largest);
  const float sum = sum_in_lanes<V>(units, [z, e, shift](std::size_t k, auto part, V lane) LINNET_INLINED {
    const V power = exponential_of_negative(load<V>(z + k, part) - shift);
    store(e + k, power, part);
    return lane + power;
  });
  return watch.finite() ? sum : __builtin_nanf("");
}

// The same for as many units as a vector has lanes, or fewer: all stays in registers. e: 0 where there is no unit.
template <class V>
struct SoftmaxNumerators {
  V shifted, e;
  float sum;

  template <class Part>
  SoftmaxNumerators(V z, Part part) : shifted(z), e(0.0f) {
    const V x = keep_lanes(shifted, V(-kInfinity), part);
    Watch<V> watch;
    watch.see(shifted);
    shifted = shifted - V(largest_lane_in(x, part));
    e = keep_lanes(exponential_of_negative(shifted), V(-0.0f), part);
    const float total = sum_of_lanes_in(e, part);
    sum = watch.finite() ? total : __builtin_nanf("");
  }
};

template <class V, class Part>
[[gnu::always_inline]] inline bool softmax_in_registers(float* y, V z, Part part) {
  const SoftmaxNumerators<V> numerators(z, part);
  store(y, numerators.e * V(divide(1.0f, numerators.sum)), part);
  return numerators.sum > 0.0f;
}

template <class V>
bool softmax_row(float* z, std::size_t units, float /*parameter*/) {
  float sum;
  if constexpr (Shape<V>::kWidth == 1) {
    scalar::softmax_numerators(z, z, units);
    sum = scalar::sum(z, units, 1);
  } else {
    float largest;
    sum = softmax_numerators<V>(z, z, units, largest);
  }
  scale<V>(z, units, divide(1.0f, sum));
  return sum > 0.0f;
}

template <class V>
constexpr ActivationVariant softmax_variant() {
  return {softmax_row<V>, nullptr};
}

}  // namespace
}  // namespace linnet
