#pragma once

#include <cstdint>

#include <linnet/status.hpp>

/// @file
/// Which library this is, and whether it computes here what it computes elsewhere.

/// The version of these headers: "major.minor.patch", by semantic versioning.
///@{
#define LINNET_VERSION_MAJOR 0
#define LINNET_VERSION_MINOR 1
#define LINNET_VERSION_PATCH 0
#define LINNET_VERSION "0.1.0"
///@}

namespace linnet {

/// The version of the library that is linked. It differs from LINNET_VERSION where headers and archive do not belong
/// together.
const char* version() noexcept;

/// The arithmetic contract: the order of every sum and the formulas of every function. Libraries with the same number and
/// the same Contract give the same bits.
inline constexpr std::uint16_t kContractVersion = 2;

/// How a multiply-add rounds: once (`fused`), or after the product and again after the sum (`separate`).
/// It is chosen when the library is built (LINNET_FUSED).
enum class Contract : std::uint8_t { separate = 0, fused = 1 };

/// That of the library.
Contract contract() noexcept;

/// "separate", "fused"; a string in read-only memory, never null.
const char* to_string(Contract contract) noexcept;

/// Computes what compiler flags or settings of the processor would spoil: contraction, sums in another order, quotients
/// by reciprocals, signs of zero, subnormal numbers (flush-to-zero, denormals-are-zero), rounding to nearest, NaN. It
/// sees how the library was compiled and what this thread has set now; a vector unit that flushes by itself, as
/// ARMv7's NEON does, it does not see. For the start of a program: a few hundred instructions.
/// Returns ok, or broken_arithmetic: other bits than on other targets are to be expected.
Status self_check() noexcept;

}  // namespace linnet
