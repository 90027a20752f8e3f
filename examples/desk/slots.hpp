// Checkpoints in a file or a dump of flash, whatever its geometry: lib/CHECKPOINTS.md has the format.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <linnet/topology.hpp>

#include "files.hpp"

namespace desk {

/// Something that a checkpoint holds: the library's, or the program's own.
struct Item {
  std::string name;
  std::uint32_t width = 0, count = 0;  // bytes of an element, elements
  std::size_t at = 0;                  // of its elements, in the file
};

/// What begins like a checkpoint.
struct Slot {
  std::size_t at = 0, end = 0;  // places in the file; `end` is that of a whole one, else of the file
  std::uint32_t unit = 0;       // of writing; several may give the same bytes: the smallest
  bool whole = false, on_trial = false, other_format = false;
  unsigned major = 0, minor = 0;
  std::uint32_t sequence = 0;
  std::array<unsigned, 3> version{};  // of the library
  unsigned contract = 0, layout = 0;  // of the arithmetic, of the trainer's state
  unsigned frozen_layers = 0;
  bool known = false;  // its activations are known to this version, and so `topology` means something
  linnet::Topology topology{};
  std::vector<Item> items;

  [[nodiscard]] const Item* find(const char* name) const;
};

/// All that begin with a sound header, in the order of the file.
std::vector<Slot> find_slots(const Bytes& file);

/// The newest whole one; null where there is none.
const Slot* newest(const std::vector<Slot>& slots);

}  // namespace desk
