// Lent memory: whether there is enough, and whether two pieces share a float.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

// In parts: GCC sends a Span that is an argument through the stack.
bool overlap(const float* a, std::size_t a_size, const float* b, std::size_t b_size) noexcept;
inline bool overlap(Span<const float> a, Span<const float> b) noexcept {
  return overlap(a.data(), a.size(), b.data(), b.size());
}

// ... with the parameters of a bound network.
bool shares_memory(const float* memory, std::size_t size, const Network& network) noexcept;

// Returns ok, too_large, null_memory or too_little_memory; nothing is enough when nothing is needed.
Status check_memory(const float* memory, std::size_t size, std::size_t needed) noexcept;

}  // namespace linnet
