// Loops over contiguous floats, written once for every number type. A body gets the position k and the part of a number
// that counts there (see number.hpp).
#pragma once

#include <cstddef>

#include "arithmetic/number.hpp"
#include "arithmetic/unroll.hpp"

namespace linnet {
namespace {

// n > 0
template <class V, class Body>
[[gnu::always_inline]] inline void for_each(std::size_t n, Body body) {
  constexpr std::size_t kStep = Shape<V>::kWidth;
  std::size_t k = 0;
  if constexpr (kStep == 1) {
    do {
      body(k, Full{});
    } while (++k < n);
  } else {
    for (; k + kStep <= n; k += kStep) {
      body(k, Full{});
    }
    if (k < n) {
      body(k, typename Shape<V>::Some(n - k));
    }
  }
}

// Whether all numbers seen were finite.
template <class V>
struct Watch {
  V check = V(0.0f);  // stays zero as long as they are
  void see(V x) { check = multiply_add(x, V(0.0f), check); }
  [[nodiscard]] bool finite() const { return is_zero(check); }
  // 0 where finite, else NaN.
  [[nodiscard]] V poison() const { return check; }
};
#if defined(__arm__) && !defined(__ARM_FP)
template <>
struct Watch<float> {  // in integers: a multiply-add in software takes 200 instructions and more
  std::uint32_t largest = 0;
  void see(float x) {
    const std::uint32_t twice = bits_of(x) << 1;
    largest = twice > largest ? twice : largest;
  }
  [[nodiscard]] bool finite() const { return largest < 0xff000000u; }
  [[nodiscard]] float poison() const { return finite() ? 0.0f : __builtin_nanf(""); }
};
#endif

// ---- Sums in lanes: term k joins lane k mod 16; then lane l += lane l + h for h = 8, 4, 2, 1. Lanes start at -0, the
// number that changes no sum, so a lane without a term changes nothing.

constexpr std::size_t kLanes = 16;

// One lane after the other, in the order in which the additions need them: 0, 8, 4, 12, 2, ... (the bits of a counter,
// the last first). What waits for its other half waits on a stack of four instead of in 16 lanes.
template <class Term>
[[gnu::always_inline]] inline float sum_in_tree(std::size_t n, Term term) {
  std::size_t farthest = kLanes / 2;
  while (farthest >= n && farthest > 0) {  // any power of two >= n gives the same bits
    farthest /= 2;
  }
  float waiting[4];
  float* top = waiting;
  std::size_t lane = 0;
  for (;;) {
    float sum = -0.0f;
    for (std::size_t k = lane; k < n; k += kLanes) {
      sum = term(k, sum);
    }
    std::size_t half = farthest;
    for (; (lane & half) != 0; half /= 2) {
      sum += *--top;
      lane ^= half;
    }
    if (half == 0) {
      return sum;
    }
    lane |= half;
    *top++ = sum;
  }
}

// term(k, part, lane) returns the lane with the term k joined.
template <class V, class Term>
[[gnu::always_inline]] inline float sum_in_lanes(std::size_t n, Term term) {
  constexpr std::size_t kStep = Shape<V>::kWidth;
  if constexpr (kStep == 1) {
    return sum_in_tree(n, [&](std::size_t k, float lane) LINNET_INLINED { return term(k, Full{}, lane); });
  } else {
    V sum[kLanes / kStep];
    for (V& s : sum) {
      s = V(-0.0f);
    }
    std::size_t k = 0;
    for (; k + kLanes <= n; k += kLanes) {
      for (std::size_t v = 0; v < kLanes / kStep; ++v) {
        sum[v] = term(k + v * kStep, Full{}, sum[v]);
      }
    }
    for (std::size_t v = 0; k < n; ++v) {
      if (n - k >= kStep) {
        sum[v] = term(k, Full{}, sum[v]);
        k += kStep;
      } else {
        const typename Shape<V>::Some some(n - k);
        sum[v] = keep_lanes(term(k, some, sum[v]), sum[v], some);
        k = n;
      }
    }
    for (std::size_t half = kLanes / kStep / 2; half > 0; half /= 2) {
      for (std::size_t v = 0; v < half; ++v) {
        sum[v] = sum[v] + sum[v + half];
      }
    }
    return sum_of_lanes(sum[0]);
  }
}

// Whole-array operations of kept gradients.
template <class V>
float sum_of_squares(const float* x, std::size_t n, float factor) {
  return sum_in_lanes<V>(n, [x, factor](std::size_t k, auto part, V lane) {
    const V value = V(factor) * load<V>(x + k, part);
    return multiply_add(value, value, lane);
  });
}

template <class V>
void scale(float* x, std::size_t n, float factor) {
  for_each<V>(n, [x, factor](std::size_t k, auto part) { store(x + k, load<V>(x + k, part) * V(factor), part); });
}

template <class V>
inline V clipped(V x, V limit) {
  return choose(x > limit, limit, choose(x < negative(limit), negative(limit), x));
}

template <class V>
void clip(float* x, std::size_t n, float limit) {
  for_each<V>(n, [x, limit](std::size_t k, auto part) { store(x + k, clipped(load<V>(x + k, part), V(limit)), part); });
}

}  // namespace
}  // namespace linnet
