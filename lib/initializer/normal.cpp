#include "initializer/descriptor.hpp"

namespace linnet {

constexpr InitializerDescriptor descriptor::normal = {
    [](const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
      return fill_normal(weights, random, is_normal(how), how.mean, how.stddev);
    },
    MadeFor::anything, false};

}  // namespace linnet
