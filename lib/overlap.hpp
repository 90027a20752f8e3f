// Lent memory: whether there is enough, and whether two pieces share a float.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

inline bool overlap(const float* a, std::size_t a_size, const float* b, std::size_t b_size) noexcept {
  const auto first_a = reinterpret_cast<std::uintptr_t>(a);
  const auto first_b = reinterpret_cast<std::uintptr_t>(b);
  return first_a < first_b + b_size * sizeof(float) && first_b < first_a + a_size * sizeof(float);
}
inline bool overlap(Span<const float> a, Span<const float> b) noexcept {
  return overlap(a.data(), a.size(), b.data(), b.size());
}

// ... with the parameters of a bound network.
bool shares_memory(const float* memory, std::size_t size, const Network& network) noexcept;

// Returns ok, too_large, null_memory or too_little_memory; nothing is enough when nothing is needed.
Status check_memory(const float* memory, std::size_t size, std::size_t needed) noexcept;

}  // namespace linnet
