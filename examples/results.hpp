#pragma once

// What all examples do with numbers, on a computer and on a board.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <linnet/view.hpp>

namespace results {

/// FNV-1a, 64 bits, over the bit patterns of the floats, lowest byte first: the same weights give the same hash
/// anywhere.
inline std::uint64_t hash(linnet::Span<const float> floats) {
  std::uint64_t result = 0xcbf29ce484222325u;
  for (const float& value : floats) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    for (int byte = 0; byte < 4; ++byte, bits >>= 8) result = (result ^ (bits & 0xffu)) * 0x100000001b3u;
  }
  return result;
}

/// The output with the largest value.
inline std::size_t largest(linnet::Span<const float> outputs) {
  std::size_t best = 0;
  for (std::size_t o = 1; o < outputs.size(); ++o) best = outputs[o] > outputs[best] ? o : best;
  return best;
}

}  // namespace results
