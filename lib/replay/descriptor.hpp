// What the library knows of a reservoir: how inputs are kept, and whose place a new sample takes.
#pragma once

// Rounded after every product and every sum, whatever the contract: both keep the same samples.
#undef LINNET_FUSED
#define LINNET_FUSED 0

#include <linnet/replay.hpp>

#include "arithmetic/number.hpp"

namespace linnet {

// Rows of inputs; x: (columns).
struct ReplayCodec {
  std::size_t width;                                                            // bytes of a number
  bool (*fits)(const ReplayInputs& inputs, const float* x);                     // whether all can be kept
  void (*keep)(const ReplayInputs& inputs, std::size_t place, const float* x);  // of inputs that fit
  void (*read)(const ReplayInputs& inputs, std::size_t place, float* x);
};

// What lies in lent memory beside inputs and targets.
struct ReplayPlaces {
  std::size_t capacity, classes;
  const std::uint16_t* labels;  // (capacity)
  std::uint32_t* counts;        // (replay_counts(classes))
};

// Counts a sample and gives the place that it takes; capacity and more: none.
struct ReplayChooser {
  std::size_t (*place)(const ReplayPlaces& places, std::uint16_t label, Pcg32& random);
  bool looks_at_labels;
};

inline std::uint32_t counted(std::uint32_t& count) { return count += count != 0xffffffffu ? 1 : 0; }

}  // namespace linnet
