// must fail: cannot convert|could not convert|no viable conversion|no matching (member )?function|no known conversion
// What is lent to be read cannot be initialized: parameters in flash stay as they are.
#include <linnet/linnet.hpp>

linnet::Status start(linnet::Network& network, linnet::Pcg32& random) {
#ifdef MUST_FAIL
  return linnet::initialize(network.read_weights(0), random, linnet::initializer::xavier_normal);
#else
  return linnet::initialize(network.weights(0), random, linnet::initializer::xavier_normal);
#endif
}
