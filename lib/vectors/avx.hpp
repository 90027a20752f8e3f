// Up to seven lanes of the 256 bits that AVX2 and AVX-512 have: four, then up to three.
#pragma once

#include "vectors/x86.hpp"

namespace linnet {
namespace {

inline __m256 load_seven(const float* x, std::size_t count) {
  if ((count & 4) != 0) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(x)), load_three(x + 4, count), 1);
  }
  return _mm256_zextps128_ps256(load_three(x, count));
}
inline void store_seven(float* x, std::size_t count, __m256 v) {
  if ((count & 4) != 0) {
    _mm_storeu_ps(x, _mm256_castps256_ps128(v));
    store_three(x + 4, count, _mm256_extractf128_ps(v, 1));
  } else {
    store_three(x, count, _mm256_castps256_ps128(v));
  }
}

}  // namespace
}  // namespace linnet
