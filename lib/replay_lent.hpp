// What is lent to a Replay: whether it is enough and lies apart.
#pragma once

#include "replay/descriptor.hpp"
#include "overlap.hpp"

namespace linnet {

// Targets or labels: (count, columns), `width` bytes each.
struct ReplayGoals {
  const void* data;
  std::size_t count, columns, width;

  [[nodiscard]] Span<const unsigned char> bytes() const {
    return {static_cast<const unsigned char*>(data), count * columns * width};
  }
};

inline Span<const unsigned char> bytes_of(const ReplayInputs& inputs) {
  return {static_cast<const unsigned char*>(inputs.data), inputs.capacity * inputs.columns * inputs.codec->width};
}

// Returns what Replay::bind() returns.
Status check_lent(const ReplayInputs& inputs, const ReplayGoals& goals, const ReplayChoice& choice,
                  Span<std::uint32_t> counts);

}  // namespace linnet
