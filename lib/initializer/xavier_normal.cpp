#include "initializer/descriptor.hpp"

namespace linnet {

constexpr InitializerDescriptor descriptor::xavier_normal = {
    [](const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
      const float stddev = how.gain * root_of_ratio(2.0f, fans(weights));
      return fill_normal(weights, random, is_gain(how.gain), 0.0f, stddev);
    },
    MadeFor::linear_around_zero, false};

}  // namespace linnet
