#include "initializer/descriptor.hpp"

namespace linnet {

constexpr InitializerDescriptor descriptor::identity_matrix = {
    [](const Matrix& weights, Pcg32& /*random*/, const Initializer& /*how*/, const Layer* /*layer*/) {
      const Status status = fill(weights, true, [] { return 0.0f; });
      if (status == Status::ok) {
        for (std::size_t k = 0; k < weights.rows() && k < weights.columns(); ++k) {
          weights(k, k) = 1.0f;
        }
      }
      return status;
    },
    MadeFor::anything, false};

}  // namespace linnet
