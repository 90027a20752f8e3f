// A medium that is an array: for tests, and for RAM that a battery keeps or that a reset leaves alone. What is there can be
// written over, byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <linnet/store.hpp>

namespace stores {

inline bool read_ram(void* memory, std::uint32_t at, void* to, std::size_t bytes) {
  std::memcpy(to, static_cast<const unsigned char*>(memory) + at, bytes);
  return true;
}

inline bool write_ram(void* memory, std::uint32_t at, const void* from, std::size_t bytes) {
  std::memcpy(static_cast<unsigned char*>(memory) + at, from, bytes);
  return true;
}

/// A Store on `memory`, which stays where it is. What it holds before the first save() does not matter.
inline linnet::Store ram_store(linnet::Span<unsigned char> memory, std::uint32_t slots = 2) {
  linnet::Store store{};
  store.read = read_ram;
  store.write = write_ram;
  store.context = memory.data();
  store.size = static_cast<std::uint32_t>(memory.size());
  store.slots = slots;
  return store;
}

}  // namespace stores
