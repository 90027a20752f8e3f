#include "checkpoint_walk.hpp"

namespace linnet {

namespace {

// The item of this name among those from `from` to `end`; nothing of count 0xffffffff where there is none.
constexpr std::uint32_t kNone = 0xffffffffu;
Head find(Walk& walk, const Piece& piece, std::uint32_t from, std::uint32_t end) {
  Stream& stream = walk.stream;
  stream.move_to(from);
  while (stream.at < end && stream.good) {
    stream.different = 0;
    const Head head = walk.head(piece);
    if (stream.different == 0) {
      return head;
    }
    const std::uint64_t bytes = std::uint64_t{head.width} * head.count;
    if (bytes > end - stream.at) {
      break;
    }
    stream.move_to(stream.at + static_cast<std::uint32_t>(bytes));
  }
  return {0, kNone};
}

// One reading of a slot, from behind begin() on. The trainer takes what it counts last.
Status read(Walk& walk, const Slot& slot, bool take, Kept& kept) {
  if (const Status status = walk.header(); status != Status::ok) {
    return status;
  }
  end_header(walk.stream);
  const std::uint32_t body = walk.stream.at;
  for (std::uint32_t k = 0; k < walk.count(); ++k) {
    if (!walk.is_kept(k) || k == kFrozen) {
      continue;
    }
    const Piece piece = walk.item(k);
    const Head head = find(walk, piece, body, body + slot.body_bytes);
    if (head.count != piece.count || head.width != piece.width) {
      __builtin_memcpy(kept.piece, piece.name, sizeof kept.piece);
      return k < kOwn ? Status::bad_state : head.count == kNone ? Status::missing_piece : Status::other_piece;
    }
    if (const Status status = walk.elements(k, piece, take || k == kTraining); status != Status::ok) {
      return status;
    }
  }
  kept.steps = walk.counts.steps;
  Trainer* trainer = walk.what.trainer;
  if (trainer != nullptr && walk.stream.good) {
    if (!may_have(trainer->inside(), walk.counts)) {
      return Status::bad_state;
    }
    if (take) {
      set_counts(trainer->inside(), walk.counts);
    }
  }
  return Status::ok;
}

Status read(const Store& store, const Checkpoint& what, const Slot& slot, bool take, Kept& kept) {
  Stream stream(store, Mode::read, slot.at + kBeginBytes, slot.marks);
  Walk walk(stream, what);
  const Status status = read(walk, slot, take, kept);
  return stream.good ? status : Status::store_failed;
}

Status visit(const Store& store, const Checkpoint& what, Kept& kept, bool take) {
  kept = {};
  Slot slot;
  Status status = check_lent(store, what);
  if (status == Status::ok) {
    status = find_newest(store, slot);
  }
  if (status != Status::ok) {
    return status;
  }
  kept.slot = slot.at / slot_bytes(store);
  kept.sequence = slot.sequence;
  kept.on_trial = slot.on_trial;
  status = read(store, what, slot, false, kept);
  return status == Status::ok && take ? read(store, what, slot, true, kept) : status;
}

}  // namespace

Status peek(const Store& store, const Checkpoint& what, Kept& found) noexcept {
  return visit(store, what, found, false);
}

Status load(const Store& store, const Checkpoint& what, Kept& found) noexcept {
  return visit(store, what, found, true);
}

}  // namespace linnet
