// Slots of a Store: how bytes get there and back, and which slots are whole. lib/CHECKPOINTS.md has the format.
#pragma once

#include <linnet/checkpoint.hpp>

namespace linnet {

inline constexpr std::uint32_t kBeginBytes = 20;   // begin()
inline constexpr std::uint32_t kHeaderBytes = 64;  // before the layers
inline constexpr std::uint32_t kLayerBytes = 12;
inline constexpr std::uint32_t kMarkBytes = 8;               // of a commit, of a confirmation
inline constexpr std::uint32_t kConfirmations = 4;           // a torn one cannot be written again before an erase
inline constexpr std::uint32_t kHeaderMagic = 0x4b434e4cu;   // "LNCK"
inline constexpr std::uint32_t kCommitMagic = 0x454e4f44u;   // "DONE"
inline constexpr std::uint32_t kConfirmMagic = 0x5045454bu;  // "KEEP"

// CRC-32 as zlib has it, one byte on.
std::uint32_t crc_on(std::uint32_t crc, unsigned byte);
constexpr std::uint32_t round_up(std::uint32_t bytes, std::uint32_t unit) { return (bytes + unit - 1) & ~(unit - 1); }

enum class Mode : std::uint8_t { count, write, read };

// The bytes of a slot, one after the other: counted, written or read. One function says what is there for all three.
class Stream {
 public:
  Stream(const Store& store, Mode mode, std::uint32_t from, std::uint32_t until);
  // The next byte, when reading; else `value`, which is counted or written. 0 once the medium failed.
  unsigned byte(unsigned value);
  std::uint32_t word(std::uint32_t value);  // little-endian
  // What must be there.
  void expect(std::uint32_t value) { different |= word(value) ^ value; }
  void skip(std::uint32_t bytes);
  // The next byte read is this one.
  void move_to(std::uint32_t place) {
    at = place;
    next_ = filled_;
  }
  // Zeros, until so many bytes are left of a unit of writing.
  void pad(std::uint32_t left);
  // A mark in units of its own, which ties it to all that the sum is of.
  void mark(std::uint32_t magic, std::uint32_t sum);
  [[nodiscard]] bool is_sound() const { return good && different == 0; }
  // All that was written, which is whole units, is on the medium.
  void sync();

  std::uint32_t at;             // place of the next byte
  std::uint32_t end;            // reading touches nothing from here on, which may be torn
  std::uint32_t crc = 0;        // of all bytes
  std::uint32_t different = 0;  // not 0: something was not as expected
  bool good = true;             // the medium did all

 private:
  void turn();

  const Store& store_;
  std::uint16_t next_ = 0, filled_, room_;  // of the buffer
  Mode mode_;
  unsigned char* buffer_;
  unsigned char own_[kStoreBuffer];
};

// What a slot holds.
struct Slot {
  std::uint32_t at = 0;
  std::uint32_t format = 0, flags = 0, sequence = 0, body_bytes = 0;  // what begin() says
  std::uint32_t crc = 0;                                              // of header and body
  std::uint32_t marks = 0;                                            // where the commit lies; confirmations follow
  bool whole = false, on_trial = false;
  bool other_format = false;  // a sound header of another major version is there

  // Sequences count on past 2^32.
  [[nodiscard]] bool is_newer(const Slot& than) const {
    return whole && (!than.whole || static_cast<std::int32_t>(sequence - than.sequence) > 0);
  }
};

// The slots of a medium together.
struct Slots {
  Slot newest, confirmed;  // whole; `confirmed` is the newest that is not on trial
  bool other_format = false;
};

// The header up to where it depends on the network, and its end.
void begin(Stream& stream, Slot& slot);
void end_header(Stream& stream);

std::uint32_t slot_bytes(const Store& store);
// Returns ok, null_memory, bad_setting or too_little_memory (the buffer).
Status check_geometry(const Store& store);
// Reads a slot to its end: the one at `slot.at`, which says no more so far.
void look_at(const Store& store, Slot& slot);
void look_at(const Store& store, Slots& slots);
// All of it but the confirmations, and one of these. They are by themselves for the stack: each has a Stream.
void read_to_commit(const Store& store, Slot& slot);
bool is_confirmed(const Store& store, std::uint32_t at, std::uint32_t bytes, std::uint32_t sum);

// The newest slot. Returns ok, other_format or nothing_kept.
Status find_newest(const Store& store, Slot& slot);
// The slot after the newest, round and round, that is not the confirmed one: where it lies, and what its sequence will be.
// Returns ok or trial_pending.
Status find_free(const Store& store, Slot& slot);

}  // namespace linnet
