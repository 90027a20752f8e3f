// What the library knows of an activation.
#pragma once

#include <cstddef>

#include <linnet/activation.hpp>

#include "kernels/kernels.hpp"

namespace linnet {

struct ActivationVariant {
  // z = f(z), in place; false when a z or an f(z) is not finite.  (rows, units)
  bool (*apply)(float* z, std::size_t rows, std::size_t units, float parameter);
  // z = f(z) and derivative = f'(z), both (n); false when a z or an f(z) is not finite. Null for softmax, whose
  // derivative its loss knows.
  bool (*forward)(float* z, float* derivative, std::size_t n, float parameter);
};

struct ActivationDescriptor {
  ActivationId id;
  bool only_last;
  bool within_one;    // |f(z)| <= 1 for every z
  float least, most;  // the range of the parameter
  const ActivationVariant* variants[kTableCount];
};

}  // namespace linnet
