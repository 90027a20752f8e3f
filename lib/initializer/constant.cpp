#include "initializer/descriptor.hpp"

namespace linnet {

constexpr InitializerDescriptor descriptor::constant = {
    [](const Matrix& weights, Pcg32& /*random*/, const Initializer& how, const Layer* /*layer*/) {
      return fill(weights, is_finite(how.mean), [&how] { return how.mean; });
    },
    MadeFor::anything, false};

}  // namespace linnet
