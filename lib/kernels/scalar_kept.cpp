// What kept gradients need. Apart from scalar_gradient.cpp so that a program without them does not carry it.
#include "kernels/scalar_outer.hpp"

namespace linnet::scalar {
namespace {

void keep(const OuterSum& sum, float* gradient) { outer(sum, Overwrite<float>(), {gradient, {}}, 0.0f); }

void add(const OuterSum& sum, float* gradient) { outer(sum, Accumulate<float>(), {gradient, {}}, 0.0f); }

}  // namespace

extern constexpr KeptKernels kept = {keep, add, sum_of_squares<float>, scale<float>, clip<float>};

}  // namespace linnet::scalar
