#include "checkpoint_walk.hpp"

namespace linnet {

namespace {

// Of one item, so that places cannot wrap.
constexpr std::uint32_t kMostBytes = 0x40000000u;

// Writes a checkpoint, or counts its bytes: `end` is behind it.
Status put(const Store& store, const Checkpoint& what, Mode mode, Slot& slot, std::uint32_t& end) {
  Stream stream(store, mode, slot.at, 0);
  Walk walk(stream, what);
  const auto layers = static_cast<std::uint32_t>(what.network->topology().layer_count);
  slot.format = kCheckpointMajor | kCheckpointMinor << 8u | (kHeaderBytes + layers * kLayerBytes + 4) << 16u;
  begin(stream, slot);
  static_cast<void>(walk.header());
  end_header(stream);
  const std::uint32_t body = stream.at;
  for (std::uint32_t k = 0; k < walk.count(); ++k) {
    if (walk.is_kept(k)) {
      const Piece piece = walk.item(k);
      walk.head(piece);
      if (stream.at > 2 * kMostBytes || std::uint64_t{piece.count} * piece.width > kMostBytes) {
        return Status::too_little_memory;
      }
      if (const Status status = walk.elements(k, piece, false); status != Status::ok) {
        return status;
      }
    }
  }
  slot.body_bytes = stream.at - body;
  stream.pad(0);
  const std::uint32_t sum = stream.crc;
  stream.sync();  // all of it, before what makes it count
  stream.mark(kCommitMagic, sum);
  stream.sync();
  end = stream.at + kConfirmations * round_up(kMarkBytes, store.write_unit);
  return stream.good ? Status::ok : Status::store_failed;
}

}  // namespace

std::uint32_t checkpoint_bytes(const Store& store, const Checkpoint& what) noexcept {
  Slot slot;
  std::uint32_t end = 0;
  const bool good = check_lent(store, what) == Status::ok && put(store, what, Mode::count, slot, end) == Status::ok;
  return good ? end : 0;
}

Status save(const Store& store, const Checkpoint& what, bool on_trial) noexcept {
  Slot slot;
  std::uint32_t end = 0;
  Status status = check_lent(store, what);
  if (status == Status::ok) {
    status = put(store, what, Mode::count, slot, end);
  }
  if (status == Status::ok) {
    status = end <= slot_bytes(store) ? find_free(store, slot) : Status::too_little_memory;
  }
  if (status != Status::ok) {
    return status;
  }
  slot.flags = on_trial ? 1 : 0;
  if (store.erase != nullptr && !store.erase(store.context, slot.at, slot_bytes(store))) {
    return Status::store_failed;
  }
  return put(store, what, Mode::write, slot, end);
}

}  // namespace linnet
