#include "checkpoint_walk.hpp"

#include "arithmetic/number.hpp"

namespace linnet {

namespace {

constexpr char kNames[kOwn][8] = {{'l', 'n', '.', 'p', 'a', 'r', 'a', 'm'},
                                  {'l', 'n', '.', 't', 'r', 'a', 'i', 'n'},
                                  {'l', 'n', '.', 's', 't', 'a', 't', 'e'},
                                  {'l', 'n', '.', 'f', 'r', 'o', 'z', 'e'}};

constexpr unsigned kWidths = 1u << 1u | 1u << 2u | 1u << 4u | 1u << 8u;
constexpr bool kBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

// Four characters of a name, the first one lowest.
std::uint32_t word_of(const char* name) {
  std::uint32_t word;
  __builtin_memcpy(&word, name, sizeof word);
  return kBigEndian ? __builtin_bswap32(word) : word;
}

// Each number in the other order where that of the processor is not little-endian; a second time it is back.
void turn(Counts& counts) {
  if constexpr (kBigEndian) {
    constexpr int kNumbers[] = {8, 4, 4, 4, 4};  // bytes
    auto* number = reinterpret_cast<unsigned char*>(&counts);
    for (const int bytes : kNumbers) {
      for (int low = 0, high = bytes - 1; low < high; ++low, --high) {
        const unsigned char byte = number[low];
        number[low] = number[high];
        number[high] = byte;
      }
      number += bytes;
    }
  } else {
    static_cast<void>(counts);
  }
}

std::uint32_t crc_of(Span<const float> floats) {
  std::uint32_t crc = 0;
  for (const float x : floats) {
    for (std::uint32_t k = 0, bits = bits_of(x); k < 4; ++k, bits >>= 8u) {
      crc = crc_on(crc, bits & 255u);
    }
  }
  return crc;
}

bool same(const Network& a, const Network& b) {
  return a.topology().layers == b.topology().layers && a.trainable().data() == b.trainable().data();
}

}  // namespace

Status check_lent(const Store& store, const Checkpoint& what) {
  if (const Status status = check_geometry(store); status != Status::ok) {
    return status;
  }
  if (what.network == nullptr) {
    return Status::null_memory;
  }
  if (!what.network->bound() || (what.trainer != nullptr && !what.trainer->bound())) {
    return Status::not_bound;
  }
  if (what.trainer != nullptr && !same(what.trainer->network(), *what.network)) {
    return Status::bad_setting;
  }
  for (const Piece& piece : what.pieces) {
    if (piece.width > 8 || (kWidths >> piece.width & 1u) == 0 || piece.count > kMaxFloats / 2) {
      return Status::bad_setting;
    }
    if (piece.data == nullptr && piece.count > 0) {
      return Status::null_memory;
    }
    for (const Piece* other = what.pieces.data(); other != &piece; ++other) {
      if (word_of(other->name) == word_of(piece.name) && word_of(other->name + 4) == word_of(piece.name + 4)) {
        return Status::bad_setting;
      }
    }
  }
  return Status::ok;
}

Walk::Walk(Stream& bytes, const Checkpoint& checkpoint) : stream(bytes), what(checkpoint) {
  if (what.trainer != nullptr) {
    counts = counts_of(what.trainer->inside());
  }
}

Status Walk::header() {
  const TopologyView topology = what.network->topology();
  stream.word(LINNET_VERSION_MAJOR | LINNET_VERSION_MINOR << 8u | LINNET_VERSION_PATCH << 16u);
  stream.expect(static_cast<std::uint32_t>(contract()) | std::uint32_t{kLayoutVersion} << 16u);
  const bool state_fits = stream.different == 0 || what.trainer == nullptr;
  stream.different = 0;
  stream.expect(static_cast<std::uint32_t>(topology.layer_count | what.network->frozen_layers() << 8u));
  stream.expect(static_cast<std::uint32_t>(topology.inputs));
  for (std::uint32_t k = kBeginBytes + 16; k < kHeaderBytes; k += 4) {
    stream.expect(0);
  }
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    stream.expect(static_cast<std::uint32_t>(layer.units));
    stream.expect(static_cast<std::uint32_t>(id_of(layer.activation)) | (layer.bias ? 256u : 0u));
    stream.expect(bits_of(layer.activation.parameter));
  }
  if (stream.different != 0) {
    return Status::other_network;
  }
  stream.expect(crc_of(what.network->frozen()));
  return stream.different != 0 ? Status::other_backbone : state_fits ? Status::ok : Status::other_contract;
}

bool Walk::is_kept(std::uint32_t k) const {
  return k == kFrozen ? what.frozen : k == kTraining || k == kState ? what.trainer != nullptr : true;
}

// Memory that is only read comes without its const: elements() takes into the other alone.
Piece Walk::item(std::uint32_t k) {
  if (k >= kOwn) {
    return what.pieces[k - kOwn];
  }
  Piece piece;
  __builtin_memcpy(piece.name, kNames[k], sizeof piece.name);
  if (k == kTraining) {
    piece.data = &counts;
    piece.count = sizeof counts;
    piece.width = 1;
    return piece;
  }
  const Span<const float> floats = k == kState        ? what.trainer->optimizer_state()
                                   : k == kParameters ? Span<const float>(what.network->trainable())
                                                      : what.network->frozen();
  piece.data = const_cast<float*>(floats.data());
  piece.count = static_cast<std::uint32_t>(floats.size());
  piece.width = sizeof(float);
  return piece;
}

Head Walk::head(const Piece& piece) {
  stream.expect(word_of(piece.name));
  stream.expect(word_of(piece.name + 4));
  const auto width = static_cast<std::uint8_t>(stream.word(piece.width));
  return {width, stream.word(piece.count)};
}

// A state goes parameter by parameter, each with its slots, so that it can be looked at on the way.
Status Walk::elements(std::uint32_t k, const Piece& piece, bool take) {
  const std::uint32_t slots =
      k == kState && piece.count > 0 ? static_cast<std::uint32_t>(what.trainer->config().optimizer.state_slots) : 1;
  const std::uint32_t run = piece.count / slots;
  if (k == kTraining) {
    turn(counts);
  }
  for (std::uint32_t r = 0; r < run; ++r) {
    float part[3];
    for (std::uint32_t s = 0; s < slots; ++s) {
      auto* element = static_cast<unsigned char*>(piece.data) + std::size_t{s * run + r} * piece.width;
      std::uint32_t bits = 0;
      for (unsigned b = 0; b < piece.width; ++b) {
        unsigned char& place = element[kBigEndian ? piece.width - 1 - b : b];
        const unsigned value = stream.byte(place);
        if (take) {
          place = static_cast<unsigned char>(value);
        }
        bits = bits >> 8u | value << 24u;
      }
      part[s] = float_of(bits);
    }
    if (k == kState ? !is_sound_state(what.trainer->inside(), counts.steps, {part, slots})
                    : k != kTraining && k < kOwn && !is_finite(part[0])) {
      return Status::bad_state;
    }
  }
  if (k == kTraining) {
    turn(counts);
  }
  return Status::ok;
}

}  // namespace linnet
