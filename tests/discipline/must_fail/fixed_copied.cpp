// must fail: use of deleted function|call to deleted constructor
// A copy of a network that owns its array would point into the original; a handle on it can be copied.
#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(2, {{1, linnet::activation::sigmoid}});

std::size_t trainable(linnet::FixedNetwork<kShape>& network) {
#ifdef MUST_FAIL
  linnet::FixedNetwork<kShape> copy = network;
  return copy.network().trainable().size();
#else
  linnet::Network copy = network;
  return copy.trainable().size();
#endif
}
