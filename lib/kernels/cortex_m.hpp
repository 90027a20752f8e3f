// Eight floats in registers on a Cortex-M with a floating-point unit, which loads and stores eight neighbours with one
// instruction. No compiler makes it out of eight loads: written out, a step of 4-16-16-3 takes 1,300 instructions less
// of 7,500. Hence the banks; two values that live at a time take different ones. (Variables of type Eight are not const:
// GCC 12 would keep those in memory too.) Included by eight.hpp alone, behind these types.
#pragma once

#include "arithmetic/number.hpp"

namespace linnet {
namespace {

#define LINNET_REGISTER(n, name) register float r##n __asm__(name)
#define LINNET_EIGHT_REGISTERS(a, b, c, d, e, f, g, h) \
  LINNET_REGISTER(0, a);                               \
  LINNET_REGISTER(1, b);                               \
  LINNET_REGISTER(2, c);                               \
  LINNET_REGISTER(3, d);                               \
  LINNET_REGISTER(4, e);                               \
  LINNET_REGISTER(5, f);                               \
  LINNET_REGISTER(6, g);                               \
  LINNET_REGISTER(7, h)
#define LINNET_BANK(bank, names, list)                                                                  \
  struct bank {                                                                                         \
    [[gnu::always_inline]] static inline Eight load(const float* x) {                                   \
      names;                                                                                            \
      __asm__("vldmia %8, {" list "}"                                                                   \
              : "=t"(r0), "=t"(r1), "=t"(r2), "=t"(r3), "=t"(r4), "=t"(r5), "=t"(r6), "=t"(r7)          \
              : "r"(x), "m"(*reinterpret_cast<const float(*)[8]>(x)));                                  \
      const float v0 = r0, v1 = r1, v2 = r2, v3 = r3, v4 = r4, v5 = r5, v6 = r6, v7 = r7;               \
      return {{v0, v1, v2, v3, v4, v5, v6, v7}};                                                        \
    }                                                                                                   \
    [[gnu::always_inline]] static inline Eight next(const float*& x) {                                  \
      names;                                                                                            \
      __asm__("vldmia %8!, {" list "}"                                                                  \
              : "=t"(r0), "=t"(r1), "=t"(r2), "=t"(r3), "=t"(r4), "=t"(r5), "=t"(r6), "=t"(r7), "+r"(x) \
              : "m"(*reinterpret_cast<const float(*)[8]>(x)));                                          \
      const float v0 = r0, v1 = r1, v2 = r2, v3 = r3, v4 = r4, v5 = r5, v6 = r6, v7 = r7;               \
      return {{v0, v1, v2, v3, v4, v5, v6, v7}};                                                        \
    }                                                                                                   \
    [[gnu::always_inline]] static inline void store(float* x, const Eight& v) {                         \
      names;                                                                                            \
      r0 = v.of[0];                                                                                     \
      r1 = v.of[1];                                                                                     \
      r2 = v.of[2];                                                                                     \
      r3 = v.of[3];                                                                                     \
      r4 = v.of[4];                                                                                     \
      r5 = v.of[5];                                                                                     \
      r6 = v.of[6];                                                                                     \
      r7 = v.of[7];                                                                                     \
      __asm__("vstmia %1, {" list "}"                                                                   \
              : "=m"(*reinterpret_cast<float(*)[8]>(x))                                                 \
              : "r"(x), "t"(r0), "t"(r1), "t"(r2), "t"(r3), "t"(r4), "t"(r5), "t"(r6), "t"(r7));        \
    }                                                                                                   \
  }
#define LINNET_BANK_OF_FOUR(bank, a, b, c, d, list)                   \
  struct bank {                                                       \
    [[gnu::always_inline]] static inline Four next(const float*& x) { \
      LINNET_REGISTER(0, a);                                          \
      LINNET_REGISTER(1, b);                                          \
      LINNET_REGISTER(2, c);                                          \
      LINNET_REGISTER(3, d);                                          \
      __asm__("vldmia %4!, {" list "}"                                \
              : "=t"(r0), "=t"(r1), "=t"(r2), "=t"(r3), "+r"(x)       \
              : "m"(*reinterpret_cast<const float(*)[4]>(x)));        \
      const float v0 = r0, v1 = r1, v2 = r2, v3 = r3;                 \
      return {{v0, v1, v2, v3}};                                      \
    }                                                                 \
  }
LINNET_BANK(BankA, LINNET_EIGHT_REGISTERS("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"), "s0-s7");
LINNET_BANK(BankB, LINNET_EIGHT_REGISTERS("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15"), "s8-s15");
LINNET_BANK_OF_FOUR(LowerA, "s0", "s1", "s2", "s3", "s0-s3");
LINNET_BANK_OF_FOUR(LowerB, "s8", "s9", "s10", "s11", "s8-s11");
LINNET_BANK_OF_FOUR(UpperB, "s12", "s13", "s14", "s15", "s12-s15");

// A barrier: later loads from a stay behind these four. Compilers would move them up, into other registers.
[[gnu::always_inline]] inline void wait_for(const float* four, const float*& a) {
  __asm__("" : "+r"(a) : "t"(four[0]), "t"(four[1]), "t"(four[2]), "t"(four[3]));
}
// Compilers do not know where a and b point, and so do not compute where a loop leaves them.
[[gnu::always_inline]] inline void hide(const float*& a, const float*& b) { __asm__("" : "+r"(a), "+r"(b)); }

// Compilers do not know that it points where it did, and so do not keep on the stack what they could read from there.
template <class T>
[[gnu::always_inline]] inline const T* looked_up_anew(const T* where) {
  __asm__("" : "+r"(where));
  return where;
}

#undef LINNET_BANK_OF_FOUR
#undef LINNET_BANK
#undef LINNET_EIGHT_REGISTERS
#undef LINNET_REGISTER

}  // namespace
}  // namespace linnet
