#include "initializer/descriptor.hpp"

namespace linnet {

Status draw_kaiming_normal(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
  const float stddev = how.gain * root_of_ratio(1.0f, fan(weights, how.mode));
  return fill_normal(weights, random, is_gain(how.gain) && is_mode(how.mode), 0.0f, stddev);
}

constexpr InitializerDescriptor descriptor::kaiming_normal = {draw_kaiming_normal, MadeFor::rectifier, false};

}  // namespace linnet
