// What softmax and its loss share; apart, so that each can be linked without the other.
#include "activation/softmax.hpp"
#include "kernels/eight.hpp"

namespace linnet::scalar {

float sum(const float* x, std::size_t n, std::size_t stride) {
  if ((!kCompact || !kHasRegisters) && n <= 4) {  // a lane each
    float even = x[0];
    float odd = -0.0f;
    if (n > 1) {
      odd = x[stride];
    }
    if (n > 2) {
      even += x[2 * stride];
    }
    if (n > 3) {
      odd += x[3 * stride];
    }
    return even + odd;
  }
  return sum_in_tree(n, [x, stride](std::size_t k, float lane) LINNET_INLINED { return lane + x[k * stride]; });
}

void softmax_numerators(float* z, float* e, std::size_t units) {
  Watch<float> watch;
  float largest = z[0];
  for (std::size_t o = 0; o < units; ++o) {
    watch.see(z[o]);
    largest = z[o] > largest ? z[o] : largest;
  }
  for (std::size_t o = 0; o < units; ++o) {
    const float shifted = z[o] - largest;
    z[o] = shifted;
    e[o] = exponential_of_negative(shifted);
  }
  e[0] += watch.poison();
}

}  // namespace linnet::scalar
