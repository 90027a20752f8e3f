#pragma once

#include <cstddef>

#include <linnet/status.hpp>
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
inline constexpr std::size_t kMostKernelTables = 8;

/// The table `scalar`: plain loops, what all others are compared with. On ARMv7 it keeps subnormal numbers, which NEON
/// sets to zero.
const KernelTable& scalar_kernels() noexcept;

/// "scalar", "sse2", "avx2", "avx512", "neon" (ARMv7), "neon64" (AArch64)
const char* name_of(const KernelTable& table) noexcept;

/// How a multiply-add rounds: once (`fused`), or after the product and again after the sum (`separate`).
/// The contract is chosen when the library is built (LINNET_FUSED); the bits of two contracts differ.
enum class Contract : unsigned char { separate = 0, fused = 1 };
Contract contract() noexcept;

/// Computes what compiler flags or settings of the processor would spoil: contraction, sums in another order, quotients
/// by reciprocals, signs of zero, subnormal numbers (flush-to-zero, denormals-are-zero), rounding to nearest, NaN. It
/// sees how the library was compiled and what this thread has set now; a vector unit that flushes by itself, as
/// ARMv7's NEON does, it does not see. For the start of a program: a few hundred instructions.
/// Returns ok, or broken_arithmetic: other bits than on other targets are to be expected.
Status self_check() noexcept;

}  // namespace linnet
