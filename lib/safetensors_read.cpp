#include "arithmetic/number.hpp"
#include "json.hpp"
#include "safetensors.hpp"

namespace linnet {

namespace {

constexpr std::uint8_t kNone = kMostTensors;

struct Reading {
  const Network& network;
  const Source& source;
  const TensorNames& names;
  TensorReport& report;
  TensorTable table;
  std::uint8_t place[kMostTensors];  // of each tensor of the network, among the entries; or kNone

  [[nodiscard]] TopologyView topology() const { return network.topology(); }
  Status match();
  Status match_names();
  Status match_shapes();
  Status find_by_shape(std::size_t tensor, std::uint32_t taken);
  [[nodiscard]] bool fits(const TensorEntry& entry, std::size_t tensor) const;
  Status blame(Status status, std::size_t entry);
  Status elements(std::size_t tensor, bool take);
  Status all_elements(bool take);
};

// Says by name which entry is to blame.
Status Reading::blame(Status status, std::size_t entry) {
  ReadName name(report);
  const Status read = read_name(source, table.entries[entry], name);
  return read == Status::ok ? status : read;
}

bool Reading::fits(const TensorEntry& entry, std::size_t tensor) const {
  const std::size_t l = layer_of(tensor);
  return entry.rows == topology().layers[l].units && entry.columns == (is_bias(tensor) ? 0 : topology().inputs_of(l));
}

Status Reading::match_names() {
  char wanted[kTensorName];
  for (std::size_t k = 0; k < table.count; ++k) {
    ReadName name(report);
    if (const Status status = read_name(source, table.entries[k], name); status != Status::ok) {
      return status;
    }
    std::size_t tensor = 0;
    while (tensor < 2 * topology().layer_count &&
           !(has_tensor(topology(), tensor) && tensor_name(names, tensor, wanted) > 0 && name.is(wanted))) {
      ++tensor;
    }
    if (tensor == 2 * topology().layer_count) {
      return Status::left_over_tensor;
    }
    if (!fits(table.entries[k], tensor)) {
      return Status::other_shape;
    }
    place[tensor] = static_cast<std::uint8_t>(k);
  }
  report.tensor[0] = '\0';
  return Status::ok;
}

// The only entry that could be this tensor: weights by their shape, biases by the stem of their weights.
Status Reading::find_by_shape(std::size_t tensor, std::uint32_t taken) {
  std::size_t found = kNone;
  for (std::size_t k = 0; k < table.count; ++k) {
    const TensorEntry& entry = table.entries[k];
    if (is_bias(tensor) ? entry.columns == 0 && entry.stem == table.entries[place[tensor - 1]].stem
                        : fits(entry, tensor)) {
      if (found != kNone || (taken >> k & 1u) != 0) {
        return blame(Status::ambiguous_tensors, k);
      }
      found = k;
    }
  }
  if (found == kNone) {
    return is_bias(tensor) ? blame(Status::missing_tensor, place[tensor - 1]) : Status::missing_tensor;
  }
  place[tensor] = static_cast<std::uint8_t>(found);
  return fits(table.entries[found], tensor) ? Status::ok : blame(Status::other_shape, found);
}

Status Reading::match_shapes() {
  std::uint32_t taken = 0;  // a bit for each entry
  for (std::size_t tensor = 0; tensor < 2 * topology().layer_count; ++tensor) {
    if (has_tensor(topology(), tensor)) {
      if (const Status status = find_by_shape(tensor, taken); status != Status::ok) {
        return status;
      }
      taken |= 1u << place[tensor];
    }
  }
  for (std::size_t k = 0; k < table.count; ++k) {
    if ((taken >> k & 1u) == 0) {
      return blame(Status::left_over_tensor, k);
    }
  }
  return Status::ok;
}

Status Reading::match() {
  for (std::uint8_t& entry : place) {
    entry = kNone;
  }
  if (names.by_shape) {
    return match_shapes();
  }
  if (const Status status = match_names(); status != Status::ok) {
    return status;
  }
  for (std::size_t tensor = 0; tensor < 2 * topology().layer_count; ++tensor) {
    if (place[tensor] == kNone && has_tensor(topology(), tensor)) {
      tensor_name(names, tensor, report.tensor);
      return Status::missing_tensor;
    }
  }
  return Status::ok;
}

// ---- Elements, from their bits. False for NaN, infinity and what is beyond float.

// 10 bits of significand are as many of 23, 5 of exponent as many of 8; those that are subnormal there are not here.
std::uint32_t widened(std::uint32_t half) {
  std::uint32_t exponent = half >> 10u & 31u;
  std::uint32_t fraction = half & 0x3ffu;
  if (exponent == 0 && fraction != 0) {
    for (exponent = 1; (fraction & 0x400u) == 0; --exponent) {
      fraction <<= 1u;
    }
    fraction &= 0x3ffu;
    exponent += 112;
  } else {
    exponent = exponent == 0 ? 0 : exponent == 31 ? 255 : exponent + 112;
  }
  return (half & 0x8000u) << 16u | exponent << 23u | fraction << 13u;
}

// To nearest, ties to even; infinity where it is beyond float.
std::uint32_t narrowed(std::uint64_t wide) {
  const auto sign = static_cast<std::uint32_t>(wide >> 63u) << 31u;
  const int exponent = static_cast<int>(wide >> 52u & 0x7ffu) - 1023;
  if (exponent > 127) {
    return sign | 0x7f800000u;
  }
  const bool normal = exponent >= -126;
  const int shift = normal ? 29 : 29 - 126 - exponent;
  if (shift > 53) {
    return sign;
  }
  const std::uint64_t fraction = (wide & 0xfffffffffffffu) | std::uint64_t{1} << 52u;
  const std::uint64_t rest = fraction & ((std::uint64_t{1} << static_cast<unsigned>(shift)) - 1);
  const std::uint64_t half = std::uint64_t{1} << static_cast<unsigned>(shift - 1);
  auto bits = static_cast<std::uint32_t>(fraction >> static_cast<unsigned>(shift));
  bits += rest > half || (rest == half && bits % 2 == 1) ? 1u : 0u;
  return sign | (bits + (normal ? static_cast<std::uint32_t>(exponent + 126) << 23u : 0u));
}

bool read_element(Bytewise& bytes, TensorType type, float& x) {
  std::uint64_t bits = 0;
  for (unsigned k = 0; k < width_of(type); ++k) {
    bits |= static_cast<std::uint64_t>(bytes.take() & 255) << 8 * k;
  }
  const auto low = static_cast<std::uint32_t>(bits);
  x = float_of(type == TensorType::f32   ? low
               : type == TensorType::f16 ? widened(low)
               : type == TensorType::f64 ? narrowed(bits)
                                         : low << 16u);
  return is_finite(x);
}

// Looks at the elements of a tensor, or takes them.
Status Reading::elements(std::size_t tensor, bool take) {
  const TensorEntry& entry = table.entries[place[tensor]];
  const std::size_t l = layer_of(tensor);
  const bool frozen = l < network.frozen_layers();
  const std::size_t columns = entry.columns > 0 ? entry.columns : 1;
  const Span<const float> biases = network.read_biases(l);
  const ConstMatrix weights = network.read_weights(l);
  Bytewise bytes(source, table.data + entry.begin, table.data + entry.end());
  for (std::size_t row = 0; row < entry.rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      float x;
      const bool finite = read_element(bytes, entry.type, x);
      if (bytes.status != Status::ok || !finite) {
        return bytes.status != Status::ok ? bytes.status : Status::bad_parameter;
      }
      const float& old = is_bias(tensor) ? biases[row] : weights(row, column);
      if (frozen && bits_of(old) != bits_of(x)) {
        return Status::other_backbone;
      }
      if (!frozen && take) {
        const_cast<float&>(old) = x;
      }
    }
  }
  return Status::ok;
}

Status Reading::all_elements(bool take) {
  for (std::size_t tensor = 0; tensor < 2 * topology().layer_count; ++tensor) {
    if (place[tensor] == kNone) {
      continue;
    }
    if (const Status status = elements(tensor, take); status != Status::ok) {
      return status == Status::store_failed ? status : blame(status, place[tensor]);
    }
  }
  return Status::ok;
}

}  // namespace

Status read_safetensors(const Network& network, const Source& source, const TensorNames& names,
                        TensorReport& report) noexcept {
  report = {};
  if (!network.bound()) {
    return Status::not_bound;
  }
  Status status = names.by_shape ? Status::ok : check_names(network.topology(), names);
  if (status != Status::ok) {
    return status;
  }
  Reading reading{network, source, names, report, {}, {}};
  std::size_t length = 0;
  status = read_header(source, reading.table, {}, length, report);
  if (status == Status::ok) {
    status = reading.match();
  }
  if (status == Status::ok) {
    status = reading.all_elements(false);
  }
  return status == Status::ok ? reading.all_elements(true) : status;
}

namespace {

bool read_memory(void* context, std::uint64_t at, void* to, std::size_t bytes) {
  const auto& file = *static_cast<const Span<const unsigned char>*>(context);
  __builtin_memcpy(to, file.data() + at, bytes);
  return true;
}

}  // namespace

Source source_of(const Span<const unsigned char>& file) noexcept {
  return {file.data() != nullptr ? read_memory : nullptr, const_cast<Span<const unsigned char>*>(&file), file.size()};
}

Status read_topology(const Source& source, Span<char> text, std::size_t& length, TensorReport& report) noexcept {
  if (text.data() == nullptr) {
    return Status::null_memory;
  }
  if (text.empty()) {
    return Status::too_little_memory;
  }
  TensorTable table;
  std::size_t found = 0;
  const Status status = read_header(source, table, text, found, report);
  if (status == Status::ok) {
    length = found;
    text[length] = '\0';
  }
  return status;
}

}  // namespace linnet
