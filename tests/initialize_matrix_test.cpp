// The initializers whose elements depend on each other: orthogonal and sparse.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/initialize.hpp>

#include "initializers.hpp"
#include "statistics.hpp"

namespace {

using namespace initializers;
using namespace statistics;

struct Shape {
  std::size_t units, inputs;
};

// ---- orthogonal

// The largest |element| of W W^T / gain^2 - 1, or of W^T W / gain^2 - 1 when there are more rows than columns.
double distance_from_orthonormal(ln::ConstMatrix w, double gain) {
  const bool wide_shape = w.rows() <= w.columns();
  const std::size_t lines = wide_shape ? w.rows() : w.columns(), length = wide_shape ? w.columns() : w.rows();
  double worst = 0.0;
  for (std::size_t a = 0; a < lines; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      double sum = 0.0;
      for (std::size_t k = 0; k < length; ++k) {
        sum += wide_shape ? wide(w(a, k)) * wide(w(b, k)) : wide(w(k, a)) * wide(w(k, b));
      }
      worst = std::max(worst, std::fabs(sum / (gain * gain) - (a == b ? 1.0 : 0.0)));
    }
  }
  return worst;
}

TEST_CASE("orthogonal gives orthonormal rows or columns times the gain") {
  // A dot product of n floats in float is off by at most n 2^-24 times the lengths: that much Gram-Schmidt done twice
  // leaves between two vectors. Root, reciprocal and two products make 9 more in the square of a length.
  double largest_share = 0.0;
  for (const Shape& shape :
       {Shape{1, 1}, Shape{1, 16}, Shape{16, 1}, Shape{2, 2}, Shape{8, 16}, Shape{16, 8}, Shape{10, 128},
        Shape{128, 10}, Shape{64, 64}, Shape{63, 64}, Shape{100, 100}, Shape{32, 300}}) {
    for (const float gain : {1.0f, 1.41421356f, 0.001f, 1000.0f}) {
      CAPTURE(shape.units);
      CAPTURE(shape.inputs);
      CAPTURE(gain);
      Tensor tensor(shape.units, shape.inputs, Order::by_input);
      Pcg32 random(51);
      CHECK(ln::initialize(tensor.view(), random, ln::initializer::orthogonal.with_gain(gain)) == Status::ok);
      const double tolerance = (wide(std::max(shape.units, shape.inputs)) + 9.0) * 0x1p-24;
      const double distance = distance_from_orthonormal(tensor.view(), wide(gain));
      largest_share = std::max(largest_share, distance / tolerance);
      CHECK(distance < tolerance);
    }
  }
  MESSAGE("largest distance from orthonormal: " << largest_share << " of the tolerance");
}

TEST_CASE("orthogonal stays orthonormal over many square matrices of one draw an element") {
  // Random square matrices are near singular now and then: what one pass of Gram-Schmidt alone would not stand.
  double worst = 0.0;
  Pcg32 random(52);
  for (int k = 0; k < 2000; ++k) {
    Tensor tensor(8, 8);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::orthogonal) == Status::ok);
    worst = std::max(worst, distance_from_orthonormal(tensor.view(), 1.0));
  }
  CHECK(worst < (8.0 + 9.0) * 0x1p-24);  // as above
  Pcg32 draws(52);
  draws.advance(2000 * 64);
  CHECK(same_state(random, draws));
}

TEST_CASE("every element of an orthogonal 3 x 3 matrix is uniform on -1 to 1") {
  // Archimedes: so is every coordinate of a point uniform on the sphere. A QR without its signs set right gives a
  // diagonal of one sign.
  constexpr int kDraws = 4000;
  for (const Order order : {Order::by_unit, Order::by_input}) {
    std::vector<std::vector<float>> samples(9);
    double determinants = 0.0;
    Pcg32 random(53);
    for (int k = 0; k < kDraws; ++k) {
      Tensor tensor(3, 3, order);
      CHECK(ln::initialize(tensor.view(), random, ln::initializer::orthogonal) == Status::ok);
      const std::vector<float> w = elements(tensor.view());
      for (std::size_t e = 0; e < 9; ++e) {
        samples[e].push_back(w[e]);
      }
      const double determinant = wide(w[0]) * (wide(w[4]) * wide(w[8]) - wide(w[5]) * wide(w[7])) -
                                 wide(w[1]) * (wide(w[3]) * wide(w[8]) - wide(w[5]) * wide(w[6])) +
                                 wide(w[2]) * (wide(w[3]) * wide(w[7]) - wide(w[4]) * wide(w[6]));
      determinants += determinant > 0.0 ? 1.0 : -1.0;
    }
    for (const std::vector<float>& sample : samples) {
      CHECK(uniform_kolmogorov(sample, -1.0, 1.0) < kKolmogorovLimit);
    }
    CHECK(std::fabs(determinants) < kStandardErrors * std::sqrt(wide(std::size_t{kDraws})));  // reflections: one half
  }
}

TEST_CASE("the columns of a tall orthogonal matrix and the rows of a wide one point in all directions alike") {
  // In 3 dimensions again, one vector less than would fill them.
  std::vector<std::vector<float>> samples(12);
  Pcg32 random(54);
  for (int k = 0; k < 4000; ++k) {
    Tensor tall(3, 2), flat(2, 3);
    CHECK(ln::initialize(tall.view(), random, ln::initializer::orthogonal) == Status::ok);
    CHECK(ln::initialize(flat.view(), random, ln::initializer::orthogonal) == Status::ok);
    for (std::size_t e = 0; e < 6; ++e) {
      samples[e].push_back(tall.memory()[e]);
      samples[6 + e].push_back(flat.memory()[e]);
    }
  }
  for (const std::vector<float>& sample : samples) {
    CHECK(uniform_kolmogorov(sample, -1.0, 1.0) < kKolmogorovLimit);
  }
}

TEST_CASE("an orthogonal 1 x 1 matrix is the gain with either sign equally often") {
  double sum = 0.0;
  Pcg32 random(55);
  for (int k = 0; k < 4000; ++k) {
    Tensor tensor(1, 1);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::orthogonal.with_gain(2.0f)) == Status::ok);
    const float x = tensor.view()(0, 0);
    CHECK(std::fabs(std::fabs(wide(x)) / 2.0 - 1.0) < 3.0 * 0x1p-24);  // the root, the reciprocal, the product
    sum += x > 0.0f ? 1.0 : -1.0;
  }
  CHECK(std::fabs(sum) < kStandardErrors * std::sqrt(4000.0));
}

TEST_CASE("the first line of an orthogonal matrix is the direction of its first normal draws") {
  for (const Shape& shape : {Shape{5, 9}, Shape{9, 5}, Shape{6, 6}}) {
    Tensor tensor(shape.units, shape.inputs), drawn(shape.units, shape.inputs);
    Pcg32 random(56), again(56);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::orthogonal) == Status::ok);
    CHECK(ln::initialize(drawn.view(), again, ln::initializer::normal) == Status::ok);
    const bool by_row = shape.units <= shape.inputs;
    const std::size_t length = by_row ? shape.inputs : shape.units;
    const auto element = [&](Tensor& t, std::size_t k) { return wide(by_row ? t.view()(0, k) : t.view()(k, 0)); };
    double square = 0.0;
    for (std::size_t k = 0; k < length; ++k) {
      square += element(drawn, k) * element(drawn, k);
    }
    for (std::size_t k = 0; k < length; ++k) {
      // at most 9 products and sums below the root, the root, the reciprocal, the products with it and the gain
      CHECK(std::fabs(element(tensor, k) - element(drawn, k) / std::sqrt(square)) < 12.0 * 0x1p-24);
    }
  }
}

// ---- sparse

std::size_t zeros_in_column(ln::ConstMatrix weights, std::size_t i) {
  std::size_t zeros = 0;
  for (std::size_t o = 0; o < weights.rows(); ++o) {
    zeros += bits_of(weights(o, i)) == 0 ? 1 : 0;  // no normal draw is zero
  }
  return zeros;
}

// Hundredths, so that the share of the rows is an exact fraction and its ceiling known.
void check_zeros(std::size_t hundredths, std::size_t rows) {
  CAPTURE(hundredths);
  CAPTURE(rows);
  Tensor tensor(rows, 7, Order::by_input);
  Pcg32 random(61);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::sparse(static_cast<float>(hundredths) / 100.0f)) ==
        Status::ok);
  std::size_t fewest = rows, most = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    fewest = std::min(fewest, zeros_in_column(tensor.view(), i));
    most = std::max(most, zeros_in_column(tensor.view(), i));
  }
  CHECK(fewest == (hundredths * rows + 99) / 100);
  CHECK(most == (hundredths * rows + 99) / 100);
}

TEST_CASE("sparse leaves the ceiling of sparsity times rows zeros in every column") {
  for (const std::size_t rows : {1u, 2u, 5u, 7u, 9u, 10u, 16u, 33u}) {
    for (const std::size_t hundredths : {0u, 1u, 10u, 25u, 33u, 50u, 75u, 90u, 99u, 100u}) {
      check_zeros(hundredths, rows);
    }
  }
}

TEST_CASE("sparse takes a decimal sparsity for what it says") {
  // As PyTorch, which has it in double precision: ceil(0.3 * 10) = 3, ceil(0.3 * 50) = 15, ceil(0.6 * 100) = 60.
  for (const std::size_t rows : {10u, 20u, 25u, 50u, 100u, 200u, 300u}) {
    for (std::size_t hundredths = 0; hundredths <= 100; hundredths += 10) {
      check_zeros(hundredths, rows);
    }
  }
}

TEST_CASE("a sparsity above 0 leaves at least one zero in every column") {
  for (const float sparsity : {1e-3f, 1e-10f, std::numeric_limits<float>::denorm_min()}) {
    Tensor tensor(10, 4);
    Pcg32 random(62);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::sparse(sparsity)) == Status::ok);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(zeros_in_column(tensor.view(), i) == 1);
    }
  }
}

TEST_CASE("what sparse leaves are the normal draws in their places") {
  Tensor tensor(12, 9), drawn(12, 9), standard(12, 9);
  Pcg32 random(63), again(63), default_deviation(63);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::sparse(0.3f).with_stddev(2.0f)) == Status::ok);
  CHECK(ln::initialize(drawn.view(), again, ln::initializer::normal.with_stddev(2.0f)) == Status::ok);
  CHECK(ln::initialize(standard.view(), default_deviation, ln::initializer::sparse(0.3f)) == Status::ok);
  std::size_t kept = 0;
  for (std::size_t o = 0; o < 12; ++o) {
    for (std::size_t i = 0; i < 9; ++i) {
      const float x = tensor.view()(o, i), normal = drawn.view()(o, i);
      CHECK((x == 0.0f || x == normal));
      CHECK(std::fabs(wide(standard.view()(o, i)) - 0.005 * wide(x)) <= 2.0 * 0x1p-24 * 0.005 * std::fabs(wide(x)));
      kept += x == normal ? 1 : 0;
    }
  }
  CHECK(kept == (12 - 4) * 9);
}

TEST_CASE("a sparse tensor of deviation 0 is all zeros") {
  Tensor tensor(5, 5);
  Pcg32 random(64);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::sparse(0.2f).with_stddev(0.0f)) == Status::ok);
  CHECK(elements(tensor.view()) == std::vector<float>(25, 0.0f));
}

// The number of a set of two among five, 0 to 9; 10 for any other set.
std::size_t rank_of_pair(ln::ConstMatrix weights, std::size_t i) {
  std::size_t rank = 0;
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = a + 1; b < 5; ++b) {
      if (zeros_in_column(weights, i) == 2 && weights(a, i) == 0.0f && weights(b, i) == 0.0f) {
        return rank;
      }
      ++rank;
    }
  }
  return rank;
}

TEST_CASE("sparse chooses all sets of zeros equally often and for each column anew") {
  Tensor tensor(5, 20001);
  Pcg32 random(65);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::sparse(0.4f)) == Status::ok);
  std::vector<std::uint32_t> sets(11), successions(100);
  std::size_t before = rank_of_pair(tensor.view(), 0);
  for (std::size_t i = 1; i < 20001; ++i) {
    const std::size_t rank = rank_of_pair(tensor.view(), i);
    ++sets[rank];
    ++successions[(before * 10 + rank) % 100];
    before = rank;
  }
  CHECK(sets[10] == 0);
  sets.pop_back();
  CHECK(chi_square_excess(sets) < 5.0);
  CHECK(chi_square_excess(successions) < 5.0);
}

}  // namespace
