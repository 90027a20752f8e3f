// The kernels below the layers: every table against a naive sum in double precision, and bit for bit against the
// specification.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "activation/descriptor.hpp"
#include "kernels/specification.hpp"
#include "tables/tables.hpp"
#include "step/step.hpp"

#include "activations.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Product;

namespace {

struct Kind {
  bool gradient;    // input_gradient(), else multiply()
  bool transposed;  // B is (outputs, terms), not (terms, outputs)
};
constexpr Kind kKinds[] = {{false, false}, {false, true}, {true, false}, {true, true}};

std::uint32_t largest_magnitude(const std::vector<float>& x) {
  std::uint32_t largest = 0;
  for (const float value : x) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    largest = std::max(largest, bits & 0x7fffffffu);
  }
  return largest;
}

struct Case {
  Kind kind;
  std::size_t batch, terms, outputs;
  bool bias;
};

std::string describe(const Case& c) {
  return std::string(c.kind.gradient ? "gradient" : "product") + (c.kind.transposed ? ", B transposed," : ",") +
         " batch " + std::to_string(c.batch) + " terms " + std::to_string(c.terms) + " outputs " +
         std::to_string(c.outputs);
}

// What a case works on.
struct Operands {
  std::vector<float> a, b, bias, c;

  explicit Operands(const Case& of)
      : a(random_floats(of.batch * of.terms, 1)),
        b(random_floats(of.terms * of.outputs, 2)),
        bias(random_floats(of.outputs, 3)),
        c(random_floats(of.batch * of.outputs, 4)) {}
  Product product(const Case& of) {
    return {a.data(), b.data(), of.bias ? bias.data() : nullptr, c.data(), of.batch, of.terms, of.outputs};
  }
};

std::vector<float> run(const Case& c, const linnet::KernelTable& table) {
  Operands operands(c);
  const Product product = operands.product(c);
  if (c.kind.gradient) {
    linnet::training_kernels_of(table).input_gradient(product, c.kind.transposed);
  } else {
    table.multiply(product, c.kind.transposed);
  }
  return operands.c;
}

std::vector<float> specified(const Case& c) {
  Operands operands(c);
  const Product product = operands.product(c);
  if (c.kind.gradient) {
    linnet::specification::input_gradient(product, c.kind.transposed);
  } else {
    linnet::specification::multiply(product, c.kind.transposed);
  }
  return operands.c;
}

void compare_with_double(const Case& c, const std::vector<float>& result) {
  const Operands operands(c);
  const std::vector<float>&a = operands.a, &b = operands.b, &before = operands.c;
  double worst = 0.0;  // difference over the sum of magnitudes
  for (std::size_t r = 0; r < c.batch; ++r) {
    for (std::size_t o = 0; o < c.outputs; ++o) {
      double sum = c.bias ? static_cast<double>(operands.bias[o]) : 0.0;
      double size = std::fabs(sum);
      for (std::size_t k = 0; k < c.terms; ++k) {
        const double w = static_cast<double>(c.kind.transposed ? b[o * c.terms + k] : b[k * c.outputs + o]);
        sum += static_cast<double>(a[r * c.terms + k]) * w;
        size += std::fabs(static_cast<double>(a[r * c.terms + k]) * w);
      }
      const double factor = c.kind.gradient ? static_cast<double>(before[r * c.outputs + o]) : 1.0;
      worst = std::fmax(
          worst, std::fabs(static_cast<double>(result[r * c.outputs + o]) - sum * factor) / (size * std::fabs(factor)));
    }
  }
  // each of the roundings is 2^-24 of a partial sum (two per term in the separate contract), one more for the factor
  CHECK_MESSAGE(worst <= (2.0 * static_cast<double>(c.terms) + 2.0) * 0x1p-24, describe(c));
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const std::size_t sizes[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 130};
  const std::size_t batches[] = {1, 2, 3, 7, 8, 13, 65};
  std::size_t turn = 0;
  for (const Kind& kind : kKinds) {
    for (const std::size_t terms : sizes) {
      ++turn;  // 15 a time: every width meets every batch, with and without a bias
      for (const std::size_t outputs : sizes) {
        ++turn;
        all.push_back({kind, batches[turn % 7], terms, outputs, !kind.gradient && turn % 2 == 0});
      }
    }
  }
  const std::size_t more_terms[] = {48, 127, 128, 129, 257};
  const std::size_t few_outputs[] = {1, 3, 5, 10, 15, 16, 17};
  for (const std::size_t terms : more_terms) {  // a layer of few outputs by many inputs, in pieces of a panel
    ++turn;
    for (const std::size_t outputs : few_outputs) {
      ++turn;
      const std::size_t batch = turn % 3 == 0 ? 16 : turn % 3 == 1 ? 23 : 150;
      all.push_back({{turn % 4 == 0, true}, batch, terms, outputs, turn % 4 != 0 && turn % 2 == 0});
    }
  }
  if (kernels().index > 0) {  // weights that do not stay in a second cache: vectors take other ways
    all.push_back({{false, false}, 37, 300, 450, true});
    all.push_back({{false, false}, 37, 521, 513, true});
    all.push_back({{false, false}, 32, 150, 1793, false});
    all.push_back({{true, false}, 33, 700, 400, false});
  }
  return all;
}

}  // namespace

TEST_CASE("products agree with double precision and every table gives the bits of the specification") {
  for (const Case& c : cases()) {
    const std::vector<float> result = run(c, kernels());
    compare_with_double(c, result);
    CHECK_MESSAGE(same_bits(result, specified(c)), describe(c));
  }
}

TEST_CASE("a chain starts at the bias, or at -0, and joins its terms in the order of their index") {
  // 2^24 + 1 is no float: added to 2^24 first, 1 and 1 are lost; added to each other first, they are not
  const float ones[] = {1.0f, 1.0f, 1.0f};
  const float terms[] = {1.0f, 1.0f, -16777216.0f};
  const float bias = 16777216.0f;
  const float nothing[] = {-0.0f, 0.0f};
  for (const bool transposed : {false, true}) {
    float c = 7.0f;
    kernels().multiply({ones, terms, &bias, &c, 1, 3, 1}, transposed);
    CHECK(c == 0.0f);
    kernels().multiply({ones, terms, nullptr, &c, 1, 3, 1}, transposed);
    CHECK(c == -16777214.0f);
    kernels().multiply({ones, nothing, nullptr, &c, 1, 1, 1}, transposed);
    CHECK((c == 0.0f && std::signbit(c)));
  }
}

TEST_CASE("a product times what lies there returns the largest magnitude of its outputs, infinity and NaN too") {
  for (const Case& c : cases()) {
    if (!c.kind.gradient) {
      continue;
    }
    Operands operands(c);
    const std::vector<float> before = operands.c;
    for (const float factor : {1.0f, -3e38f, INFINITY, NAN}) {  // in one place, another one each time
      operands.c = before;
      operands.c[(before.size() * 2 / 3 + c.terms) % before.size()] = factor;
      const std::uint32_t returned =
          linnet::training_kernels_of(kernels()).input_gradient(operands.product(c), c.kind.transposed);
      CHECK_MESSAGE(returned == largest_magnitude(operands.c), describe(c));
    }
  }
}

#if LINNET_HAS_VECTORS

TEST_CASE("ReLU in a product gives the bits of ReLU behind it, and says how large it is or what is not finite") {
  if (kernels().index == 0) {
    return;
  }
  const linnet::ActivationVariant& relu = *linnet::activation::relu.descriptor->variants[0];
  for (const Case& c : cases()) {
    if (c.kind.gradient) {
      continue;
    }
    Operands operands(c);
    const float good = operands.a[0];
    for (const float first : {good, INFINITY, -INFINITY, NAN, -NAN}) {
      operands.a[0] = first;
      linnet::specification::multiply(operands.product(c), c.kind.transposed);
      std::vector<float> y = operands.c;
      const bool finite = largest_magnitude(y) < linnet::kInfinityBits;
      std::vector<float> derivative(y.size());
      relu.forward(y.data(), derivative.data(), y.size(), 0.0f);
      operands.c.assign(y.size(), 7.0f);
      const std::uint32_t returned = kernels().rectified(operands.product(c), c.kind.transposed);
      CHECK_MESSAGE((finite ? returned == largest_magnitude(y) : returned >= linnet::kInfinityBits), describe(c));
      CHECK_MESSAGE((first != good || same_bits(operands.c, y)), describe(c));
    }
  }
}

TEST_CASE("a gradient through ReLU's activations has the bits of one times its derivatives") {
  if (kernels().index == 0) {
    return;
  }
  const linnet::TrainingKernels& training = linnet::training_kernels_of(kernels());
  for (const Case& c : cases()) {
    if (!c.kind.gradient) {
      continue;
    }
    Operands operands(c);
    const std::vector<float> y = operands.c;
    for (float& derivative : operands.c) {
      derivative = derivative > 0.0f ? 1.0f : 0.0f;
    }
    const std::uint32_t expected = training.input_gradient(operands.product(c), c.kind.transposed);
    const std::vector<float> gradient = operands.c;
    operands.c.assign(y.size(), 7.0f);
    const std::uint32_t returned = training.gated_input_gradient(operands.product(c), y.data(), c.kind.transposed);
    CHECK_MESSAGE(same_bits(operands.c, gradient), describe(c));
    CHECK_MESSAGE(returned == expected, describe(c));
  }
}

TEST_CASE("ReLU in a product sees what is not finite in any output, and the largest activation else") {
  if (kernels().index == 0) {
    return;
  }
  const std::size_t widths[] = {1, 3, 4, 5, 8, 15, 16, 17, 31, 40};
  std::size_t batch = 1;
  for (const std::size_t outputs : widths) {
    batch = batch % 9 + 1;
    const bool transposed = batch % 2 == 0;
    const std::size_t terms = batch % 5 + 1;
    const std::vector<float> a = random_floats(batch * terms, 1);
    const std::vector<float> b = random_floats(terms * outputs, 2);
    for (std::size_t place = 0; place < outputs; ++place) {
      for (const float fault : {NAN, -NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 0.0f, -0.0f}) {
        std::vector<float> bias(outputs, -0.25f);
        bias[place] = fault;
        std::vector<float> expected(batch * outputs), y(batch * outputs);
        linnet::specification::multiply({a.data(), b.data(), bias.data(), expected.data(), batch, terms, outputs},
                                        transposed);
        const std::uint32_t returned =
            kernels().rectified({a.data(), b.data(), bias.data(), y.data(), batch, terms, outputs}, transposed);
        const bool finite = largest_magnitude(expected) < linnet::kInfinityBits;
        CAPTURE(outputs);
        CAPTURE(place);
        CAPTURE(fault);
        CHECK(finite == std::isfinite(fault));
        if (finite) {
          for (float& sum : expected) {
            sum = sum > 0.0f ? sum : 0.0f;
          }
          CHECK(same_bits(y, expected));
          CHECK(returned == largest_magnitude(expected));
        } else {
          CHECK(returned >= linnet::kInfinityBits);
        }
      }
    }
  }
}

#endif

TEST_CASE("an activation says whether what it read and what it wrote are finite") {
  const float z[] = {0.3f, -2.5f, 7.0f, -0.0f, 1e-30f, 60.0f, -60.0f, 1e30f, -1e30f};
  for (const NamedActivation& named : hidden_activations()) {
    const linnet::Activation& activation = named.activation;
    const linnet::ActivationVariant& variant = *activation.descriptor->variants[kernels().index];
    for (const float fault : {0.0f, INFINITY, -INFINITY, NAN}) {
      for (std::size_t n = 1; n < 40; ++n) {
        std::vector<float> x(n), d(n);
        for (std::size_t k = 0; k < n; ++k) {
          x[k] = z[(k + n) % 9];
        }
        if (fault != 0.0f) {
          x[n * 2 / 3] = fault;
        }
        std::vector<float> y = x;
        const bool forward = variant.forward(y.data(), d.data(), n, activation.parameter);
        const bool apply = variant.apply(x.data(), n, activation.parameter);
        CHECK_MESSAGE(forward == (fault == 0.0f), named.name);
        CHECK_MESSAGE(apply == forward, named.name);
      }
    }
  }
}

TEST_CASE("an activation that grows says when it overflows") {
  for (const linnet::Activation& activation :
       {linnet::activation::leaky_relu.with_slope(50.0f), linnet::activation::selu}) {
    const linnet::ActivationVariant& variant = *activation.descriptor->variants[kernels().index];
    const bool leaky = id_of(activation) == linnet::ActivationId::leaky_relu;
    for (std::size_t n = 1; n < 20; ++n) {
      std::vector<float> z(n, leaky ? -6e36f : 3e38f), d(n);
      CHECK(variant.forward(z.data(), d.data(), n, activation.parameter));
      z.assign(n, 1.0f);
      z[n / 2] = leaky ? -7e36f : 3.3e38f;
      std::vector<float> y = z;
      CHECK_FALSE(variant.forward(y.data(), d.data(), n, activation.parameter));
      CHECK_FALSE(variant.apply(z.data(), n, activation.parameter));
    }
  }
}

TEST_CASE("softmax over any number of units has the bits of the specification") {
  const linnet::ActivationDescriptor& softmax = *linnet::activation::softmax.descriptor;
  for (std::size_t units = 1; units < 70; ++units) {
    for (const float fault : {0.0f, INFINITY, -INFINITY, NAN}) {
      std::vector<float> z = random_floats(units, units, 3.0f);
      if (fault != 0.0f) z[units / 2] = fault;
      std::vector<float> y = z;
      CAPTURE(units);
      CHECK(softmax.variants[0]->apply(z.data(), units, 0.0f) == (fault == 0.0f));
      CHECK(softmax.variants[kernels().index]->apply(y.data(), units, 0.0f) == (fault == 0.0f));
      CHECK((fault != 0.0f || same_bits(y, z)));
    }
  }
}

TEST_CASE("weight gradients agree with double precision and every table gives the bits of the scalar one") {
  const linnet::KeptKernels& kept = linnet::kept_kernels_of(kernels());
  const linnet::KeptKernels& scalar = linnet::kept_kernels_of(linnet::scalar_kernels());
  const std::size_t batches[] = {1, 2, 5, 16};
  const std::size_t row_counts[] = {1, 3, 8, 13, 40};
  const std::size_t column_counts[] = {1, 5, 16, 17, 47};
  for (const std::size_t batch : batches) {
    for (const std::size_t rows : row_counts) {
      for (const std::size_t columns : column_counts) {
        const std::vector<float> p = random_floats(batch * rows, 5);
        const std::vector<float> q = random_floats(batch * columns, 6);
        std::vector<float> g(rows * columns), expected(rows * columns);
        kept.keep({p.data(), q.data(), rows, batch, columns, rows, 0.5f}, g.data());
        scalar.keep({p.data(), q.data(), rows, batch, columns, rows, 0.5f}, expected.data());
        CHECK(same_bits(g, expected));
        double worst = 0.0;
        for (std::size_t k = 0; k < g.size(); ++k) {
          double sum = 0.0;
          double size = 0.0;
          for (std::size_t b = 0; b < batch; ++b) {
            const double term =
                static_cast<double>(p[b * rows + k / columns]) * static_cast<double>(q[b * columns + k % columns]);
            sum += 0.5 * term;
            size += 0.5 * std::fabs(term);
          }
          worst = std::fmax(worst, std::fabs(static_cast<double>(g[k]) - sum) / size);
        }
        CHECK(worst <= 2.0 * static_cast<double>(batch) * 0x1p-24);
        kept.add({p.data(), q.data(), rows, batch, columns, rows, 0.5f}, g.data());
        for (std::size_t k = 0; k < g.size(); ++k) {
          CHECK(g[k] == 2.0f * expected[k]);
        }
      }
    }
  }
}

TEST_CASE("the largest magnitude puts NaN above infinity above all numbers, and signs count only when asked") {
  for (std::size_t n = 1; n < 40; ++n) {
    std::vector<float> x = random_floats(n, n);
    float most = 0.0f;
    for (const float value : x) {
      most = std::fmax(most, std::fabs(value));
    }
    std::uint32_t bits;
    std::memcpy(&bits, &most, 4);
    CHECK(linnet::training_kernels_of(kernels()).largest(x.data(), n, linnet::kMagnitudeBits) == bits);
    x[n / 2] = -INFINITY;
    CHECK(linnet::training_kernels_of(kernels()).largest(x.data(), n, linnet::kMagnitudeBits) == 0x7f800000u);
    x[n - 1] = NAN;
    CHECK(linnet::training_kernels_of(kernels()).largest(x.data(), n, linnet::kMagnitudeBits) > 0x7f800000u);
    x.assign(n, 1.0f);
    CHECK(linnet::training_kernels_of(kernels()).largest(x.data(), n, linnet::kAllBits) == 0x3f800000u);
    x[n / 3] = -1e-20f;
    CHECK(linnet::training_kernels_of(kernels()).largest(x.data(), n, linnet::kAllBits) > 0x80000000u);
  }
}

TEST_CASE("sums of squares, scaling and clipping give the bits of the scalar table") {
  const linnet::KeptKernels& kept = linnet::kept_kernels_of(kernels());
  const linnet::KeptKernels& scalar = linnet::kept_kernels_of(linnet::scalar_kernels());
  for (std::size_t n = 1; n < 70; ++n) {
    std::vector<float> x = random_floats(n, 100 + n);
    std::vector<float> y = x;
    const float sum = kept.sum_of_squares(x.data(), n, 1.0f);
    CHECK(sum == scalar.sum_of_squares(y.data(), n, 1.0f));
    CHECK(sum == kept.sum_of_squares(x.data(), n, 0x1p20f) * 0x1p-40f);
    double exact = 0.0;
    for (const float value : x) {
      exact += static_cast<double>(value) * static_cast<double>(value);
    }
    CHECK(static_cast<double>(sum) == doctest::Approx(exact).epsilon(1e-6));
    kept.clip(x.data(), n, 0.7f);
    scalar.clip(y.data(), n, 0.7f);
    CHECK(same_bits(x, y));
    for (const float value : x) {
      CHECK(std::fabs(value) <= 0.7f);
    }
    kept.scale(x.data(), n, 0.3f);
    scalar.scale(y.data(), n, 0.3f);
    CHECK(same_bits(x, y));
  }
}
