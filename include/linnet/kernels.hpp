#pragma once

#include <cstddef>

#include <linnet/view.hpp>

namespace linnet {

/// The inner loops for one instruction set. All tables give the same bits; they differ in speed only.
/// (The one exception is `neon`: the hardware sets subnormal numbers to zero. scalar_kernels() keeps them.)
struct KernelTable;

/// The fastest table that this processor can run. bind() uses it unless told otherwise.
const KernelTable& best_kernels() noexcept;

/// Every table in this build that this processor can run, best first; `scalar`, the specification, is the last.
Span<const KernelTable* const> runnable_kernels(Span<const KernelTable*> room) noexcept;

/// How many tables there are at most: the room that runnable_kernels() needs.
inline constexpr std::size_t kMaxKernelTables = 8;

/// The table `scalar`: plain loops, what all others are compared with. On ARMv7 it keeps subnormal numbers, which NEON
/// sets to zero.
const KernelTable& scalar_kernels() noexcept;

/// "scalar", "sse2", "avx2", "avx512", "neon" (ARMv7), "neon64" (AArch64)
const char* to_string(const KernelTable& table) noexcept;

}  // namespace linnet
