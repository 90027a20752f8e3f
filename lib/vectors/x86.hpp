// Up to three lanes of the 128 bits that all instruction sets of x86 have: two, then one. Nothing else is read or written.
#pragma once

#include <cstddef>

#include "vectors/by_xsimd.hpp"

namespace linnet {
namespace {

inline __m128 load_three(const float* x, std::size_t count) {
  if ((count & 2) != 0) {
    const __m128 two = _mm_castsi128_ps(_mm_loadu_si64(x));
    return (count & 1) != 0 ? _mm_movelh_ps(two, _mm_load_ss(x + 2)) : two;
  }
  return (count & 1) != 0 ? _mm_load_ss(x) : _mm_setzero_ps();
}
inline void store_three(float* x, std::size_t count, __m128 v) {
  if ((count & 2) != 0) {
    _mm_storeu_si64(x, _mm_castps_si128(v));
    v = _mm_movehl_ps(v, v);
    x += 2;
  }
  if ((count & 1) != 0) {
    _mm_store_ss(x, v);
  }
}

}  // namespace
}  // namespace linnet
