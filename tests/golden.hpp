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
inline constexpr GoldenHashes kGoldenFused{0xc79593ab4e2ed00c, 0x54a75815d5af420f, 0xa7c4ed04c91cd724};
inline constexpr GoldenHashes kGoldenSeparate{0x785e6a7454616771, 0x498c79a6a87ebec6, 0x6c3ddccbd35b578d};

}  // namespace linnet_test
