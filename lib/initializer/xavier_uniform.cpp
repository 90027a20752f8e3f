#include "initializer/descriptor.hpp"

namespace linnet {

Status draw_xavier_uniform(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
  const float bound = how.gain * root_of_ratio(6.0f, fans(weights));
  return fill_uniform(weights, random, is_gain(how.gain), -bound, bound);
}

constexpr InitializerDescriptor descriptor::xavier_uniform = {draw_xavier_uniform, MadeFor::linear_around_zero, false};

}  // namespace linnet
