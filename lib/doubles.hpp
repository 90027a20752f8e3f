// 64-bit floats where they are kept or come from floats. Statistics are sums over any number of rows: floats would stall.
#pragma once

#include "arithmetic/number.hpp"

namespace linnet {
namespace {

// One that lies among floats, at any float's place.
inline double double_at(const float* place) {
  double x;
  __builtin_memcpy(&x, place, sizeof x);
  return x;
}
inline void put_double(float* place, double x) { __builtin_memcpy(place, &x, sizeof x); }

// The square root of what may be far from the range of a float, as squares of gradients are.
inline float root(double x) {
  return x > 1e30    ? 1e30f * square_root(static_cast<float>(x * 1e-60))
         : x < 1e-30 ? 1e-30f * square_root(static_cast<float>(x * 1e60))
                     : square_root(static_cast<float>(x));
}

}  // namespace
}  // namespace linnet
