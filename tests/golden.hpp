// Long training runs that reach every activation, loss, optimizer and initializer, and the hash of what they leave
// behind. Without files, exceptions or a heap of its own, so that the same code runs on a board.
#pragma once

#include <cstdint>

#include <linnet/linnet.hpp>

namespace linnet_test {

// All steps that came to `ok` are hashed, and the Status of every step: FNV-1a over weights, optimizer state and
// losses.
std::uint64_t golden_hash(const linnet::KernelTable& kernels);

// What golden_hash must be, on every target, in each contract.
inline constexpr std::uint64_t kGoldenFused = 10150846157103352582u;
inline constexpr std::uint64_t kGoldenSeparate = 7732519620163531784u;

}  // namespace linnet_test
