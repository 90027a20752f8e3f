// must fail: pass something with a name that lives as long
// The same for a network that owns its array.
#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(2, {{1, linnet::activation::sigmoid}});

linnet::Status start(linnet::FixedNetwork<kShape>& network) {
#ifdef MUST_FAIL
  return network.bind(linnet::topology(1, {{1, linnet::activation::sigmoid}}));
#else
  return network.bind(kShape);
#endif
}
