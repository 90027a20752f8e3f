// NEON of AArch64, which always has it.
#pragma once

#define LINNET_TABLE neon64

#include "vectors/by_xsimd.hpp"

namespace linnet {
namespace {

using Architecture = xsimd::neon64;
using Vector = xsimd::batch<float, Architecture>;
constexpr bool kLaneFactors = true;
constexpr bool kFlushesSubnormals = false;

// xsimd's are estimates with two of Newton's steps: four in ten results are wrong.
inline Vector square_root(Vector x) { return vsqrtq_f32(x); }
inline Vector divide(Vector a, Vector b) { return vdivq_f32(a, b); }

// One instruction each; release 8 of xsimd has none.
inline float largest_lane(Vector x) { return vmaxvq_f32(x); }
inline std::uint32_t largest_lane(xsimd::batch<std::uint32_t, Architecture> x) { return vmaxvq_u32(x); }

template <std::size_t L>
inline Vector multiply_lane(Vector lanes, Vector b) {
  return vmulq_laneq_f32(b, lanes, L);
}
template <std::size_t L>
inline Vector multiply_add_lane(Vector lanes, Vector b, Vector c) {
  if constexpr (LINNET_FUSED != 0) {
    return vfmaq_laneq_f32(c, b, lanes, L);
  } else {
    return multiply_lane<L>(lanes, b) + c;
  }
}

}  // namespace
}  // namespace linnet

#include "vectors/arm.hpp"
