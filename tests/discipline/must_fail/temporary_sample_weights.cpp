// must fail: pass something with a name that lives as long
// Samples keep their weights.
#include <array>

#include <linnet/linnet.hpp>

linnet::Samples weighted(const linnet::Samples& samples, const std::array<float, 2>& lasting) {
#ifdef MUST_FAIL
  return samples.with_weights(std::array<float, 2>(lasting));
#else
  return samples.with_weights(lasting);
#endif
}
