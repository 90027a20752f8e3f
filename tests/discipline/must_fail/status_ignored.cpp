// must fail: -Werror(=|,-W)unused-result
// flags: -Werror=unused-result
// A Status that nobody reads hides a refusal.
#include <linnet/linnet.hpp>

bool start(linnet::Network& network, const linnet::Topology& topology, linnet::Span<float> memory) {
#ifdef MUST_FAIL
  network.bind(topology, memory);
  return true;
#else
  return network.bind(topology, memory) == linnet::Status::ok;
#endif
}
