// The functions of arithmetic/elementary.hpp as one kernel table computes them: elementary_table.cpp, compiled once per
// table.
#pragma once

#include <cstddef>

#include "kernels/variants.hpp"

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
#define LINNET_DECLARE_ELEMENTARY(table, ...) extern const ElementaryTable elementary_##table;
LINNET_VECTOR_TABLES(LINNET_DECLARE_ELEMENTARY, )

}  // namespace linnet_test
