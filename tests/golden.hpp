// Long training runs and the hash of what they leave behind, in two parts: `training` reaches every activation, loss,
// optimizer and initializer, `subnormal` lives on numbers below the smallest normal one (1.2e-38). Without files,
// exceptions or a heap, so that the same code runs on a board.
#pragma once

#include <cstdint>

#include <linnet/linnet.hpp>

namespace linnet_test {

struct GoldenRun {
  std::uint64_t hash;   // FNV-1a over every Status and loss, then weights, optimizer state and predictions
  std::uint32_t steps;  // that came to `ok`
};

GoldenRun golden_training(const linnet::KernelTable& kernels);
GoldenRun golden_subnormal(const linnet::KernelTable& kernels);

// What the hashes must be in the contract of this build.
std::uint64_t expected_training(const linnet::KernelTable& kernels);
std::uint64_t expected_subnormal(const linnet::KernelTable& kernels);

// The stored hashes: one per contract and part on every target, but for ARMv7's NEON in the second part: that unit
// takes subnormal numbers for zero.
struct GoldenHashes {
  std::uint64_t training;
  std::uint64_t subnormal;
  std::uint64_t subnormal_neon;
};
inline constexpr GoldenHashes kGoldenFused{0xfc41b978d12a8fa8, 0xa4a450a19d5d0f88, 0x113dd37d55760027};
inline constexpr GoldenHashes kGoldenSeparate{0xb13197024e0257c7, 0x77648a6866b6f231, 0xc041e87d09ea808a};

}  // namespace linnet_test
