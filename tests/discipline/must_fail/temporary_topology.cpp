// must fail: pass something with a name that lives as long
// A network keeps pointing to its topology: a temporary one would be gone.
#include <linnet/linnet.hpp>

linnet::Status start(linnet::Network& network, linnet::Span<float> memory) {
#ifdef MUST_FAIL
  return network.bind(linnet::topology(2, {{1, linnet::activation::sigmoid}}), memory);
#else
  static constexpr auto kShape = linnet::topology(2, {{1, linnet::activation::sigmoid}});
  return network.bind(kShape, memory);
#endif
}
