// Parts of a vector: the lanes at the end of an array. Nothing else is read or written. Included by vector.hpp.
#pragma once

namespace linnet {
namespace {

// ---- Up to three lanes of 128 bits: two, then one.

#if defined(__ARM_NEON)
inline float32x4_t load_three(const float* x, std::size_t count) {
  float32x4_t v = vdupq_n_f32(0.0f);
  if ((count & 2) != 0) {
    v = vcombine_f32(vld1_f32(x), vdup_n_f32(0.0f));
    return (count & 1) != 0 ? vld1q_lane_f32(x + 2, v, 2) : v;
  }
  return (count & 1) != 0 ? vld1q_lane_f32(x, v, 0) : v;
}
inline void store_three(float* x, std::size_t count, float32x4_t v) {
  if ((count & 2) != 0) {
    vst1_f32(x, vget_low_f32(v));
    v = vcombine_f32(vget_high_f32(v), vget_high_f32(v));
    x += 2;
  }
  if ((count & 1) != 0) {
    vst1q_lane_f32(x, v, 0);
  }
}
#else
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
#endif

#if LINNET_VECTOR_BITS >= 256
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
#endif

// The first `count` lanes of eight, 0 < count < 8.
#if LINNET_VECTOR_BITS >= 256
struct SomeOfEight {
  std::size_t count;
  __m256i lanes;
  explicit SomeOfEight(std::size_t n)
      : count(n),
        lanes(_mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))) {}
  [[nodiscard]] __m256 load(const float* x) const { return _mm256_maskload_ps(x, lanes); }
  void store(float* x, __m256 value) const { store_seven(x, count, value); }  // a masked store takes 12 cycles on Zen 4
  [[nodiscard]] __m256 keep(__m256 fresh, __m256 old) const {
    return _mm256_blendv_ps(old, fresh, _mm256_castsi256_ps(lanes));
  }
};
#endif

// The first `count` lanes of a vector, 0 < count < kWidth.
#if LINNET_VECTOR_BITS == 256
using Some = SomeOfEight;
#else
struct Some {
  std::size_t count;
#if LINNET_VECTOR_BITS == 512
  __mmask16 lanes;
  explicit Some(std::size_t n) : count(n), lanes(static_cast<__mmask16>((1u << n) - 1u)) {}
  [[nodiscard]] Vector load(const float* x) const { return _mm512_maskz_loadu_ps(lanes, x); }
  void store(float* x, Vector value) const { _mm512_mask_storeu_ps(x, lanes, value); }
  [[nodiscard]] Vector keep(Vector fresh, Vector old) const { return _mm512_mask_blend_ps(lanes, old, fresh); }
#else
  explicit Some(std::size_t n) : count(n) {}
  [[nodiscard]] Vector load(const float* x) const { return load_three(x, count); }
  void store(float* x, Vector value) const { store_three(x, count, value); }
  [[nodiscard]] Vector keep(Vector fresh, Vector old) const {
    return choose(lane_numbers<Vector>() < Vector(static_cast<float>(count)), fresh, old);
  }
#endif
};
#endif

// The same for what is stored and then soon loaded: in pieces that a load finds again as they were stored. A masked
// load would wait until the store has left the processor's queue, and all instructions before it: 50 to 100 cycles of
// the 500 that a small step takes.
struct Pieces : Some {
  using Some::Some;
  explicit Pieces(const Some& some) : Some(some) {}
#if LINNET_VECTOR_BITS == 512
  [[nodiscard]] Vector load(const float* x) const {
    if ((count & 8) == 0) {
      return _mm512_zextps256_ps512(load_seven(x, count));
    }
    return _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(x)), load_seven(x + 8, count), 1);
  }
  void store(float* x, Vector value) const {
    if ((count & 8) == 0) {
      store_seven(x, count, _mm512_castps512_ps256(value));
    } else {
      _mm256_storeu_ps(x, _mm512_castps512_ps256(value));
      store_seven(x + 8, count, _mm512_extractf32x8_ps(value, 1));
    }
  }
#elif LINNET_VECTOR_BITS == 256
  [[nodiscard]] Vector load(const float* x) const { return load_seven(x, count); }
#endif
};

}  // namespace
}  // namespace linnet
