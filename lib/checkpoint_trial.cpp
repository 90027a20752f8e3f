#include "checkpoint_slot.hpp"

namespace linnet {

namespace {

// Whether nothing was written there since an erase. What cannot be read was.
bool is_blank(const Store& store, std::uint32_t at, std::uint32_t bytes) {
  Stream stream(store, Mode::read, at, at + bytes);
  while (stream.at < at + bytes) {
    if (stream.byte(0) != 0xff) {
      return false;
    }
  }
  return true;
}

bool write_mark(const Store& store, std::uint32_t at, std::uint32_t magic, std::uint32_t sum) {
  Stream stream(store, Mode::write, at, 0);
  stream.mark(magic, sum);
  stream.sync();
  return stream.good;
}

// An erase, or a commit of nothing where the medium needs none.
bool forget(const Store& store, const Slot& slot) {
  return store.erase != nullptr ? store.erase(store.context, slot.at, slot_bytes(store))
                                : write_mark(store, slot.marks, 0, 0);
}

}  // namespace

Status confirm(const Store& store) noexcept {
  if (const Status status = check_geometry(store); status != Status::ok) {
    return status;
  }
  Slots slots;
  look_at(store, slots);
  if (!slots.newest.whole) {
    return Status::nothing_kept;
  }
  const std::uint32_t mark = round_up(kMarkBytes, store.write_unit);
  std::uint32_t at = slots.newest.marks;
  for (std::uint32_t k = 0; slots.newest.on_trial && k < kConfirmations; ++k) {
    at += mark;
    if (store.erase == nullptr || is_blank(store, at, mark)) {
      return write_mark(store, at, kConfirmMagic, slots.newest.crc) ? Status::ok : Status::store_failed;
    }
  }
  return slots.newest.on_trial ? Status::store_failed : Status::ok;
}

Status revert(const Store& store) noexcept {
  if (const Status status = check_geometry(store); status != Status::ok) {
    return status;
  }
  Slots slots;
  look_at(store, slots);
  if (!slots.confirmed.whole) {
    return Status::nothing_kept;
  }
  // The newest goes last: a cut on the way leaves it, or what is gone back to.
  for (const bool last : {false, true}) {
    for (std::uint32_t k = 0; k < store.slots; ++k) {
      Slot slot;
      slot.at = k * slot_bytes(store);
      look_at(store, slot);
      if (slot.is_newer(slots.confirmed) && (slot.at == slots.newest.at) == last && !forget(store, slot)) {
        return Status::store_failed;
      }
    }
  }
  return Status::ok;
}

}  // namespace linnet
