// The kernels below the layers: every table against a naive sum in double precision, and bit for bit against scalar.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "activation/descriptor.hpp"
#include "kernels/tables.hpp"
#include "trainer.hpp"

#include "activations.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Finish;
using linnet::Product;

namespace {

// What forms which product: multiply() or input_gradient(), with weights by input or by unit.
enum class Kind { chain, lanes, gradient_by_input, gradient_by_unit };

bool is_gradient(Kind kind) { return kind == Kind::gradient_by_input || kind == Kind::gradient_by_unit; }
bool by_unit(Kind kind) { return kind == Kind::lanes || kind == Kind::gradient_by_unit; }
// B is (outputs, terms), not (terms, outputs)
bool is_transposed(Kind kind) { return kind == Kind::lanes || kind == Kind::gradient_by_input; }

std::uint32_t largest_magnitude(const std::vector<float>& x) {
  std::uint32_t largest = 0;
  for (const float value : x) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    largest = std::max(largest, bits & 0x7fffffffu);
  }
  return largest;
}

std::uint32_t multiply(Kind kind, const linnet::KernelTable& table, const Product& product) {
  return is_gradient(kind) ? linnet::training_kernels_of(table).input_gradient(product, by_unit(kind))
                           : table.multiply(product, by_unit(kind));
}

struct Case {
  Kind kind;
  std::size_t batch, terms, outputs;
  bool bias;
};

std::string describe(const Case& c) {
  const char* names[] = {"chain", "lanes", "gradient by input", "gradient by unit"};
  return std::string(names[static_cast<int>(c.kind)]) + " batch " + std::to_string(c.batch) + " terms " +
         std::to_string(c.terms) + " outputs " + std::to_string(c.outputs);
}

std::vector<float> run(const Case& c, const linnet::KernelTable& table) {
  const std::vector<float> a = random_floats(c.batch * c.terms, 1);
  const std::vector<float> b = random_floats(c.terms * c.outputs, 2);
  const std::vector<float> bias = random_floats(c.outputs, 3);
  std::vector<float> out = random_floats(c.batch * c.outputs, 4);
  multiply(c.kind, table,
           {a.data(), b.data(), c.bias ? bias.data() : nullptr, out.data(),
            is_gradient(c.kind) ? Finish::times_c : Finish::none, c.batch, c.terms, c.outputs});
  return out;
}

void compare_with_double(const Case& c, const std::vector<float>& result) {
  const std::vector<float> a = random_floats(c.batch * c.terms, 1);
  const std::vector<float> b = random_floats(c.terms * c.outputs, 2);
  const std::vector<float> bias = random_floats(c.outputs, 3);
  const std::vector<float> before = random_floats(c.batch * c.outputs, 4);
  double worst = 0.0;  // difference over the sum of magnitudes
  for (std::size_t r = 0; r < c.batch; ++r) {
    for (std::size_t o = 0; o < c.outputs; ++o) {
      double sum = c.bias ? static_cast<double>(bias[o]) : 0.0;
      double size = std::fabs(sum);
      for (std::size_t k = 0; k < c.terms; ++k) {
        const double w = static_cast<double>(is_transposed(c.kind) ? b[o * c.terms + k] : b[k * c.outputs + o]);
        sum += static_cast<double>(a[r * c.terms + k]) * w;
        size += std::fabs(static_cast<double>(a[r * c.terms + k]) * w);
      }
      const double factor = is_gradient(c.kind) ? static_cast<double>(before[r * c.outputs + o]) : 1.0;
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
  for (const Kind kind : {Kind::chain, Kind::lanes, Kind::gradient_by_input, Kind::gradient_by_unit}) {
    for (const std::size_t terms : sizes) {
      ++turn;  // 15 a time: every width meets every batch, with and without a bias
      for (const std::size_t outputs : sizes) {
        ++turn;
        all.push_back({kind, batches[turn % 7], terms, outputs, !is_gradient(kind) && turn % 2 == 0});
      }
    }
  }
  const std::size_t lane_terms[] = {16, 17, 31, 48, 255, 256, 257};
  const std::size_t lane_outputs[] = {1, 3, 4, 5, 7, 8, 10, 15, 16, 17};
  for (const std::size_t terms : lane_terms) {  // rows enough for a vector with a row to a lane
    ++turn;                                     // 11 a time, for the same reason
    for (const std::size_t outputs : lane_outputs) {
      ++turn;
      all.push_back({Kind::lanes, turn % 3 == 0 ? 16u : turn % 3 == 1 ? 23u : 65u, terms, outputs, turn % 2 == 0});
    }
  }
  if (kernels().index > 0) {  // weights that do not stay in a second cache: vectors take other ways
    all.push_back({Kind::chain, 37, 300, 450, true});
    all.push_back({Kind::chain, 37, 521, 513, true});
    all.push_back({Kind::chain, 32, 150, 1793, false});
    all.push_back({Kind::gradient_by_unit, 33, 700, 400, false});
  }
  return all;
}

}  // namespace

TEST_CASE("products agree with double precision and every table gives the bits of the scalar one") {
  const linnet::KernelTable& scalar = linnet::scalar_kernels();
  for (const Case& c : cases()) {
    const std::vector<float> result = run(c, kernels());
    compare_with_double(c, result);
    CHECK_MESSAGE(same_bits(result, run(c, scalar)), describe(c));
  }
}

TEST_CASE("a product times what lies there returns the largest magnitude of its outputs, infinity and NaN too") {
  for (const Case& c : cases()) {
    if (!is_gradient(c.kind)) {
      continue;
    }
    const std::size_t n = c.batch * c.outputs;
    const std::vector<float> a = random_floats(c.batch * c.terms, 1);
    const std::vector<float> b = random_floats(c.terms * c.outputs, 2);
    for (const float factor : {1.0f, -3e38f, INFINITY, NAN}) {  // in one place, another one each time
      std::vector<float> out = random_floats(n, 4);
      out[(n * 2 / 3 + c.terms) % n] = factor;
      const std::uint32_t returned = multiply(
          c.kind, kernels(), {a.data(), b.data(), nullptr, out.data(), Finish::times_c, c.batch, c.terms, c.outputs});
      CHECK_MESSAGE(returned == largest_magnitude(out), describe(c));
    }
  }
}

TEST_CASE("ReLU in a product gives the bits of ReLU behind it, and its derivative those of the derivative kept") {
  if (kernels().index == 0) {
    return;
  }
  const linnet::ActivationVariant& relu = *linnet::activation::relu.descriptor->variants[0];
  for (const Case& c : cases()) {
    if (c.kind == Kind::lanes) {
      continue;
    }
    const std::size_t n = c.batch * c.outputs;
    const std::vector<float> a = random_floats(c.batch * c.terms, 1);
    const std::vector<float> b = random_floats(c.terms * c.outputs, 2);
    for (const float first : {a[0], INFINITY, -INFINITY, NAN, -NAN}) {
      std::vector<float> spoilt = a;
      spoilt[0] = first;
      const auto result = [&](Finish finish, std::vector<float> out, const std::vector<float>& y) {
        const Product product{spoilt.data(), b.data(), nullptr, out.data(), finish, c.batch, c.terms, c.outputs};
        const std::uint32_t returned = finish == Finish::times_step
                                           ? multiply(c.kind, kernels(), linnet::GatedProduct(product, y.data()))
                                           : multiply(c.kind, kernels(), product);
        return std::make_pair(out, returned);
      };
      std::vector<float> y =
          result(Finish::none, std::vector<float>(n), {}).first;  // on vectors gradients can be had unfinished too
      const bool finite = largest_magnitude(y) < linnet::kInfinityBits;
      std::vector<float> derivative(n);
      relu.forward(y.data(), derivative.data(), n, 0.0f);
      const auto rectified = result(Finish::rectified, std::vector<float>(n, 7.0f), {});
      if (finite) {
        CHECK_MESSAGE(rectified.second == largest_magnitude(y), describe(c));
      } else {
        CHECK_MESSAGE(rectified.second >= linnet::kInfinityBits, describe(c));
      }
      if (first == a[0]) {
        CHECK_MESSAGE(same_bits(rectified.first, y), describe(c));
        const auto expected = result(Finish::times_c, derivative, {});
        const auto gated = result(Finish::times_step, std::vector<float>(n, 7.0f), y);
        CHECK_MESSAGE(same_bits(gated.first, expected.first), describe(c));
        CHECK_MESSAGE(gated.second == expected.second, describe(c));
      }
    }
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
    const std::size_t terms = batch % 5 + 1;
    const std::vector<float> a = random_floats(batch * terms, 1);
    const std::vector<float> b = random_floats(terms * outputs, 2);
    for (std::size_t place = 0; place < outputs; ++place) {
      for (const float fault : {NAN, -NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 0.0f, -0.0f}) {
        std::vector<float> bias(outputs, -0.25f);
        bias[place] = fault;
        std::vector<float> expected(batch * outputs), y(batch * outputs);
        linnet::scalar_kernels().multiply(
            {a.data(), b.data(), bias.data(), expected.data(), Finish::none, batch, terms, outputs}, false);
        const std::uint32_t returned = kernels().multiply(
            {a.data(), b.data(), bias.data(), y.data(), Finish::rectified, batch, terms, outputs}, false);
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
        const bool apply = variant.apply(x.data(), 1, n, activation.parameter);
        CHECK_MESSAGE(forward == (fault == 0.0f), named.name);
        CHECK_MESSAGE(apply == forward, named.name);
      }
    }
  }
}

TEST_CASE("an activation that grows says when it overflows") {
  for (const linnet::Activation& activation : {linnet::activation::leaky_relu.with(50.0f), linnet::activation::selu}) {
    const linnet::ActivationVariant& variant = *activation.descriptor->variants[kernels().index];
    const bool leaky = id_of(activation) == linnet::ActivationId::leaky_relu;
    for (std::size_t n = 1; n < 20; ++n) {
      std::vector<float> z(n, leaky ? -6e36f : 3e38f), d(n);
      CHECK(variant.forward(z.data(), d.data(), n, activation.parameter));
      z.assign(n, 1.0f);
      z[n / 2] = leaky ? -7e36f : 3.3e38f;
      std::vector<float> y = z;
      CHECK_FALSE(variant.forward(y.data(), d.data(), n, activation.parameter));
      CHECK_FALSE(variant.apply(z.data(), 1, n, activation.parameter));
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
    const float sum = kept.sum_of_squares(x.data(), n);
    CHECK(sum == scalar.sum_of_squares(y.data(), n));
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
