#include "slots.hpp"

#include <algorithm>
#include <cstring>

#include "numbers.hpp"

namespace desk {

namespace {

constexpr std::size_t kHeader = 64, kLayer = 12, kItem = 16, kMark = 8, kConfirmations = 4;
constexpr std::size_t kLargestUnit = 256;
constexpr unsigned kMajor = 1;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

// The CRC-32 of zlib.
std::uint32_t crc(const unsigned char* from, std::size_t bytes) {
  std::uint32_t sum = 0xffffffffu;
  for (std::size_t k = 0; k < bytes; ++k) {
    sum ^= from[k];
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1u ^ ((sum & 1u) != 0 ? 0xedb88320u : 0u);
  }
  return ~sum;
}

struct Reader {
  const Bytes& file;

  [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t bytes) const {
    return static_cast<std::uint32_t>(little_endian(file.data() + at, bytes));
  }
  [[nodiscard]] bool blank(std::size_t from, std::size_t to) const {
    return std::all_of(file.begin() + static_cast<std::ptrdiff_t>(from), file.begin() + static_cast<std::ptrdiff_t>(to),
                       [](unsigned char byte) { return byte == 0; });
  }
  // Whether a mark lies there, in units of its own.
  [[nodiscard]] bool mark(std::size_t at, std::size_t bytes, const char* magic, std::uint32_t sum) const {
    const std::size_t place = at + bytes - kMark;
    return blank(at, place) && std::memcmp(file.data() + place, magic, 4) == 0 && number(place + 4, 4) == sum;
  }

  bool header(Slot& slot, std::size_t& body, std::size_t& body_bytes) const;
  void layers(Slot& slot) const;
  void items(Slot& slot, std::size_t body, std::size_t bytes) const;
  void marks(Slot& slot, std::size_t body, std::size_t body_bytes) const;
};

// A sound header with this unit of writing.
bool Reader::header(Slot& slot, std::size_t& body, std::size_t& body_bytes) const {
  const std::size_t end = number(slot.at + 6, 2);
  const std::size_t header_bytes = round_up(end + 4, slot.unit);
  if (end < kHeader || header_bytes > slot.end - slot.at) return false;
  body = slot.at + header_bytes;
  if (!blank(slot.at + end, body - 4) || crc(file.data() + slot.at, header_bytes - 4) != number(body - 4, 4))
    return false;
  slot.major = file[slot.at + 4];
  slot.minor = file[slot.at + 5];
  slot.other_format = slot.major != kMajor;
  slot.sequence = number(slot.at + 12, 4);
  body_bytes = number(slot.at + 16, 4);
  for (std::size_t k = 0; k < 3; ++k) slot.version[k] = file[slot.at + 20 + k];
  slot.contract = number(slot.at + 24, 2);
  slot.layout = number(slot.at + 26, 2);
  slot.frozen_layers = file[slot.at + 29];
  return slot.other_format || end == kHeader + kLayer * file[slot.at + 28] + 4;
}

// The topology, by the activations' numbers.
void Reader::layers(Slot& slot) const {
  slot.topology.inputs = number(slot.at + 32, 4);
  slot.topology.layer_count = file[slot.at + 28];
  slot.known = slot.topology.layer_count <= linnet::kMaxLayers;
  for (std::size_t l = 0; slot.known && l < slot.topology.layer_count; ++l) {
    const std::size_t at = slot.at + kHeader + kLayer * l;
    linnet::Layer& layer = slot.topology.layers[l];
    layer.units = number(at, 4);
    layer.bias = file[at + 5] == 1;
    slot.known = file[at + 5] <= 1 && linnet::activation_of(static_cast<linnet::ActivationId>(file[at + 4]),
                                                            layer.activation) == linnet::Status::ok;
    layer.activation.parameter = float_at(file.data() + at + 8);
  }
}

void Reader::items(Slot& slot, std::size_t body, std::size_t bytes) const {
  const std::size_t end = body + bytes;
  for (std::size_t at = body; end - at >= kItem;) {
    const auto* name = reinterpret_cast<const char*>(file.data() + at);
    const Item item{std::string(name, strnlen(name, 8)), number(at + 8, 4), number(at + 12, 4), at + kItem};
    const std::uint64_t elements = std::uint64_t{item.width} * item.count;
    if (elements > end - item.at) break;
    slot.items.push_back(item);
    at = item.at + static_cast<std::size_t>(elements);
  }
}

void Reader::marks(Slot& slot, std::size_t body, std::size_t body_bytes) const {
  const std::size_t mark_bytes = round_up(kMark, slot.unit);
  if (body_bytes > slot.end - body) return;
  const std::size_t commit = body + round_up(body_bytes, slot.unit);
  if (commit > slot.end || slot.end - commit < (1 + kConfirmations) * mark_bytes) return;
  // of the header without its own CRC, then of the body with its zeros
  Bytes summed(file.begin() + static_cast<std::ptrdiff_t>(slot.at),
               file.begin() + static_cast<std::ptrdiff_t>(body) - 4);
  summed.insert(summed.end(), file.begin() + static_cast<std::ptrdiff_t>(body),
                file.begin() + static_cast<std::ptrdiff_t>(commit));
  const std::uint32_t sum = crc(summed.data(), summed.size());
  if (!mark(commit, mark_bytes, "DONE", sum)) return;
  slot.whole = true;
  slot.end = commit + (1 + kConfirmations) * mark_bytes;
  slot.on_trial = (file[slot.at + 8] & 1u) != 0;
  for (std::size_t k = 1; k <= kConfirmations; ++k) {
    slot.on_trial = slot.on_trial && !mark(commit + k * mark_bytes, mark_bytes, "KEEP", sum);
  }
}

// With the unit of writing that makes it whole, or else the smallest that makes its header sound.
bool read(const Reader& reader, Slot& found) {
  bool sound = false;
  for (std::uint32_t unit = 1; unit <= kLargestUnit && !(sound && (found.whole || found.other_format)); unit *= 2) {
    Slot slot;
    slot.at = found.at;
    slot.end = found.end;
    slot.unit = unit;
    std::size_t body = 0;
    std::size_t body_bytes = 0;
    if (!reader.header(slot, body, body_bytes)) continue;
    if (!slot.other_format) {
      reader.layers(slot);
      reader.marks(slot, body, body_bytes);
      if (slot.whole) reader.items(slot, body, body_bytes);
    }
    if (!sound || slot.whole) found = slot;
    sound = true;
  }
  return sound;
}

}  // namespace

const Item* Slot::find(const char* name) const {
  const auto item = std::find_if(items.begin(), items.end(), [name](const Item& other) { return other.name == name; });
  return item == items.end() ? nullptr : &*item;
}

std::vector<Slot> find_slots(const Bytes& file) {
  constexpr unsigned char kMagic[] = {'L', 'N', 'C', 'K'};
  std::vector<Slot> slots;
  for (auto place = file.begin(); file.end() - place >= static_cast<std::ptrdiff_t>(kHeader); ++place) {
    place = std::search(place, file.end(), std::begin(kMagic), std::end(kMagic));
    if (file.end() - place < static_cast<std::ptrdiff_t>(kHeader)) break;
    Slot slot;
    slot.at = static_cast<std::size_t>(place - file.begin());
    slot.end = file.size();
    if (!read({file}, slot)) continue;
    if (slot.whole) place = file.begin() + static_cast<std::ptrdiff_t>(slot.end) - 1;
    slots.push_back(slot);
  }
  return slots;
}

const Slot* newest(const std::vector<Slot>& slots) {
  const Slot* found = nullptr;
  for (const Slot& slot : slots) {  // sequences count on past 2^32
    if (slot.whole && (found == nullptr || static_cast<std::int32_t>(slot.sequence - found->sequence) > 0))
      found = &slot;
  }
  return found;
}

}  // namespace desk
