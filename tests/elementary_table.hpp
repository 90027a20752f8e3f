// The functions of kernels/elementary.hpp as one kernel table computes them: elementary_table.cpp, compiled once per
// table.
#pragma once

#include <cstddef>

namespace linnet_test {

// y[k] = f(x[k]) for k < n
using Evaluate = void (*)(const float* x, float* y, std::size_t n);

struct ElementaryTable {
  const char* name;
  bool flushes;  // ARMv7 NEON takes subnormal arguments for zeros
  Evaluate exponential, exponential_minus_one, logarithm, log_one_plus, hyperbolic_tangent, logistic;
  Evaluate normal_cdf, normal_density;
};

extern const ElementaryTable elementary_scalar;
#ifdef LINNET_X86
extern const ElementaryTable elementary_sse2, elementary_avx2, elementary_avx512;
#endif
#ifdef LINNET_NEON
extern const ElementaryTable elementary_neon, elementary_neon64;  // one of them
#endif

}  // namespace linnet_test
