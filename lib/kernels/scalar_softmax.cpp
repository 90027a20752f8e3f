// What softmax and its loss share; apart, so that each can be linked without the other.
#include "activation/formulas.hpp"

namespace linnet::scalar {

float sum(const float* x, std::size_t n, std::size_t stride) {
  if (n <= 4) {  // a lane each
    const float even = n > 2 ? x[0] + x[2 * stride] : x[0];
    return n < 2 ? even : even + (n > 3 ? x[stride] + x[3 * stride] : x[stride]);
  }
  return sum_by_quarters(n, [x, stride](std::size_t k, float lane) LINNET_INLINED { return lane + x[k * stride]; });
}

float softmax_numerators(const float* z, float* e, std::size_t units, float& largest) {
  float check = 0.0f;
  largest = z[0];
  for (std::size_t o = 0; o < units; ++o) {
    check = multiply_add(z[o], 0.0f, check);
    largest = z[o] > largest ? z[o] : largest;
  }
  for (std::size_t o = 0; o < units; ++o) {
    e[o] = exponential_of_negative(z[o] - largest);
  }
  return sum(e, units, 1) + check;
}

}  // namespace linnet::scalar
