// must fail: pass something with a name that lives as long
// The loss keeps the class weights.
#include <array>

#include <linnet/linnet.hpp>

linnet::Loss weighted(const std::array<float, 2>& lasting) {
#ifdef MUST_FAIL
  return linnet::loss::softmax_cross_entropy.with_class_weights(std::array<float, 2>(lasting));
#else
  return linnet::loss::softmax_cross_entropy.with_class_weights(lasting);
#endif
}
