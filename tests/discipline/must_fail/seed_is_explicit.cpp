// must fail: cannot convert|could not convert|no viable conversion|no matching function|invalid initialization|candidate function not viable|cannot bind to a temporary
// A number is not a generator: a temporary one would draw the same weights for every layer.
#include <linnet/linnet.hpp>

linnet::Status start(linnet::Network& network) {
#ifdef MUST_FAIL
  return linnet::initialize(network, 42);
#else
  linnet::Pcg32 random(42);
  return linnet::initialize(network, random);
#endif
}
