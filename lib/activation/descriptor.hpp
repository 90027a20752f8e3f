// What the library knows of an activation.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/topology.hpp>

#include "kernels/kernels.hpp"

namespace linnet {

struct ActivationVariant {
  // z = f(z), in place, of n elements, for softmax of one row; false when a z or an f(z) is not finite.
  bool (*apply)(float* z, std::size_t n, float parameter);
  // z = f(z) and derivative = f'(z), both (n); false when a z or an f(z) is not finite. Null for softmax, whose
  // derivative its loss knows.
  bool (*forward)(float* z, float* derivative, std::size_t n, float parameter);
  // A single row through a layer, the same bits: y = f(W x + b), and the derivatives, if they have a place. False when a
  // pre-activation or a y is not finite. Null in the scalar table.
  //   x: (inputs), parameters: of the layer, y and derivatives: (units)
  bool (*layer)(const float* x, const float* parameters, std::size_t inputs, const Layer& layer, float* y,
                float* derivatives) = nullptr;
};

// What weights before an activation should be drawn for: initializers and objections go by it.
enum class Kind : std::uint8_t { linear_around_zero, rectifier, self_normalizing };

struct ActivationDescriptor {
  ActivationId id;
  bool only_last;
  bool within_one;  // |f(z)| <= 1 for every z
  Kind kind;
  float least, most;  // the range of the parameter
  const ActivationVariant* variants[kTableCount];
};

}  // namespace linnet
