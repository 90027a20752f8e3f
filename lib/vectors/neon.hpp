// NEON of ARMv7. The hardware takes subnormal operands and results of vectors for zeros.
#pragma once

#define LINNET_TABLE neon

#include "vectors/by_xsimd.hpp"

namespace linnet {
namespace {

using Architecture = xsimd::neon;
constexpr bool kLaneFactors = false;
constexpr bool kFlushesSubnormals = true;

// GCC 12 spells vcgtq_f32 as a > b, which it then computes lane by lane in VFP registers: slow, and without taking
// subnormal numbers for zeros. Its instructions, as all others on vectors, do.
using Mask = xsimd::batch_bool<float, Architecture>;
inline Mask greater(float32x4_t a, float32x4_t b) {
  uint32x4_t mask;
  __asm__("vcgt.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(a), "w"(b));
  return mask;
}
inline Mask greater_or_equal(float32x4_t a, float32x4_t b) {
  uint32x4_t mask;
  __asm__("vcge.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(a), "w"(b));
  return mask;
}
struct Vector : xsimd::batch<float, Architecture> {
  using Batch = xsimd::batch<float, Architecture>;
  using Batch::Batch;
  Vector(const Batch& x) : Batch(x) {}
  friend Vector operator+(const Vector& a, const Vector& b) { return vaddq_f32(a, b); }
  friend Vector operator-(const Vector& a, const Vector& b) { return vsubq_f32(a, b); }
  friend Vector operator*(const Vector& a, const Vector& b) { return vmulq_f32(a, b); }
  friend Mask operator>(const Vector& a, const Vector& b) { return greater(a, b); }
  friend Mask operator<(const Vector& a, const Vector& b) { return greater(b, a); }
  friend Mask operator>=(const Vector& a, const Vector& b) { return greater_or_equal(a, b); }
  friend Mask operator<=(const Vector& a, const Vector& b) { return greater_or_equal(b, a); }
};

// xsimd's are estimates, and ARMv7 has neither on vectors: lane by lane, in VFP registers.
inline Vector square_root(Vector x) {
  float32x4_t y = x;
  y[0] = square_root(y[0]);
  y[1] = square_root(y[1]);
  y[2] = square_root(y[2]);
  y[3] = square_root(y[3]);
  return y;
}
inline Vector divide(Vector a, Vector b) {
  float32x4_t x = a;
  const float32x4_t y = b;
  x[0] = x[0] / y[0];
  x[1] = x[1] / y[1];
  x[2] = x[2] / y[2];
  x[3] = x[3] / y[3];
  return x;
}

}  // namespace
}  // namespace linnet

#include "vectors/arm.hpp"
