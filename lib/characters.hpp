// Text that is made one character at a time: to memory, or to a callback.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/topology.hpp>

namespace linnet {

// Where characters go.
struct Put {
  void (*one)(void* context, char c);
  void* context;

  void operator()(char c) const { one(context, c); }
  void text(const char* zero_ended) const;
  void number(std::uint64_t value) const;  // decimal
};

// Returns ok, bad_topology, too_large or bad_activation: whether the next one can print it.
Status check_printable(const TopologyView& topology);
void print_topology(const TopologyView& topology, const Put& put);

}  // namespace linnet
