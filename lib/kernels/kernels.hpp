// The contract between the layers and the inner loops: functions over floats and counts, which know no layers and no
// instruction set. Each table computes the bits of specification.hpp.
//
// How sums are formed (nothing else decides about the bits of a sum):
//   chain   starts at the bias, or at -0, the number that changes no sum, and joins the terms in the order of their
//           index with one multiply_add each
//   lanes   n terms over 16 lanes that start at -0; term k joins lane k mod 16 by addition (a square by multiply_add);
//           then lane l += lane l + h for h = 8, 4, 2, 1. (Any power of two >= n gives the same bits.)
// Products and outer sums are chains; losses, norms, softmax denominators and class weights are lanes.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/kernels.hpp>

#include "arithmetic/contract.hpp"
#include "kernels/variants.hpp"

namespace linnet {

// Whether this build has vector tables, and so uses for what only these do, such as a single row through a layer in one
// call, its pre-activations in registers.
constexpr bool kHasVectors = kTableCount > 1;

// C = A B + bias. (The constructor: filling the struct as an aggregate calls memset on a Cortex-M.)
struct Product {
  const float* a;     // (batch, terms)
  const float* b;     // (terms, outputs), transposed (outputs, terms)
  const float* bias;  // (outputs), or null
  float* c;           // (batch, outputs)
  std::size_t batch, terms, outputs;

  [[gnu::always_inline]] Product(const float* a_, const float* b_, const float* bias_, float* c_, std::size_t batch_,
                                 std::size_t terms_, std::size_t outputs_)
      : a(a_), b(b_), bias(bias_), c(c_), batch(batch_), terms(terms_), outputs(outputs_) {}
};

// G[r][c] = share * sum over the batch of p[r] q[c], a chain per element, then the product with the share. A weight
// gradient in the order in which the weights are stored, or with p = 1 a bias gradient. The share is what the mean of
// the loss divides by, kept out of the sums so that equal terms of opposite sign cancel without a rest.
struct OuterSum {
  const float* p;  // (batch, rows), the next sample p_stride further
  const float* q;  // (batch, columns)
  std::size_t p_stride;
  std::size_t batch, columns, rows;
  float share;
  const float* biases = nullptr;  // of an OptimizerVariant alone: p or q, whichever has unit gradients, or null

  // The biases' own sum; one: 1, p of it.
  [[nodiscard, gnu::always_inline]] OuterSum of_biases(const float* one) const {
    return {one, biases, 0, batch, biases == q ? columns : rows, 1, share};
  }
};

// Whether an OptimizerVariant takes biases with the weights: 8 % of a step of 4-16-16-3 on AVX2, but 70 bytes of
// flash on a Cortex-M, for 30 instructions of 5,990.
constexpr bool kBiasesWithWeights = kHasVectors;

// Whether ReLU is done in the product that makes its pre-activations, and its derivative read from what it gave, where
// the table has vectors: nobody else then passes over them.
constexpr bool kRectifiesInProducts = kHasVectors;

// What inference needs.
struct KernelTable {
  std::uint8_t index;                                         // of this table's variant in every descriptor
  void (*multiply)(const Product& product, bool transposed);  // C = A B + bias
  // C = max(A B + bias, 0). Returns the largest of C, as bits, or what is not less than infinity where a sum was not
  // finite. Null in the scalar table.
  std::uint32_t (*rectified)(const Product& product, bool transposed) = nullptr;
};

// What training needs beside it, by the same index. Without a bias; returned is the largest magnitude of C, as largest()
// gives it.
struct TrainingKernels {
  std::uint32_t (*input_gradient)(const Product& product, bool transposed);  // C *= A B
  // The largest of x[i] & mask, as bits: with the sign masked out, an order on magnitudes in which NaN > Inf > all
  // else.
  std::uint32_t (*largest)(const float* x, std::size_t n, std::uint32_t mask);
  // C = A B where y > 0, else 0 times it. Null in the scalar table.  y: (batch, outputs)
  std::uint32_t (*gated_input_gradient)(const Product& product, const float* y, bool transposed) = nullptr;
  // A single row of unit gradients down through a layer: below *= W^T d. Null in the scalar table.
  //   d: (units), weights: of the layer, below: (inputs) derivatives
  std::uint32_t (*row_below)(const float* d, const float* weights, std::size_t inputs, std::size_t units,
                             float* below) = nullptr;
};

// What kept gradients need beside it, by the same index.
struct KeptKernels {
  void (*keep)(const OuterSum& sum, float* gradient);                    // gradient = G
  void (*add)(const OuterSum& sum, float* gradient);                     // gradient += G
  float (*sum_of_squares)(const float* x, std::size_t n, float factor);  // of factor * x, in lanes
  void (*scale)(float* x, std::size_t n, float factor);
  void (*clip)(float* x, std::size_t n, float limit);  // to [-limit, limit]
};

namespace {
// The place of a table's variant in every descriptor.
inline std::size_t index_of(const KernelTable& table) { return kTableCount == 1 ? 0 : table.index; }
}  // namespace

constexpr std::uint32_t kMagnitudeBits = 0x7fffffffu;
constexpr std::uint32_t kAllBits = 0xffffffffu;
constexpr std::uint32_t kInfinityBits = 0x7f800000u;
constexpr std::uint32_t kOneBits = 0x3f800000u;

}  // namespace linnet

namespace linnet::scalar {
extern const KernelTable table;
extern const KeptKernels kept;
// Known here, so that where this is the only table it is called without looking it up.
std::uint32_t input_gradient(const Product& product, bool transposed);
std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask);
inline constexpr TrainingKernels training = {input_gradient, largest};
}  // namespace linnet::scalar
LINNET_DECLARE_VARIANTS(KernelTable, table)
LINNET_DECLARE_VARIANTS(TrainingKernels, training)
LINNET_DECLARE_VARIANTS(KeptKernels, kept)
