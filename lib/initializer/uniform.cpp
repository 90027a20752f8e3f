#include "initializer/descriptor.hpp"

namespace linnet {

constexpr InitializerDescriptor descriptor::uniform = {
    [](const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
      return fill_uniform(weights, random, how.low <= how.high && is_finite(how.low) && is_finite(how.high - how.low),
                          how.low, how.high);
    },
    MadeFor::anything, false};

}  // namespace linnet
