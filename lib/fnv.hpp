// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv
#pragma once

#include <cstdint>

namespace linnet {

constexpr std::uint64_t kFnvStart = 14695981039346656037u;

constexpr std::uint64_t fnv_on(std::uint64_t sum, unsigned byte) { return (sum ^ byte) * 1099511628211u; }

}  // namespace linnet
