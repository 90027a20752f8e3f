// What is carried of a trainer beside its state, and what is asked of both before a float of it is written.
#pragma once

#include <linnet/trainer.hpp>

namespace linnet {

// The numbers of TrainerProgress, without what tells which library and which network they are of.
struct Counts {
  std::uint64_t steps;
  float learning_rate;
  float bias_corrections[2];
  std::uint32_t optimizer;  // its OptimizerId
};
static_assert(sizeof(Counts) == 24, "no padding, on any target");

Counts counts_of(const TrainerData& trainer);
// Whether they are of such a trainer, and may be.
bool may_have(const TrainerData& trainer, const Counts& counts);
void set_counts(TrainerData& trainer, const Counts& counts);
// Whether states are sound after so many steps: the same part of each slot, one after the other.
bool is_sound_state(const TrainerData& trainer, std::uint64_t steps, Span<const float> part);

}  // namespace linnet
