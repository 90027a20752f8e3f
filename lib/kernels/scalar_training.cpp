// Apart from scalar.cpp so that a program that only predicts does not carry it.
#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

// B: (outputs, terms)
void multiply_transposed(const Product& m) { multiply_chains(m, 1, m.terms); }

void keep(const OuterSum& sum, float* gradient) { outer(sum, Store<float>(), {gradient, {}}, 0.0f); }

void add(const OuterSum& sum, float* gradient) { outer(sum, Accumulate<float>(), {gradient, {}}, 0.0f); }

}  // namespace

extern constexpr TrainingKernels training = {multiply_transposed,   keep,         add,
                                             sum_of_squares<float>, scale<float>, clip<float>};

}  // namespace linnet::scalar
