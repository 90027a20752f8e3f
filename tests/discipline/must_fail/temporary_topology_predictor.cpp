// must fail: pass something with a name that lives as long
// The same for a predictor without a network, whether or not the kernels are named.
#include <linnet/linnet.hpp>

linnet::Status start(linnet::Predictor& predictor, linnet::Span<const float> parameters, linnet::Span<float> scratch) {
#ifdef MUST_FAIL
  return predictor.bind(linnet::topology(2, {{1, linnet::activation::sigmoid}}), parameters, scratch);
#else
  static constexpr auto kShape = linnet::topology(2, {{1, linnet::activation::sigmoid}});
  return predictor.bind(kShape, parameters, scratch);
#endif
}
