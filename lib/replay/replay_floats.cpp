#include "replay/descriptor.hpp"

namespace linnet {

constexpr ReplayCodec descriptor::replay_floats = {
    sizeof(float),
    [](const ReplayInputs& inputs, const float* x) {
      bool finite = true;
      for (std::size_t i = 0; i < inputs.columns; ++i) {
        finite = finite && is_finite(x[i]);
      }
      return finite;
    },
    [](const ReplayInputs& inputs, std::size_t place, const float* x) {
      for (std::size_t i = 0; i < inputs.columns; ++i) {
        static_cast<float*>(inputs.data)[place * inputs.columns + i] = x[i];
      }
    },
    [](const ReplayInputs& inputs, std::size_t place, float* x) {
      for (std::size_t i = 0; i < inputs.columns; ++i) {
        x[i] = static_cast<const float*>(inputs.data)[place * inputs.columns + i];
      }
    }};

}  // namespace linnet
