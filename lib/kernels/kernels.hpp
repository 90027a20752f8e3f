// The contract between the layers and the inner loops: functions over floats and counts, which know no layers and no
// instruction set. Each table computes the same bits; scalar.cpp is the specification.
//
// How sums are formed (nothing else decides about the bits of a sum):
//   chain   the first product, then one multiply_add after the other in the order of the summed index
//   lanes   n terms over 16 lanes that start at -0, the number that changes no sum; term k joins lane k mod 16 by
//           multiply_add; then lane l += lane l + h for h = 8, 4, 2, 1. (Any power of two >= n gives the same bits.)
// A bias is added to the completed sum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <linnet/kernels.hpp>

#include "contract.hpp"

namespace linnet {

// What becomes of the sums A B + bias of a product.
enum class Finish : std::uint8_t {
  none,
  times_c,    // each is multiplied by the element of C that it replaces
  rectified,  // max(sum, 0); of vector tables alone, see kRectifiesInProducts
  times_step  // each is multiplied by 1 where y of a GatedProduct is positive, else by 0; of vector tables alone
};

// Whether this build has vector tables, and so uses for what only these do, such as a single row through a layer in one
// call, its pre-activations in registers.
#if defined(LINNET_X86) || defined(LINNET_NEON)
#define LINNET_HAS_VECTORS 1
#else
#define LINNET_HAS_VECTORS 0
#endif
constexpr bool kHasVectors = LINNET_HAS_VECTORS;

// Where there is only the scalar table, a product does not say how it is finished: 16 bytes of flash.
struct Finished {
  Finish finish;
  [[gnu::always_inline]] explicit Finished(Finish how) : finish(how) {}
};
struct AlwaysFinishedAlike {
  [[gnu::always_inline]] explicit AlwaysFinishedAlike(Finish /*how*/) {}
};

using HowFinished = std::conditional_t<kHasVectors, Finished, AlwaysFinishedAlike>;

// C = A B + bias. Returned is the largest magnitude of these outputs, as largest() does; where they are rectified and a
// sum was not finite, something not less than infinity; without a finish 0. (The constructor: filling the struct as an
// aggregate calls memset on a Cortex-M.)
struct Product : HowFinished {
  const float* a;     // (batch, terms)
  const float* b;     // (terms, outputs) or (outputs, terms)
  const float* bias;  // (outputs), or null
  float* c;           // (batch, outputs)
  std::size_t batch, terms, outputs;

  [[gnu::always_inline]] Product(const float* a_, const float* b_, const float* bias_, float* c_, Finish finish_,
                                 std::size_t batch_, std::size_t terms_, std::size_t outputs_)
      : HowFinished(finish_), a(a_), b(b_), bias(bias_), c(c_), batch(batch_), terms(terms_), outputs(outputs_) {}
};

struct GatedProduct : Product {
  const float* y;  // (batch, outputs)

  [[gnu::always_inline]] GatedProduct(const Product& product, const float* y_)
      : Product(product.a, product.b, product.bias, product.c, Finish::times_step, product.batch, product.terms,
                product.outputs),
        y(y_) {}
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
  std::uint8_t index;  // of this table's variant in every descriptor
  // B: weights by input, (terms, outputs): chains; on vectors also rectified. By unit, (outputs, terms): lanes, without
  // a finish.
  std::uint32_t (*multiply)(const Product& product, bool by_unit);
};

// What training needs beside it, by the same index.
struct TrainingKernels {
  // Chains, no bias; finished as times_c or, on vectors, times_step. B: weights by unit, (terms, outputs), or by input,
  // (outputs, terms).
  std::uint32_t (*input_gradient)(const Product& product, bool by_unit);
  // The largest of x[i] & mask, as bits: with the sign masked out, an order on magnitudes in which NaN > Inf > all
  // else.
  std::uint32_t (*largest)(const float* x, std::size_t n, std::uint32_t mask);
#if LINNET_HAS_VECTORS
  // A single row of unit gradients down through a layer, the same bits: below *= W^T d. Returns their largest magnitude,
  // as bits. Null in the scalar table.  d: (units), weights: of the layer, below: (inputs) derivatives
  std::uint32_t (*row_below)(const float* d, const float* weights, std::size_t inputs, std::size_t units,
                             float* below) = nullptr;
#endif
};

// What kept gradients need beside it, by the same index.
struct KeptKernels {
  void (*keep)(const OuterSum& sum, float* gradient);      // gradient = G
  void (*add)(const OuterSum& sum, float* gradient);       // gradient += G
  float (*sum_of_squares)(const float* x, std::size_t n);  // lanes
  void (*scale)(float* x, std::size_t n, float factor);
  void (*clip)(float* x, std::size_t n, float limit);  // to [-limit, limit]
};

// How many tables this build has. Descriptors have no room for more: up to kMostKernelTables it would take 28 bytes of
// flash in each.
#if defined(LINNET_X86)
constexpr std::size_t kTableCount = 4;
#elif defined(LINNET_NEON)
constexpr std::size_t kTableCount = 2;
#else
constexpr std::size_t kTableCount = 1;
#endif

namespace {
// The place of a table's variant in every descriptor.
inline std::size_t index_of(const KernelTable& table) { return kTableCount == 1 ? 0 : table.index; }
}  // namespace

constexpr std::uint32_t kMagnitudeBits = 0x7fffffffu;
constexpr std::uint32_t kAllBits = 0xffffffffu;
constexpr std::uint32_t kInfinityBits = 0x7f800000u;
constexpr std::uint32_t kOneBits = 0x3f800000u;

}  // namespace linnet

// The tables of this build. A descriptor lists its variants with LINNET_VARIANTS(name), in the order of the indices.
#if defined(LINNET_X86)
#define LINNET_DECLARE_VARIANTS(type, name) \
  namespace linnet {                        \
  namespace sse2 {                          \
  extern const type name;                   \
  }                                         \
  namespace avx2 {                          \
  extern const type name;                   \
  }                                         \
  namespace avx512 {                        \
  extern const type name;                   \
  }                                         \
  }
#define LINNET_VARIANTS(name) &name##_scalar, &sse2::name, &avx2::name, &avx512::name
#elif defined(LINNET_NEON)  // neon or neon64
#define LINNET_DECLARE_VARIANTS(type, name) \
  namespace linnet::LINNET_NEON {           \
  extern const type name;                   \
  }
#define LINNET_VARIANTS(name) &name##_scalar, &LINNET_NEON::name
#else
#define LINNET_DECLARE_VARIANTS(type, name)
#define LINNET_VARIANTS(name) &name##_scalar
#endif
