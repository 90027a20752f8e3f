#include "initializer/descriptor.hpp"

namespace linnet {

Status draw_kaiming_uniform(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
  const float bound = how.gain * root_of_ratio(3.0f, fan(weights, how.mode));
  return fill_uniform(weights, random, is_gain(how.gain) && is_mode(how.mode), -bound, bound);
}

constexpr InitializerDescriptor descriptor::kaiming_uniform = {draw_kaiming_uniform, MadeFor::rectifier, false};

}  // namespace linnet
