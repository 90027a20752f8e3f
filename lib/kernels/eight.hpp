// Several outputs side by side in registers: how scalar cores with a floating-point unit run the sums of
// specification.hpp. The bits are the same.
#pragma once

#include "arithmetic/number.hpp"
#include "arithmetic/unroll.hpp"

namespace linnet {
namespace {

struct Eight {
  float of[8];
};
struct Four {
  float of[4];
};

}  // namespace
}  // namespace linnet

#if defined(__ARM_FP) && (__ARM_FP & 4) && __ARM_ARCH_PROFILE == 'M'
#include "kernels/cortex_m.hpp"
#else

namespace linnet {
namespace {

struct BankA {
  [[gnu::always_inline]] static inline Eight load(const float* x) {
    return {{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]}};
  }
  [[gnu::always_inline]] static inline Eight next(const float*& x) {
    x += 8;
    return load(x - 8);
  }
  // NOLINTNEXTLINE(readability-non-const-parameter): the function below writes
  [[gnu::always_inline]] static inline void store(float* x, const Eight& v) {
    unroll<8>([&](auto j) LINNET_INLINED { x[j] = v.of[j]; });
  }
};
using BankB = BankA;
struct LowerA {
  [[gnu::always_inline]] static inline Four next(const float*& x) {
    x += 4;
    return {{x[-4], x[-3], x[-2], x[-1]}};
  }
};
using LowerB = LowerA;
using UpperB = LowerA;
inline void wait_for(const float* /*four*/, const float*& /*a*/) {}
inline void hide(const float*& /*a*/, const float*& /*b*/) {}
template <class T>
inline const T* looked_up_anew(const T* where) {
  return where;
}

}  // namespace
}  // namespace linnet

#endif

namespace linnet {

// -0, the number that changes no sum; once in a program.
extern const float kNothing[8];

namespace {

// Without floating-point registers nothing is gained side by side.
#if defined(__arm__) && !defined(__ARM_FP)
constexpr bool kHasRegisters = false;
#else
constexpr bool kHasRegisters = true;
#endif

// The row x, up to `end`, joins the sums of eight columns that are `stride` floats long from term to term.
[[gnu::always_inline]] inline void join_eight_columns(const float* x, const float* end, const float* column,
                                                      std::size_t stride, Eight& sum) {
  do {
    // Four at a time: with the factor, eight would take one register more than a function may use without saving.
    const float factor = *x++;
    const float* w = column;
    column += stride;
    unroll<2>([&](auto half) LINNET_INLINED {
      Four four = LowerB::next(w);
      unroll<4>([&](auto k) LINNET_INLINED {
        float& sum_of_k = sum.of[4 * half + k];
        sum_of_k = multiply_add(factor, four.of[k], sum_of_k);
      });
      wait_for(&sum.of[4 * half], w);
    });
  } while (x < end);
}

// The row x, up to `end`, joins the sum of one column, `stride` floats from term to term.
[[gnu::always_inline]] inline float join_column(const float* x, const float* end, const float* column,
                                                std::size_t stride, float sum) {
  if (kHasRegisters && stride == 1) {
    while (x + 8 <= end) {
      Eight p = BankA::next(x);
      Eight q = BankB::next(column);
      unroll<8>([&](auto k) LINNET_INLINED { sum = multiply_add(p.of[k], q.of[k], sum); });
    }
  }
  for (; x < end; column += stride) {
    sum = multiply_add(*x++, *column, sum);
  }
  return sum;
}

}  // namespace
}  // namespace linnet
