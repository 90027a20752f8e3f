#include <linnet/memory.hpp>
#include <linnet/topology_text.hpp>

#include "activation/descriptor.hpp"
#include "arithmetic/number.hpp"
#include "decimal.hpp"
#include "characters.hpp"

namespace linnet {

void Put::text(const char* zero_ended) const {
  for (; *zero_ended != '\0'; ++zero_ended) {
    (*this)(*zero_ended);
  }
}

void Put::number(std::uint64_t value) const {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  while (count > 0) {
    (*this)(digits[--count]);
  }
}

Status check_printable(const TopologyView& topology) {
  if (const Status status = check(topology); status != Status::ok) {
    return status;
  }
  bool too_large = topology.inputs > kMaxFloats;
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    if (layer.activation.descriptor == nullptr) {
      return Status::bad_topology;
    }
    if (!is_finite(layer.activation.parameter)) {
      return Status::bad_activation;
    }
    too_large = too_large || layer.units > kMaxFloats;
  }
  return too_large ? Status::too_large : Status::ok;
}

void print_topology(const TopologyView& topology, const Put& put) {
  put.number(topology.inputs);
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    const ActivationDescriptor& descriptor = *layer.activation.descriptor;
    put(' ');
    put.number(layer.units);
    put(':');
    put.text(to_string(descriptor.id));
    if (descriptor.least < descriptor.most) {
      char number[kFloatText + 1];
      number[print_float(layer.activation.parameter, number)] = '\0';
      put('(');
      put.text(number);
      put(')');
    }
    if (!layer.bias) {
      put.text(",nobias");
    }
  }
}

namespace {

struct Room {
  Span<char> to;
  std::size_t length;
};

}  // namespace

Status print(const TopologyView& topology, Span<char> to, std::size_t& length) noexcept {
  if (const Status status = check_printable(topology); status != Status::ok) {
    return status;
  }
  if (to.data() == nullptr) {
    return Status::null_memory;
  }
  Room room{{}, 0};
  const Put put{[](void* context, char c) {
                  Room& at = *static_cast<Room*>(context);
                  if (at.length < at.to.size()) {
                    at.to[at.length] = c;
                  }
                  ++at.length;
                },
                &room};
  print_topology(topology, put);
  if (room.length >= to.size()) {
    return Status::too_little_memory;
  }
  room = {to, 0};
  print_topology(topology, put);
  length = room.length;
  to[length] = '\0';
  return Status::ok;
}

}  // namespace linnet
