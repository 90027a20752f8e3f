// must fail: -Werror(=|,-W)unused-result
// flags: -Werror=unused-result
// The same for a free function: [[nodiscard]] stands on the type.
#include <linnet/linnet.hpp>

bool start(linnet::Network& network, linnet::Pcg32& random) {
#ifdef MUST_FAIL
  linnet::initialize(network, random);
  return true;
#else
  return linnet::initialize(network, random) == linnet::Status::ok;
#endif
}
