// What a checkpoint is made of. save() and load() go through the same functions, with a stream that writes or reads.
#pragma once

#include "checkpoint_slot.hpp"
#include "step/saved.hpp"

namespace linnet {

// The library's items, then the program's pieces.
inline constexpr std::uint32_t kParameters = 0, kTraining = 1, kState = 2, kFrozen = 3, kOwn = 4;

// The next item, as the stream says it.
struct Head {
  std::uint8_t width;
  std::uint32_t count;
};

struct Walk {
  // `checkpoint` has been checked.
  Walk(Stream& bytes, const Checkpoint& checkpoint);

  // What belongs to the network, from behind begin() on. Returns ok, other_network, other_backbone or other_contract.
  Status header();
  [[nodiscard]] std::uint32_t count() const { return kOwn + static_cast<std::uint32_t>(what.pieces.size()); }
  [[nodiscard]] bool is_kept(std::uint32_t k) const;
  Piece item(std::uint32_t k);
  // Of 16 bytes: name, width, count. Another name than that of the piece makes the stream different.
  Head head(const Piece& piece);
  // Reads or writes all elements; reading changes the program's memory where it is to `take`. Returns ok or bad_state
  // (floats that are not finite, or a state that is not sound).
  Status elements(std::uint32_t k, const Piece& piece, bool take);

  Stream& stream;
  const Checkpoint& what;
  Counts counts{};  // of the trainer
};

// Returns ok, not_bound, null_memory, bad_setting or too_little_memory (the Store's buffer).
Status check_lent(const Store& store, const Checkpoint& what);

}  // namespace linnet
