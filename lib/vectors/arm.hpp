// What NEON of ARMv7 and of AArch64 have in common; each file of the two ends with this one.
#pragma once

namespace linnet {
namespace {

using Some = Count;

// xsimd::fma multiplies and adds where the flags allow no fused one.
inline Vector fused_multiply_add(Vector a, Vector b, Vector c) {
#if LINNET_FUSED
  return vfmaq_f32(c, a, b);
#else
  return a * b + c;  // such a processor may have no other
#endif
}

// xsimd's casts go through tables of functions, which GCC 12 calls, and its shifts through a chain of comparisons that
// ends in an assertion.
inline xsimd::batch<std::int32_t, Architecture> as_integers(Vector x) { return vreinterpretq_s32_f32(x); }
inline xsimd::batch<std::uint32_t, Architecture> as_bits(Vector x) { return vreinterpretq_u32_f32(x); }
inline Vector as_floats(xsimd::batch<std::int32_t, Architecture> x) { return vreinterpretq_f32_s32(x); }
inline Vector as_floats(xsimd::batch<std::uint32_t, Architecture> x) { return vreinterpretq_f32_u32(x); }
inline xsimd::batch<std::int32_t, Architecture> into_exponent(xsimd::batch<std::int32_t, Architecture> x) {
  return vshlq_n_s32(x, kExponentShift);
}
inline xsimd::batch<std::int32_t, Architecture> out_of_exponent(xsimd::batch<std::int32_t, Architecture> x) {
  return vshrq_n_s32(x, kExponentShift);
}

// Two, then one. A call would keep sums in the few registers that it leaves alone: GCC 12 made 127 of them on AArch64.
[[gnu::always_inline]] inline Vector load_pieces(const float* x, std::size_t count) {
  float32x4_t v = vdupq_n_f32(0.0f);
  if ((count & 2) != 0) {
    v = vcombine_f32(vld1_f32(x), vdup_n_f32(0.0f));
    return (count & 1) != 0 ? vld1q_lane_f32(x + 2, v, 2) : v;
  }
  return (count & 1) != 0 ? vld1q_lane_f32(x, v, 0) : v;
}
inline void store_pieces(float* x, Vector value, std::size_t count) {
  float32x4_t v = value;
  if ((count & 2) != 0) {
    vst1_f32(x, vget_low_f32(v));
    v = vcombine_f32(vget_high_f32(v), vget_high_f32(v));
    x += 2;
  }
  if ((count & 1) != 0) {
    vst1q_lane_f32(x, v, 0);
  }
}

// Release 8 of xsimd has no constant shuffles.
inline Vector pairs_low(Vector a, Vector b) { return vzipq_f32(a, b).val[0]; }
inline Vector pairs_high(Vector a, Vector b) { return vzipq_f32(a, b).val[1]; }
inline Vector halves_low(Vector a, Vector b) { return vcombine_f32(vget_low_f32(a), vget_low_f32(b)); }
inline Vector halves_high(Vector a, Vector b) { return vcombine_f32(vget_high_f32(a), vget_high_f32(b)); }
inline float first_lane(Vector x) { return vgetq_lane_f32(x, 0); }
template <std::size_t H>
inline Vector upper_lanes(Vector x) {
  return vextq_f32(x, x, H);
}

}  // namespace
}  // namespace linnet

#include "vectors/vector.hpp"
