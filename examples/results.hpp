#pragma once

// What all examples do with numbers, on a computer and on a board.

#include <cstddef>

#include <linnet/view.hpp>

namespace results {

/// The output with the largest value.
inline std::size_t largest(linnet::Span<const float> outputs) {
  std::size_t best = 0;
  for (std::size_t o = 1; o < outputs.size(); ++o) best = outputs[o] > outputs[best] ? o : best;
  return best;
}

}  // namespace results
