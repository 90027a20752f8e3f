// The functions of arithmetic/elementary.hpp for one kernel table. Compiled once per table, with -DLINNET_TABLE=<name>,
// but for the scalar one -DLINNET_INSTRUCTION_SET=<its file>, and the flags of that table's kernels. Like the kernels
// it includes nothing that could leave code of this instruction set for the linker to use elsewhere.
#define LINNET_JOIN_WORDS(a, b) a##b
#define LINNET_JOIN(a, b) LINNET_JOIN_WORDS(a, b)
#define LINNET_TEXT_OF(name) #name
#define LINNET_TEXT(name) LINNET_TEXT_OF(name)

#if defined(LINNET_INSTRUCTION_SET)

#include LINNET_INSTRUCTION_SET

namespace {
using Number = linnet::Vector;
using linnet::kFlushesSubnormals;
inline Number read(const float* x) { return Number::load_unaligned(x); }
inline void write(float* y, Number value) { value.store_unaligned(y); }
}  // namespace

#else

#include "arithmetic/number.hpp"

namespace {
using Number = float;
constexpr bool kFlushesSubnormals = false;
inline Number read(const float* x) { return *x; }
inline void write(float* y, Number value) { *y = value; }
}  // namespace

#endif

#include "elementary_table.hpp"
#include "arithmetic/elementary.hpp"

namespace {

constexpr std::size_t kNumberWidth = sizeof(Number) / sizeof(float);  // NOLINT(bugprone-sizeof-expression): may be 1

template <Number (*function)(Number)>
void apply(const float* x, float* y, std::size_t n) {
  std::size_t k = 0;
  for (; k + kNumberWidth <= n; k += kNumberWidth) {
    write(y + k, function(read(x + k)));
  }
  if (k < n) {
    float rest[kNumberWidth] = {};
    for (std::size_t i = k; i < n; ++i) {
      rest[i - k] = x[i];
    }
    write(rest, function(read(rest)));
    for (std::size_t i = k; i < n; ++i) {
      y[i] = rest[i - k];
    }
  }
}

Number normal_cdf(Number x) {
  Number density(0.0f);
  return linnet::normal_cdf(x, density);
}

Number hyperbolic_tangent(Number x) {
  Number slope(0.0f);
  return linnet::hyperbolic_tangent(x, slope);
}

Number normal_density(Number x) {
  Number density(0.0f);
  static_cast<void>(linnet::normal_cdf(x, density));
  return density;
}

}  // namespace

namespace linnet_test {

extern const ElementaryTable LINNET_JOIN(elementary_, LINNET_TABLE) = {
    LINNET_TEXT(LINNET_TABLE),  kFlushesSubnormals,
    apply<linnet::exponential>, apply<linnet::exponential_minus_one>,
    apply<linnet::logarithm>,   apply<linnet::log_one_plus>,
    apply<hyperbolic_tangent>,  apply<linnet::logistic>,
    apply<normal_cdf>,          apply<normal_density>};

}  // namespace linnet_test
