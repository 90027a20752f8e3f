// Lent memory: whether there is enough, and whether two pieces share a float; and copies of what describes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

// In parts: GCC sends a Span that is an argument through the stack.
[[gnu::always_inline]] inline bool overlap_without_a_call(const float* a, std::size_t a_size, const float* b,
                                                          std::size_t b_size) noexcept {
  const auto first_a = reinterpret_cast<std::uintptr_t>(a);
  const auto first_b = reinterpret_cast<std::uintptr_t>(b);
  return first_a < first_b + b_size * sizeof(float) && first_b < first_a + a_size * sizeof(float);
}
bool overlap(const float* a, std::size_t a_size, const float* b, std::size_t b_size) noexcept;
inline bool overlap(Span<const float> a, Span<const float> b) noexcept {
  return overlap(a.data(), a.size(), b.data(), b.size());
}

// ... with the parameters of a bound network.
bool shares_memory(const float* memory, std::size_t size, const Network& network) noexcept;

// Returns ok, too_large, null_memory or too_little_memory; nothing is enough when nothing is needed.
Status check_memory(const float* memory, std::size_t size, std::size_t needed) noexcept;

// Copies plain data word by word. (An assignment would call memcpy on a Cortex-M, or be twice as long there in parts.)
void copy_words(void* to, const void* from, std::size_t words) noexcept;
template <class T>
void copy_words(T& to, const T& from) {
  static_assert(sizeof(T) % sizeof(std::uint32_t) == 0 && std::is_trivially_copyable<T>::value, "not words");
  copy_words(&to, &from, sizeof(T) / sizeof(std::uint32_t));
}

}  // namespace linnet
