// Whether all of them are numbers.
#pragma once

#include <linnet/network.hpp>

#include "arithmetic/number.hpp"

namespace linnet {

inline bool all_finite(Span<const float> floats) {
  bool finite = true;
  for (const float x : floats) {
    finite = finite && is_finite(x);
  }
  return finite;
}
inline bool all_finite(const ConstRows& rows) {
  return all_finite(Span<const float>(rows.data(), rows.count() * rows.columns()));
}
inline bool all_finite(const Network& network) {
  return all_finite(network.frozen()) && all_finite(network.trainable());
}

}  // namespace linnet
