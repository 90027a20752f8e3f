// W1 with every size known to the compiler and nothing looked at: Linnet's own formulas in one function. The bits are
// Linnet's, which bench.cpp compares; the time between the two is what a shape known at run time and the checks cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

struct Shaped {
  static constexpr std::size_t kRoom = 4 * 16 + 3;  // floats

  // x: (4), parameters: as a Network has them, outputs: (3)
  void (*predict)(const float* x, const float* parameters, float* room, float* outputs);
  // A step of gradient descent; returns the loss.
  float (*step)(const float* x, std::uint16_t label, float* parameters, float* room, float rate);
};

namespace avx2 {
extern const Shaped shaped;
}
namespace avx512 {
extern const Shaped shaped;
}

}  // namespace bench
