// Lent memory: whether there is enough, and whether two pieces share a float.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

// Whether two runs of bytes, neither empty, share one. Distances are compared: no sum wraps, also where memory ends with
// the address space, and a difference that does is larger than what is lent.
inline bool touch(std::uintptr_t a, std::size_t a_size, std::uintptr_t b, std::size_t b_size) noexcept {
  return a - b < b_size || b - a < a_size;
}
inline bool overlap(Span<const float> a, Span<const float> b) noexcept {
  return touch(reinterpret_cast<std::uintptr_t>(a.data()), a.size() * sizeof(float),
               reinterpret_cast<std::uintptr_t>(b.data()), b.size() * sizeof(float));
}

// A run of lent memory, whatever lies there: as many bytes as can be counted.
struct Bytes {
  std::uintptr_t first;
  std::size_t size;

  template <class T>
  Bytes(Span<T> run) noexcept : first(reinterpret_cast<std::uintptr_t>(run.data())), size(run.size() * sizeof(T)) {}
  Bytes(ConstRows rows) noexcept : Bytes(Span<const float>(rows.data(), rows.count() * rows.columns())) {}
};

// Empty ones share none.
inline bool touch(Bytes a, Bytes b) noexcept {
  return a.size != 0 && b.size != 0 && touch(a.first, a.size, b.first, b.size);
}

// Whether one of the first `written` runs shares a byte with any other.
template <std::size_t N>
bool overlaps(const Bytes (&runs)[N], std::size_t written) noexcept {
  for (std::size_t a = 0; a < written; ++a) {
    for (std::size_t b = a + 1; b < N; ++b) {
      if (touch(runs[a], runs[b])) {
        return true;
      }
    }
  }
  return false;
}

// ... with the parameters of a bound network.
bool shares_memory(const float* memory, std::size_t size, const Network& network) noexcept;

// Returns ok, too_large, null_memory or too_little_memory; nothing is enough when nothing is needed.
Status check_memory(const float* memory, std::size_t size, std::size_t needed) noexcept;
// ... or overlapping_memory, where it shares a float with the parameters of a bound network.
Status check_memory(const float* memory, std::size_t size, std::size_t needed, const Network& network) noexcept;

}  // namespace linnet
