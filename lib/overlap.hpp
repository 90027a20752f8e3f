// Whether two pieces of lent memory share a float.
#pragma once

#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/view.hpp>

namespace linnet {

inline bool overlap(Span<const float> a, Span<const float> b) {
  const auto first = [](Span<const float> s) { return reinterpret_cast<std::uintptr_t>(s.data()); };
  const auto bytes = [](Span<const float> s) { return s.size() * sizeof(float); };
  return first(a) < first(b) + bytes(b) && first(b) < first(a) + bytes(a);
}

// ... with the parameters of a bound network.
inline bool shares_memory(Span<const float> memory, const Network& network) {
  return overlap(memory, network.trainable()) || overlap(memory, network.frozen());
}

}  // namespace linnet
