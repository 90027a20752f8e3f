// must fail: pass something with a name that lives as long
// The predictor keeps reading its parameters, and the network those of frozen layers.
#include <vector>

#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(2, {{1, linnet::activation::sigmoid}});

linnet::Status start(linnet::Predictor& predictor, const std::vector<float>& lasting, std::vector<float>& scratch) {
#ifdef MUST_FAIL
  return predictor.bind(kShape, std::vector<float>(lasting), scratch);
#else
  return predictor.bind(kShape, lasting, scratch);
#endif
}
