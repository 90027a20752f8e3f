// Eight floats in registers.
#pragma once

#include "kernels/number.hpp"
#include "kernels/unroll.hpp"

namespace linnet {
namespace {

struct Eight {
  float of[8];
};

// -0, the number that changes no sum.
constexpr Eight kNothing = {{-0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f}};

// A Cortex-M loads and stores eight floating-point registers with one instruction, but no compiler makes it out of eight
// loads: written out, a step of 4-16-16-3 takes 1,300 instructions less of 7,500. Such an instruction wants neighbours,
// hence the banks; two values that live at a time take different ones. (Variables of this type are
// not const: GCC 12 would keep those in memory too.)
#if defined(__ARM_FP) && (__ARM_FP & 4) && __ARM_ARCH_PROFILE == 'M'

#define LINNET_EIGHT_REGISTERS(a, b, c, d, e, f, g, h) \
  register float r0 __asm__(a);                        \
  register float r1 __asm__(b);                        \
  register float r2 __asm__(c);                        \
  register float r3 __asm__(d);                        \
  register float r4 __asm__(e);                        \
  register float r5 __asm__(f);                        \
  register float r6 __asm__(g);                        \
  register float r7 __asm__(h)
#define LINNET_BANK(bank, names, list)                                                           \
  struct bank {                                                                                  \
    [[gnu::always_inline]] static inline Eight load(const float* x) {                            \
      names;                                                                                     \
      __asm__("vldmia %8, {" list "}"                                                            \
              : "=t"(r0), "=t"(r1), "=t"(r2), "=t"(r3), "=t"(r4), "=t"(r5), "=t"(r6), "=t"(r7)   \
              : "r"(x), "m"(*reinterpret_cast<const float(*)[8]>(x)));                           \
      const float v0 = r0, v1 = r1, v2 = r2, v3 = r3, v4 = r4, v5 = r5, v6 = r6, v7 = r7;        \
      return {{v0, v1, v2, v3, v4, v5, v6, v7}};                                                 \
    }                                                                                            \
    [[gnu::always_inline]] static inline void store(float* x, const Eight& v) {                  \
      names;                                                                                     \
      r0 = v.of[0];                                                                              \
      r1 = v.of[1];                                                                              \
      r2 = v.of[2];                                                                              \
      r3 = v.of[3];                                                                              \
      r4 = v.of[4];                                                                              \
      r5 = v.of[5];                                                                              \
      r6 = v.of[6];                                                                              \
      r7 = v.of[7];                                                                              \
      __asm__("vstmia %1, {" list "}"                                                            \
              : "=m"(*reinterpret_cast<float(*)[8]>(x))                                          \
              : "r"(x), "t"(r0), "t"(r1), "t"(r2), "t"(r3), "t"(r4), "t"(r5), "t"(r6), "t"(r7)); \
    }                                                                                            \
  }
LINNET_BANK(BankA, LINNET_EIGHT_REGISTERS("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"), "s0-s7");
LINNET_BANK(BankB, LINNET_EIGHT_REGISTERS("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15"), "s8-s15");
LINNET_BANK(BankC, LINNET_EIGHT_REGISTERS("s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23"), "s16-s23");
LINNET_BANK(BankD, LINNET_EIGHT_REGISTERS("s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31"), "s24-s31");
#undef LINNET_BANK
#undef LINNET_EIGHT_REGISTERS

#else

struct BankA {
  [[gnu::always_inline]] static inline Eight load(const float* x) {
    return {{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]}};
  }
  [[gnu::always_inline]] static inline void store(float* x, const Eight& v) {
    unroll<8>([&](auto j) LINNET_INLINED { x[j] = v.of[j]; });
  }
};
using BankB = BankA;
using BankC = BankA;
using BankD = BankA;

#endif

}  // namespace
}  // namespace linnet
