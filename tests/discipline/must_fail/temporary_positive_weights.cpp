// must fail: pass something with a name that lives as long
// The loss keeps the positive weights.
#include <array>

#include <linnet/linnet.hpp>

linnet::Loss weighted(const std::array<float, 2>& lasting) {
#ifdef MUST_FAIL
  return linnet::loss::binary_cross_entropy.with_positive_weights(std::array<float, 2>(lasting));
#else
  return linnet::loss::binary_cross_entropy.with_positive_weights(lasting);
#endif
}
