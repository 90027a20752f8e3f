// must fail: pass something with a name that lives as long
// The same with a frozen backbone.
#include <linnet/linnet.hpp>

linnet::Status start(linnet::Network& network, linnet::Span<const float> frozen, linnet::Span<float> memory) {
#ifdef MUST_FAIL
  return network.bind(linnet::topology(2, {{4, linnet::activation::tanh}, {1, linnet::activation::sigmoid}}), frozen,
                      memory, 1);
#else
  static constexpr auto kShape = linnet::topology(2, {{4, linnet::activation::tanh}, {1, linnet::activation::sigmoid}});
  return network.bind(kShape, frozen, memory, 1);
#endif
}
