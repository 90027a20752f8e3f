// must fail: could not convert|cannot convert|no viable conversion|value of type 'linnet::Status' is not contextually convertible
// ok is 0: a Status read as a truth value would mean the opposite.
#include <linnet/linnet.hpp>

bool start(linnet::Network& network, linnet::Pcg32& random) {
#ifdef MUST_FAIL
  if (linnet::initialize(network, random)) return true;
#else
  if (linnet::initialize(network, random) == linnet::Status::ok) return true;
#endif
  return false;
}
