#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/store.hpp>
#include <linnet/trainer.hpp>

/// @file
/// Checkpoints: all it takes to go on with the same bits after a reset, on this board or on another one. A cut of power at
/// any time leaves the checkpoint that was there, or the new one. lib/CHECKPOINTS.md has the format, byte by byte.
namespace linnet {

/// The format that save() writes, and the only major version that load() takes.
inline constexpr std::uint8_t kCheckpointMajor = 1;
/// Counts additions that every reader of the major version passes over.
inline constexpr std::uint8_t kCheckpointMinor = 0;

/// Something of the program's own that is kept with the network: a generator, an order, a best loss. save() reads it,
/// load() writes it. Plain data; the memory is lent.
struct Piece {
  char name[8];         ///< any characters, shorter names end in zeros; the library's own begin with "ln."
  void* data;           ///< (count), numbers in the order of this processor
  std::uint32_t count;  ///< at most kMaxFloats / 2
  std::uint8_t width;   ///< bytes of each: 1, 2, 4 or 8
};

/// What is kept together. Plain data; all of it is lent.
struct Checkpoint {
  Network* network;            ///< its trainable parameters
  Trainer* trainer = nullptr;  ///< of this network: its state and what it counts, too; null: parameters alone
  Span<const Piece> pieces{};  ///< the program's own, each with a name of its own
  bool frozen = false;  ///< whether save() keeps frozen parameters, too, for other tools; load() compares their CRC
};

/// What peek() and load() found.
struct Kept {
  std::uint32_t slot = 0;      ///< where: [0, Store::slots)
  std::uint32_t sequence = 0;  ///< counts saves, and goes on at 0 after 2^32 - 1
  std::uint64_t steps = 0;     ///< of the trainer
  bool on_trial = false;       ///< saved on trial, and not confirmed since
  char piece[8] = {};          ///< the one that is missing, or of another width or count; else zeros
};

/// Bytes of a slot that this takes on a medium with these units, parameters and state being what they are, however large its
/// slots are; 0 where save() would refuse what is lent.
std::uint32_t checkpoint_bytes(const Store& store, const Checkpoint& what) noexcept;

/// Keeps a checkpoint in the slot after the newest whole one, round and round: never in that one, nor, during a trial, in
/// the confirmed one to which revert() goes back. `on_trial`: until confirm(), this one is a trial.
/// Returns ok, not_bound, null_memory, bad_setting (the geometry, a piece's width, count or name, or a trainer of another
/// network), too_little_memory (a slot, the lent buffer, or an item of more than 2^30 bytes), bad_state (parameters or state that are not finite: what was
/// kept stays), trial_pending (no slot is free: confirm or revert first), or store_failed.
Status save(const Store& store, const Checkpoint& what, bool on_trial = false) noexcept;

/// Says what load() would say, without the last of it: nothing of the program changes.
/// Returns what load() returns.
Status peek(const Store& store, const Checkpoint& what, Kept& found) noexcept;

/// Takes the newest whole checkpoint. What is refused or damaged leaves parameters, trainer and pieces as they were.
/// Pieces that are not asked for are passed over.
/// Returns ok, not_bound, null_memory, bad_setting (as of save()), too_little_memory (the lent buffer), nothing_kept (no
/// slot is whole), other_format (the same, and one is of another major version), other_network, other_backbone,
/// other_contract (with a trainer; without one the parameters are taken), bad_state (of another optimizer, none, or not
/// sound), missing_piece, other_piece, or store_failed (what had been read once cannot be read again: initialize anew).
Status load(const Store& store, const Checkpoint& what, Kept& found) noexcept;

/// Makes the newest checkpoint stay, which was a trial. Returns ok (also where it was none), null_memory, bad_setting,
/// too_little_memory, nothing_kept, or store_failed (the medium failed, or four confirmations were torn: save again).
Status confirm(const Store& store) noexcept;

/// Goes back to the newest checkpoint that is no trial, and forgets the trials after it. Returns ok, null_memory,
/// bad_setting, too_little_memory, nothing_kept (there is none to go back to: nothing changes), or store_failed.
Status revert(const Store& store) noexcept;

}  // namespace linnet
