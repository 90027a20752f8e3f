// The initializers by their statistics: means, deviations, and distribution functions in double precision.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/initialize.hpp>

#include "initializers.hpp"
#include "statistics.hpp"

namespace {

using namespace initializers;
using namespace statistics;

// Fills a tensor of this shape again and again from one generator.
std::vector<float> pooled(std::size_t units, std::size_t inputs, std::size_t least, const ln::Initializer& how) {
  std::vector<float> pool;
  Pcg32 random(units, inputs);
  while (pool.size() < least) {
    Tensor tensor(units, inputs, Order::by_input);
    CHECK(ln::initialize(tensor.view(), random, how) == Status::ok);
    const std::vector<float> drawn = elements(tensor.view());
    pool.insert(pool.end(), drawn.begin(), drawn.end());
  }
  return pool;
}

// ---- Scaled uniforms and normals.

// How many standard errors mean and deviation miss by. The sample deviation has the relative standard error
// sqrt((kurtosis - 1) / 4n): kurtosis 1.8 of the uniform, 3 of the normal distribution.
double worst_moment(const std::vector<float>& sample, double deviation, double kurtosis) {
  const double n = wide(sample.size());
  const Moments found = moments(sample);
  const double mean_miss = std::fabs(found.mean) / (deviation / std::sqrt(n));
  const double deviation_miss = std::fabs(found.deviation / deviation - 1.0) / std::sqrt((kurtosis - 1.0) / (4.0 * n));
  return std::max(mean_miss, deviation_miss);
}

double largest_magnitude(const std::vector<float>& sample) {
  double largest = 0.0;
  for (const float x : sample) {
    largest = std::max(largest, std::fabs(wide(x)));
  }
  return largest;
}

TEST_CASE("scaled initializers have the moments and the distribution function of their formulas") {
  for (const Scaled& initializer : scaled()) {
    for (const Bounds& bounds : kBounds) {
      INFO(initializer.name);
      CAPTURE(bounds.units);
      CAPTURE(bounds.inputs);
      const std::vector<float> sample = pooled(bounds.units, bounds.inputs, 8192, initializer.how);
      const double scale = bounds.*initializer.scale;
      if (initializer.normal) {
        CHECK(worst_moment(sample, scale, 3.0) < kStandardErrors);
        CHECK(normal_kolmogorov(sample, 0.0, scale) < kKolmogorovLimit);
        CHECK(largest_magnitude(sample) > 3.0 * scale);  // where no uniform of this deviation reaches
      } else {
        CHECK(worst_moment(sample, scale / std::sqrt(3.0), 1.8) < kStandardErrors);
        CHECK(uniform_kolmogorov(sample, -scale, scale) < kKolmogorovLimit);
        CHECK(largest_magnitude(sample) <= scale * (1.0 + 4.0 * 0x1p-24));  // the four roundings of the bound
        CHECK(largest_magnitude(sample) > 0.99 * scale);
      }
    }
  }
}

TEST_CASE("these statistics tell a uniform from a normal of the same deviation and one fan from the other") {
  const auto uniforms = pooled(64, 64, 8192, ln::initializer::uniform.with_bounds(-1.0f, 1.0f));
  const auto normals = pooled(64, 64, 8192, ln::initializer::normal.with_stddev(0.57735027f));
  CHECK(normal_kolmogorov(uniforms, 0.0, std::sqrt(1.0 / 3.0)) > 2.0 * kKolmogorovLimit);
  CHECK(uniform_kolmogorov(normals, -1.0, 1.0) > 2.0 * kKolmogorovLimit);
  const auto fan_in = pooled(10, 128, 8192, ln::initializer::kaiming_normal);
  CHECK(normal_kolmogorov(fan_in, 0.0, 0.447213595) > 10.0 * kKolmogorovLimit);
}

TEST_CASE("rows and columns are not correlated") {
  // The sum over a row or column of n independent standard normals has deviation sqrt(n).
  Tensor tensor(128, 128);
  Pcg32 random(41);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::normal) == Status::ok);
  std::vector<float> sums(256);
  for (std::size_t o = 0; o < 128; ++o) {
    for (std::size_t i = 0; i < 128; ++i) {
      sums[o] += tensor.view()(o, i);
      sums[128 + i] += tensor.view()(o, i);
    }
  }
  CHECK(normal_kolmogorov(sums, 0.0, std::sqrt(128.0)) < kKolmogorovLimit);
}

// ---- truncated_normal

struct Truncated {
  float mean, deviation, low, high;
};

// N(0, 1) given that it lies in [low, high], in double precision. An interval below 0 is handled as its mirror image,
// one above 0 through the upper tail: no difference of nearly equal numbers.
struct TruncatedOracle {
  double low, high;

  double mass() const { return between(low, high); }
  static double between(double a, double b) {
    return a >= 0.0   ? normal_tail(a) - normal_tail(b)
           : b <= 0.0 ? normal_tail(-b) - normal_tail(-a)
                      : 0.5 * (std::erf(b * kSqrtHalf) - std::erf(a * kSqrtHalf));
  }
  double below(double x) const { return x <= low ? 0.0 : x >= high ? 1.0 : between(low, x) / mass(); }
  double mean() const { return (normal_density(low) - normal_density(high)) / mass(); }
  double deviation() const {
    const double second = 1.0 + (low * normal_density(low) - high * normal_density(high)) / mass();
    return std::sqrt(second - mean() * mean());
  }
};

TruncatedOracle oracle_of(const Truncated& t) {
  return {(wide(t.low) - wide(t.mean)) / wide(t.deviation), (wide(t.high) - wide(t.mean)) / wide(t.deviation)};
}

std::vector<float> sample_of(const Truncated& t, std::size_t size) {
  return pooled(
      100, 100, size,
      ln::initializer::truncated_normal.with_mean(t.mean).with_stddev(t.deviation).with_bounds(t.low, t.high));
}

const Truncated kTruncated[] = {{0.0f, 1.0f, -2.0f, 2.0f},    {0.0f, 1.0f, -1.0f, 1.0f},   {0.0f, 1.0f, -0.1f, 0.1f},
                                {0.0f, 1.0f, 0.0f, 10.0f},    {0.0f, 1.0f, -1.25f, 1.25f}, {0.0f, 1.0f, -0.01f, 2.6f},
                                {0.0f, 1.0f, -2.4f, 0.05f},   {0.0f, 1.0f, 0.01f, 2.6f},   {0.0f, 1.0f, 0.5f, 4.0f},
                                {0.0f, 1.0f, 0.5f, 2.9f},     {0.0f, 1.0f, 1.0f, 2.9f},    {0.0f, 1.0f, 3.0f, 3.5f},
                                {0.0f, 1.0f, 4.0f, 100.0f},   {0.0f, 1.0f, -8.0f, -6.0f},  {0.0f, 1.0f, -100.0f, -4.0f},
                                {0.0f, 1.0f, 30.0f, 31.0f},   {0.0f, 1.0f, 0.8f, 3.3f},    {0.0f, 1.0f, -3.0f, 0.0f},
                                {5.0f, 2.0f, -1.0f, 4.0f},    {-1.0f, 0.5f, 0.0f, 3.0f},   {10.0f, 3.0f, -2.0f, 2.0f},
                                {0.0f, 0.02f, -0.04f, 0.04f}, {0.0f, 0.02f, -2.0f, 2.0f},  {2.0f, 10.0f, 1.5f, 3.0f},
                                {-7.0f, 0.25f, -7.5f, -7.25f}};

TEST_CASE("truncated_normal keeps its absolute bounds and has the truncated distribution function") {
  for (const Truncated& t : kTruncated) {
    CAPTURE(t.mean);
    CAPTURE(t.deviation);
    CAPTURE(t.low);
    CAPTURE(t.high);
    const TruncatedOracle oracle = oracle_of(t);
    const std::vector<float> sample = sample_of(t, 20000);
    int outside = 0;
    for (const float x : sample) {
      outside += x >= t.low && x <= t.high ? 0 : 1;
    }
    CHECK(outside == 0);
    const auto below = [&](double x) { return oracle.below((x - wide(t.mean)) / wide(t.deviation)); };
    CHECK(kolmogorov_smirnov(sample, below) < kKolmogorovLimit);

    const Moments found = moments(sample);
    const double n = wide(sample.size()), deviation = oracle.deviation() * wide(t.deviation);
    CHECK(std::fabs(found.mean - (wide(t.mean) + oracle.mean() * wide(t.deviation))) <
          kStandardErrors * deviation / std::sqrt(n));
    CHECK(std::fabs(found.deviation / deviation - 1.0) <
          kStandardErrors * std::sqrt((found.kurtosis - 1.0) / (4.0 * n)));
  }
}

TEST_CASE("truncated_normal takes eight draws an element at most on average") {
  // One for a normal, two for any other proposal, of which the worst interval keeps 29 %: from 0.8 to 3.3.
  for (const Truncated& t : kTruncated) {
    CAPTURE(t.low);
    CAPTURE(t.high);
    Tensor tensor(100, 100);
    Pcg32 random(44), draws(44);
    CHECK(
        ln::initialize(
            tensor.view(), random,
            ln::initializer::truncated_normal.with_mean(t.mean).with_stddev(t.deviation).with_bounds(t.low, t.high)) ==
        Status::ok);
    int count = 0;
    for (; count < 80000 && !same_state(random, draws); ++count) {
      draws.advance(1);
    }
    CHECK(count >= 10000);
    CHECK(count < 80000);
  }
}

TEST_CASE("truncated_normal keeps bounds that are a few steps of a float apart") {
  // Scaling and shifting round beyond them now and then.
  Pcg32 random(45);
  int outside = 0;
  for (int k = 0; k < 2000; ++k) {
    const float low = random.uniform(-2.0f, 2.0f), high = low + 1e-6f;
    const float mean = random.uniform(-1.0f, 1.0f), deviation = random.uniform(0.5f, 1.5f);
    Tensor tensor(4, 4);
    CHECK(ln::initialize(tensor.view(), random,
                         ln::initializer::truncated_normal.with_mean(mean).with_stddev(deviation).with_bounds(
                             low, high)) == Status::ok);
    for (const float x : elements(tensor.view())) {
      outside += x == kMark || (x >= low && x <= high) ? 0 : 1;
    }
  }
  CHECK(outside == 0);
}

TEST_CASE("the deviation of a normal cut at two of its deviations is 0.87962566") {
  CHECK(std::fabs(TruncatedOracle{-2.0, 2.0}.deviation() - 0.8796256610342398) < 1e-14);
  CHECK(std::fabs(TruncatedOracle{-2.0, 2.0}.mass() - 0.9544997361036416) < 1e-15);
  const Moments found = moments(sample_of({0.0f, 1.0f, -2.0f, 2.0f}, 100000));
  // sqrt((kurtosis - 1) / 4n), 2.37 being the kurtosis of the distribution
  CHECK(std::fabs(found.deviation / 0.8796256610342398 - 1.0) < kStandardErrors * std::sqrt(1.37 / 400000.0));
}

TEST_CASE("truncated_normal as it stands is N(0 1) cut to -2 and 2") {
  Tensor tensor(8, 8), other(8, 8);
  Pcg32 random(42), again(42);
  CHECK(ln::initialize(tensor.view(), random, ln::initializer::truncated_normal) == Status::ok);
  CHECK(ln::initialize(other.view(), again, ln::initializer::truncated_normal) == Status::ok);
  CHECK(elements(tensor.view()) == elements(other.view()));
}

TEST_CASE("bounds of a hundred deviations leave a plain normal without outliers") {
  const std::vector<float> sample = sample_of({0.0f, 0.02f, -2.0f, 2.0f}, 100000);
  CHECK(largest_magnitude(sample) < 0.02 * 6.34);  // no normal() is larger
  CHECK(worst_moment(sample, 0.02, 3.0) < kStandardErrors);
  CHECK(normal_kolmogorov(sample, 0.0, 0.02) < kKolmogorovLimit);
}

TEST_CASE("truncated_normal takes every deviation above 0 however many of them the bounds are away") {
  for (const float deviation : {1e-5f, 1e-7f, 1e-20f, 1e-30f}) {
    CAPTURE(deviation);
    Tensor tensor(100, 100);
    Pcg32 random(43);
    CHECK(ln::initialize(tensor.view(), random, ln::initializer::truncated_normal.with_stddev(deviation)) ==
          Status::ok);
    CHECK(normal_kolmogorov(elements(tensor.view()), 0.0, wide(deviation)) < kKolmogorovLimit);
  }
}

TEST_CASE("a thousand deviations out a truncated normal falls off as an exponential does") {
  const std::vector<float> sample = sample_of({0.0f, 1.0f, 1000.0f, 1001.0f}, 20000);
  // Mean 1000 + 1/1000, deviation 1/1000, to a part in a million; floats are 1/16 of that apart, and those at the lower
  // bound are rounded to it from one side only.
  const Moments found = moments(sample);
  CHECK(std::fabs((found.mean - 1000.0) * 1000.0 - 1.0) < kStandardErrors / std::sqrt(20000.0));
  CHECK(std::fabs(found.deviation * 1000.0 - 1.0) < kStandardErrors * std::sqrt(8.0 / 80000.0));
}

}  // namespace
