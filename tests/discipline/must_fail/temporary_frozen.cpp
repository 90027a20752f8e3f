// must fail: pass something with a name that lives as long
// The network keeps reading the parameters of frozen layers.
#include <vector>

#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(2, {{1, linnet::activation::sigmoid}});

linnet::Status start(linnet::Network& network, const std::vector<float>& lasting) {
#ifdef MUST_FAIL
  return network.bind(kShape, std::vector<float>(lasting), {}, 1);
#else
  return network.bind(kShape, lasting, {}, 1);
#endif
}
