#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// Floats that a Keeper borrows: a copy of the trainable parameters.
constexpr std::size_t keeper_floats(const TopologyView& t, std::size_t frozen = 0) noexcept {
  return trainable_floats(t, frozen);
}

/// What a Keeper has seen: all zeros at first. Plain data, five numbers of four bytes, so that a checkpoint takes it as
/// Piece{"keeper", &state, 5, 4}: on the medium 20 bytes, little-endian, in this order. The memory is another piece.
struct KeeperState {
  float best_loss = 0.0f;        ///< the smallest loss so far
  float reference = 0.0f;        ///< the loss at the last gain, from which the next is counted
  std::uint32_t epochs = 0;      ///< seen
  std::uint32_t best_epoch = 0;  ///< that of best_loss, counted from 1; 0: none yet
  std::uint32_t since_gain = 0;  ///< epochs since the last gain, or since the start
};
static_assert(sizeof(KeeperState) == 20, "no padding, on any target");

/// Early stopping: keeps the parameters with the smallest loss on samples that are not trained on, and says when there is
/// no gain any more (Prechelt 1998, "Early stopping, but when?"). Plain data, owned by the program. FitGuide::with_keeper()
/// hands it to fit(), which calls what is below.
struct Keeper {
  Span<float> memory;          ///< keeper_floats() or more; empty: no parameters are kept
  std::uint32_t patience = 0;  ///< so many epochs in a row without a gain end the run; 0: none do
  float least_gain = 0.0f;     ///< a gain is a loss below the reference by more than this, and the first: finite, >= 0
  KeeperState state{};         ///< {} to begin anew

  /// Takes the loss of an epoch, and copies the parameters to `memory` where it is smaller than all before. A loss that is
  /// NaN or infinite is one without a gain. Returns ok, not_bound, null_memory, too_little_memory, overlapping_memory (with
  /// the network's parameters) or bad_setting (least_gain).
  Status observe(const Network& network, float loss) noexcept;
  /// Whether patience is used up.
  [[nodiscard]] bool ended() const noexcept { return patience > 0 && state.since_gain >= patience; }
  /// Copies the best parameters back to the network. The trainer's optimizer state stays that of the last step. Returns ok,
  /// not_bound, nothing_kept (no finite loss yet, or no memory), null_memory, too_little_memory, overlapping_memory or bad_parameter
  /// (something else wrote NaN or infinity there; nothing changes).
  Status put_back(const Network& network) const noexcept;
};

}  // namespace linnet
