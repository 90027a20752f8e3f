// Apart from what prints, since it links every activation.
#include <linnet/memory.hpp>
#include <linnet/topology_text.hpp>

#include "activation/descriptor.hpp"
#include "decimal.hpp"

namespace linnet {

namespace {

constexpr unsigned kActivations = 18;

// A text and how far it is read. The first thing that is wrong stays; from then on nothing is read.
struct Reading {
  Span<const char> text;
  std::size_t at = 0;
  Status status = Status::ok;
  std::size_t blamed = 0;

  // The next character, 0 behind the last one.
  [[nodiscard]] char next() const { return at < text.size() ? text[at] : '\0'; }
  void blame(Status wrong, std::size_t where) {
    if (status == Status::ok) {
      status = wrong;
      blamed = where;
    }
  }
  bool take(char c) {
    const bool there = status == Status::ok && next() == c && c != '\0';
    at += there ? 1u : 0u;
    return there;
  }
  void expect(const char* word) {
    const std::size_t first = at;
    for (; *word != '\0'; ++word) {
      if (!take(*word)) {
        blame(Status::bad_text, first);
      }
    }
  }
};

// A whole number from 1 to kMaxFloats, without leading zeros.
std::size_t read_count(Reading& reading) {
  const std::size_t first = reading.at;
  std::size_t count = 0;
  bool large = false;
  for (; reading.next() >= '0' && reading.next() <= '9'; ++reading.at) {
    count = 10 * count + static_cast<std::size_t>(reading.next() - '0');
    large = large || count > kMaxFloats;
    count = large ? 0 : count;
  }
  const bool zero = reading.at > first && reading.text[first] == '0';
  if (reading.at == first || (zero && reading.at > first + 1)) {
    reading.blame(Status::bad_text, first);
  }
  if (large || zero) {
    reading.blame(large ? Status::too_large : Status::bad_topology, first);
  }
  return count;
}

// Whether the letters from `first` up to where the text is read are a name.
bool is_named(const Reading& reading, std::size_t first, const char* name) {
  for (std::size_t k = first; k < reading.at; ++k, ++name) {
    if (*name == '\0' || *name != reading.text[k]) {
      return false;
    }
  }
  return *name == '\0';
}

Activation read_activation(Reading& reading) {
  const std::size_t first = reading.at;
  Activation found{nullptr, 0.0f};
  char c = reading.next();
  for (; (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; c = reading.next()) {
    ++reading.at;
  }
  if (reading.at == first) {
    reading.blame(Status::bad_text, first);
  }
  for (unsigned number = 1; number <= kActivations; ++number) {
    const auto id = static_cast<ActivationId>(number);
    if (is_named(reading, first, to_string(id)) && activation_of(id, found) == Status::ok) {
      return found;
    }
  }
  reading.blame(Status::bad_activation, first);
  return found;
}

void read_parameter(Reading& reading, Activation& activation) {
  const std::size_t first = reading.at;
  const std::size_t length =
      parse_float(reading.text.data() + first, reading.text.size() - first, activation.parameter);
  const ActivationDescriptor& descriptor = *activation.descriptor;
  if (length == 0) {
    reading.blame(Status::bad_text, first);
  } else if (descriptor.least == descriptor.most ||
             !(activation.parameter >= descriptor.least && activation.parameter <= descriptor.most)) {
    reading.blame(Status::bad_activation, first);
  }
  reading.at += length;
  reading.expect(")");
}

Layer read_layer(Reading& reading) {
  const std::size_t first = reading.at;
  Layer layer{read_count(reading), {nullptr, 0.0f}};
  reading.expect(":");
  if (reading.status == Status::ok) {
    layer.activation = read_activation(reading);
  }
  if (reading.take('(')) {
    read_parameter(reading, layer.activation);
  }
  if (reading.take(',')) {
    reading.expect("nobias");
    layer.bias = false;
  }
  if (reading.status == Status::ok && layer.activation.descriptor->only_last &&
      (layer.units == 1 || reading.at < reading.text.size())) {
    reading.blame(Status::bad_topology, first);
  }
  return layer;
}

}  // namespace

Status parse(Span<const char> text, Topology& topology, std::size_t& position) noexcept {
  position = 0;
  if (text.data() == nullptr) {
    return Status::null_memory;
  }
  std::size_t size = 0;
  while (size < text.size() && text[size] != '\0') {
    ++size;
  }
  Reading reading{{text.data(), size}};
  Topology found{};
  found.inputs = read_count(reading);
  while (reading.status == Status::ok && (found.layer_count == 0 || reading.at < size)) {
    reading.expect(" ");
    if (reading.status == Status::ok && found.layer_count == kMaxLayers) {
      reading.blame(Status::bad_topology, reading.at);
    } else if (reading.status == Status::ok) {
      found.layers[found.layer_count++] = read_layer(reading);
    }
  }
  if (reading.status == Status::ok) {
    topology = found;
  } else {
    position = reading.blamed;
  }
  return reading.status;
}

}  // namespace linnet
