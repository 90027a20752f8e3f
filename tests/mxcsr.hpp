// The register of SSE that rules rounding and subnormal numbers.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>

#include <doctest/doctest.h>

namespace linnet_test {

// Adds these bits to it, and takes them back.
class WithMxcsr {
 public:
  explicit WithMxcsr(unsigned bits) : before_(_mm_getcsr()) { _mm_setcsr(before_ | bits); }
  ~WithMxcsr() { _mm_setcsr(before_); }
  WithMxcsr(const WithMxcsr&) = delete;
  WithMxcsr& operator=(const WithMxcsr&) = delete;

 private:
  unsigned before_;
};

// Valgrind computes as if nothing had been set.
inline bool mxcsr_is_obeyed() {
  const WithMxcsr flush(0x8000u);
  volatile float x = 1e-38f;
  x = x * 0.01f;
  return x == 0.0f;
}

}  // namespace linnet_test
#endif
