#include "initializer/descriptor.hpp"

namespace linnet {

constexpr InitializerDescriptor descriptor::linear_default = {
    [](const Matrix& weights, Pcg32& random, const Initializer& /*how*/, const Layer* layer) {
      const float bound = root_of_ratio(1.0f, fan(weights, Mode::fan_in));
      const Status status = fill_uniform(weights, random, true, -bound, bound);
      if (status == Status::ok) {
        for (float& bias : biases_of(weights, layer)) {
          bias = random.uniform(-bound, bound);
        }
      }
      return status;
    },
    MadeFor::nothing, true};

}  // namespace linnet
