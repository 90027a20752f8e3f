// The largest magnitude of an array, on vectors.
#pragma once

#include "arithmetic/elementwise.hpp"
#include "arithmetic/unroll.hpp"
#include "kernels/kernels.hpp"
#include "vectors/vector.hpp"

namespace linnet {
namespace {

// In four chains: the order of a maximum does not matter.
inline std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask) {
  constexpr std::size_t kChains = 4;
  const Bits kept(mask);
  if (n <= kWidth) {
    return largest_lane(Bits(as_bits(n == kWidth ? load<Vector>(x, Full{}) : load<Vector>(x, Pieces(n))) & kept));
  }
  Bits most[kChains] = {Bits(0u), Bits(0u), Bits(0u), Bits(0u)};
  std::size_t k = 0;
  for (; k + kChains * kWidth <= n; k += kChains * kWidth) {
    unroll<kChains>([&](auto c) LINNET_INLINED {
      most[c] = larger(most[c], as_bits(load<Vector>(x + k + c * kWidth, Full{})) & kept);
    });
  }
  for_each<Vector>(n - k, [&](std::size_t rest, auto part) {
    most[0] = larger(most[0], as_bits(load<Vector>(x + k + rest, part)) & kept);
  });
  return largest_lane(larger(larger(most[0], most[1]), larger(most[2], most[3])));
}

}  // namespace
}  // namespace linnet
