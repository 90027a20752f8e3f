#include "checkpoint_slot.hpp"

namespace linnet {

// Four bits at a time: a table of 64 bytes.
std::uint32_t crc_on(std::uint32_t crc, unsigned byte) {
  static constexpr std::uint32_t kTable[16] = {
      0x00000000u, 0x1db71064u, 0x3b6e20c8u, 0x26d930acu, 0x76dc4190u, 0x6b6b51f4u, 0x4db26158u, 0x5005713cu,
      0xedb88320u, 0xf00f9344u, 0xd6d6a3e8u, 0xcb61b38cu, 0x9b64c2b0u, 0x86d3d2d4u, 0xa00ae278u, 0xbdbdf21cu};
  crc = ~crc ^ byte;
  crc = crc >> 4u ^ kTable[crc & 15u];
  crc = crc >> 4u ^ kTable[crc & 15u];
  return ~crc;
}

Stream::Stream(const Store& store, Mode mode, std::uint32_t from, std::uint32_t until)
    : at(from),
      end(until),
      store_(store),
      room_(static_cast<std::uint16_t>(store.write_unit > kStoreBuffer ? store.write_unit : kStoreBuffer)),
      mode_(mode),
      buffer_(store.write_unit > kStoreBuffer ? store.buffer.data() : own_) {
  filled_ = mode == Mode::read ? 0 : room_;
}

// The buffer is used up.
void Stream::turn() {
  if (mode_ == Mode::read) {
    filled_ = static_cast<std::uint16_t>(end - at < room_ ? end - at : room_);
    good = good && filled_ > 0 && store_.read(store_.context, at, buffer_, filled_);
  } else if (mode_ == Mode::write) {
    good = good && (next_ == 0 || store_.write(store_.context, at - next_, buffer_, next_));
  }
  next_ = 0;
}

unsigned Stream::byte(unsigned value) {
  if (next_ == filled_) {
    turn();
  }
  if (!good) {
    return 0;
  }
  if (mode_ == Mode::write) {
    buffer_[next_] = static_cast<unsigned char>(value);
  } else if (mode_ == Mode::read) {
    value = buffer_[next_];
  }
  ++next_;
  ++at;
  crc = crc_on(crc, value);
  return value;
}

std::uint32_t Stream::word(std::uint32_t value) {
  std::uint32_t result = 0;
  for (int k = 0; k < 4; ++k) {
    result = result >> 8u | byte(value & 255u) << 24u;
    value >>= 8u;
  }
  return result;
}

void Stream::skip(std::uint32_t bytes) {
  for (; bytes > 0 && good; --bytes) {
    byte(0);
  }
}

void Stream::pad(std::uint32_t left) {
  while (((at + left) & (store_.write_unit - 1)) != 0 && good) {
    different |= byte(0);
  }
}

void Stream::mark(std::uint32_t magic, std::uint32_t sum) {
  pad(kMarkBytes);
  expect(magic);
  expect(sum);
}

void Stream::sync() {
  turn();
  good = good && (mode_ != Mode::write || store_.sync == nullptr || store_.sync(store_.context));
}

void begin(Stream& stream, Slot& slot) {
  stream.expect(kHeaderMagic);
  slot.format = stream.word(slot.format);
  slot.flags = stream.word(slot.flags);
  slot.sequence = stream.word(slot.sequence);
  slot.body_bytes = stream.word(slot.body_bytes);
}

// The sum goes on from its value, not over its bytes: a CRC of what ends with its own CRC is always the same.
void end_header(Stream& stream) {
  stream.pad(4);
  const std::uint32_t sum = stream.crc;
  stream.expect(sum);
  stream.crc = sum;
}

std::uint32_t slot_bytes(const Store& store) {
  const std::uint32_t unit = store.erase != nullptr ? store.erase_unit : store.write_unit;
  return store.size / store.slots / unit * unit;
}

Status check_geometry(const Store& store) {
  if (store.read == nullptr || store.write == nullptr) {
    return Status::null_memory;
  }
  const std::uint32_t unit = store.write_unit;
  if (unit - 1 > 255 || (unit & (unit - 1)) != 0 || store.slots < 2 ||
      (store.erase != nullptr && (store.erase_unit == 0 || (store.erase_unit & (unit - 1)) != 0))) {
    return Status::bad_setting;
  }
  return unit > kStoreBuffer && (store.buffer.data() == nullptr || store.buffer.size() < unit)
             ? Status::too_little_memory
             : Status::ok;
}

// In a stream of its own: units of confirmations may be torn one by one.
bool is_confirmed(const Store& store, std::uint32_t at, std::uint32_t bytes, std::uint32_t sum) {
  Stream stream(store, Mode::read, at, at + bytes);
  stream.mark(kConfirmMagic, sum);
  return stream.is_sound();
}

void read_to_commit(const Store& store, Slot& slot) {
  const std::uint32_t unit = store.write_unit;
  const std::uint32_t end = slot.at + slot_bytes(store);
  Stream stream(store, Mode::read, slot.at, end < slot.at + kBeginBytes ? end : slot.at + kBeginBytes);
  begin(stream, slot);
  const std::uint32_t body = slot.at + round_up((slot.format >> 16u) + 4, unit);
  if (body > end || body < stream.at + 4) {
    return;
  }
  stream.end = body;
  stream.skip(body - 4 - stream.at);
  end_header(stream);
  const std::uint32_t mark = round_up(kMarkBytes, unit);
  const std::uint32_t room = end - body;
  slot.other_format = stream.is_sound() && (slot.format & 255u) != kCheckpointMajor;
  if (!stream.is_sound() || slot.other_format || slot.body_bytes > room ||
      room - round_up(slot.body_bytes, unit) < (1 + kConfirmations) * mark) {
    return;
  }
  slot.marks = body + round_up(slot.body_bytes, unit);
  stream.end = slot.marks + mark;
  stream.skip(slot.marks - stream.at);
  slot.crc = stream.crc;
  stream.mark(kCommitMagic, slot.crc);
  slot.whole = stream.is_sound();
}

void look_at(const Store& store, Slot& slot) {
  read_to_commit(store, slot);
  const std::uint32_t mark = round_up(kMarkBytes, store.write_unit);
  slot.on_trial = (slot.flags & 1u) != 0;
  for (std::uint32_t k = 1; slot.whole && slot.on_trial && k <= kConfirmations; ++k) {
    slot.on_trial = !is_confirmed(store, slot.marks + k * mark, mark, slot.crc);
  }
}

void look_at(const Store& store, Slots& slots) {
  for (std::uint32_t k = 0; k < store.slots; ++k) {
    Slot slot;
    slot.at = k * slot_bytes(store);
    look_at(store, slot);
    slots.other_format |= slot.other_format;
    if (slot.is_newer(slots.newest)) {
      slots.newest = slot;
    }
    if (!slot.on_trial && slot.is_newer(slots.confirmed)) {
      slots.confirmed = slot;
    }
  }
}

Status find_newest(const Store& store, Slot& slot) {
  Slots slots;
  look_at(store, slots);
  slot = slots.newest;
  return slot.whole ? Status::ok : slots.other_format ? Status::other_format : Status::nothing_kept;
}

Status find_free(const Store& store, Slot& slot) {
  Slots slots;
  look_at(store, slots);
  slot.sequence = slots.newest.sequence + 1;
  const std::uint32_t bytes = slot_bytes(store);
  std::uint32_t at = slots.newest.at;
  while (slots.newest.whole) {
    at = at + bytes < store.slots * bytes ? at + bytes : 0;
    if (at == slots.newest.at) {
      return Status::trial_pending;
    }
    if (!slots.confirmed.whole || at != slots.confirmed.at) {
      break;
    }
  }
  slot.at = at;
  return Status::ok;
}

}  // namespace linnet
