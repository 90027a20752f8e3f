// Inputs that are kept as whole numbers of a scale.
#pragma once

#include "replay/descriptor.hpp"

namespace linnet {
namespace {

// The number next to (x - offset) / scale; fewer than 2^22, so adding kRounder rounds it.
inline float in_units(const ReplayInputs& inputs, float x) { return divide(x - inputs.offset, inputs.scale); }

// Of type T, from kLeast to kMost.
template <class T, int kLeast, int kMost>
constexpr ReplayCodec whole_numbers() {
  return {sizeof(T),
          [](const ReplayInputs& inputs, const float* x) {
            bool fit = true;
            for (std::size_t i = 0; i < inputs.columns; ++i) {
              const float units = in_units(inputs, x[i]);
              fit = fit && units > kLeast - 0.5f && units < kMost + 0.5f;
            }
            return fit;
          },
          [](const ReplayInputs& inputs, std::size_t place, const float* x) {
            T* const to = static_cast<T*>(inputs.data) + place * inputs.columns;
            for (std::size_t i = 0; i < inputs.columns; ++i) {
              to[i] = static_cast<T>(static_cast<int>((in_units(inputs, x[i]) + kRounder) - kRounder));
            }
          },
          [](const ReplayInputs& inputs, std::size_t place, float* x) {
            const T* const from = static_cast<const T*>(inputs.data) + place * inputs.columns;
            for (std::size_t i = 0; i < inputs.columns; ++i) {
              x[i] = multiply_add(static_cast<float>(from[i]), inputs.scale, inputs.offset);
            }
          }};
}

}  // namespace
}  // namespace linnet
