// Pcg32 as a source of floats: uniform() and normal(), and the bits that every target has to draw.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/random.hpp>

#include "statistics.hpp"

namespace {

using linnet::Pcg32;
using namespace statistics;

template <class Draw>
std::vector<float> sample_of(std::size_t size, Draw draw) {
  std::vector<float> sample(size);
  for (float& x : sample) {
    x = draw();
  }
  return sample;
}

// ---- uniform()

TEST_CASE("uniform is the upper 24 bits of one draw in units of 2^-24") {
  Pcg32 random(1), bits(1);
  int wrong = 0;
  for (int k = 0; k < 100000; ++k) {
    wrong += wide(random.uniform()) * 16777216.0 == static_cast<double>(bits.bits() >> 8) ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(same_state(random, bits));
}

TEST_CASE("uniform can be 0 and 1 - 2^-24 and nothing beyond") {
  CHECK(about_to_draw(0).uniform() == 0.0f);
  CHECK(about_to_draw(255).uniform() == 0.0f);
  CHECK(about_to_draw(256).uniform() == 0x1p-24f);
  CHECK(about_to_draw(0x80000000u).uniform() == 0.5f);
  CHECK(about_to_draw(0xffffff00u).uniform() == 1.0f - 0x1p-24f);
  CHECK(about_to_draw(0xffffffffu).uniform() == 1.0f - 0x1p-24f);
}

TEST_CASE("uniform is uniform on the unit interval") {
  Pcg32 random(2);
  const std::vector<float> sample = sample_of(65536, [&] { return random.uniform(); });
  const Moments found = moments(sample);
  const double error = std::sqrt(1.0 / 12.0 / wide(sample.size()));
  CHECK(std::fabs(found.mean - 0.5) < kStandardErrors * error);
  // A uniform sample's deviation has the relative standard error 0.447 / sqrt(n).
  CHECK(std::fabs(found.deviation * std::sqrt(12.0) - 1.0) < kStandardErrors * 0.447 / std::sqrt(wide(sample.size())));
  CHECK(uniform_kolmogorov(sample, 0.0, 1.0) < kKolmogorovLimit);
}

TEST_CASE("pairs of uniforms fill the unit square evenly") {
  Pcg32 random(3);
  std::vector<std::uint32_t> counts(256);
  for (int k = 0; k < 100000; ++k) {
    const std::size_t x = static_cast<std::size_t>(random.uniform() * 16.0f);
    ++counts[x * 16 + static_cast<std::size_t>(random.uniform() * 16.0f)];
  }
  CHECK(chi_square_excess(counts) < 5.0);
}

const float kGreatest = std::numeric_limits<float>::max();
const float kSmallest = std::numeric_limits<float>::denorm_min();

struct Interval {
  float low, high;
};

const Interval kIntervals[] = {{0.0f, 1.0f},
                               {-3.0f, 5.0f},
                               {1.0f, std::nextafter(1.0f, 2.0f)},
                               {std::nextafter(1.0f, 0.0f), 1.0f},
                               {-1.0f, std::nextafter(-1.0f, 0.0f)},
                               {std::nextafter(-1.0f, -2.0f), -1.0f},
                               {-1.0f, 0.0f},
                               {-1.0f, -0.0f},
                               {-kSmallest, 0.0f},
                               {0.0f, kSmallest},
                               {-kSmallest, kSmallest},
                               {1e8f, 1e8f + 16.0f},
                               {-1e8f - 16.0f, -1e8f},
                               {-100.0f, -99.99999f},
                               {0.1f, 0.10000002f},
                               {-0.5f * kGreatest, 0.49f * kGreatest},
                               {std::nextafter(kGreatest, 0.0f), kGreatest}};

TEST_CASE("uniform on an interval takes its lower end and never reaches the upper one") {
  for (const Interval& interval : kIntervals) {
    CAPTURE(interval.low);
    CAPTURE(interval.high);
    int outside = 0;
    for (std::uint32_t k = 0; k < 1000; ++k) {
      const std::uint32_t step = k << 8;
      for (const std::uint32_t drawn : {step, 0x80000000u - step, 0x80000000u + step, 0xffffffffu - step}) {
        const float x = about_to_draw(drawn).uniform(interval.low, interval.high);
        outside += x >= interval.low && x < interval.high ? 0 : 1;
      }
    }
    CHECK(outside == 0);
    CHECK(about_to_draw(0).uniform(interval.low, interval.high) == interval.low);
  }
}

TEST_CASE("uniform on an interval lies where the exact value lies") {
  // Three roundings: of the width, of the product, of the sum. Each is at most 2^-24 of the largest magnitude they
  // meet.
  Pcg32 random(4), units(4);
  for (const Interval& interval : kIntervals) {
    const double low = wide(interval.low), high = wide(interval.high);
    const double tolerance = 3.0 * 0x1p-24 * std::max({std::fabs(low), std::fabs(high), high - low}) + wide(kSmallest);
    double worst = 0.0;
    for (int k = 0; k < 1000; ++k) {
      const double exact = low + (high - low) * wide(units.uniform());
      worst = std::max(worst, std::fabs(wide(random.uniform(interval.low, interval.high)) - exact));
    }
    CAPTURE(interval.low);
    CAPTURE(interval.high);
    // Drawing back from the upper end adds at most one more step there.
    CHECK(worst <= 2.0 * tolerance);
  }
  CHECK(same_state(random, units));
}

// ---- normal()

TEST_CASE("normal takes one draw and its sign is that of one bit") {
  Pcg32 random(5), bits(5);
  int wrong = 0, zeros = 0;
  for (int k = 0; k < 100000; ++k) {
    const float x = random.normal();
    const bool upper_half = (bits.bits() >> 31) != 0;
    wrong += (x < 0.0f) == upper_half ? 0 : 1;
    zeros += x == 0.0f ? 1 : 0;
  }
  CHECK(wrong == 0);
  CHECK(zeros == 0);
  CHECK(same_state(random, bits));
}

// The largest relative error over all 2^31 magnitudes is 4.29e-7, measured by going through them.
constexpr double kNormalError = 4.3e-7;

TEST_CASE("normal is the inverse of the distribution function to 4.3e-7") {
  double worst = 0.0;
  const auto look_at = [&](std::uint32_t k) {
    worst = std::max(worst, std::fabs(quantile_error(wide(about_to_draw(k).normal()), k)));
  };
  for (std::uint32_t k = 0; k < 2000; ++k) {
    look_at(k);                       // the far tail
    look_at(0x7fffffffu - k);         // the middle
    look_at(322122547u - 1000u + k);  // where one approximation takes over from the other: 0.075 * 2^32
    look_at(k * 1073741u);            // all over
  }
  Pcg32 random(6);
  for (int k = 0; k < 50000; ++k) {
    look_at(random.bits() & 0x7fffffffu);
    look_at(random.bits() & ((1u << (random.bits() % 31u)) - 1u));  // evenly by the logarithm
  }
  for (const std::uint32_t k : {1579831136u, 6082536u, 774993984u, 1610525360u}) {
    look_at(k);  // the worst of each range
  }
  MESSAGE("largest relative error of normal() seen: " << worst);
  CHECK(worst < kNormalError);
}

TEST_CASE("normal is symmetric to the bit") {
  Pcg32 random(7);
  int wrong = 0;
  for (int k = 0; k < 10000; ++k) {
    const std::uint32_t drawn = random.bits();
    wrong += about_to_draw(drawn).normal() == -about_to_draw(drawn ^ 0x80000000u).normal() ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("the largest normal is 6.338 and the smallest magnitude is not zero") {
  // The quantile whose tail is 2^-33 is 6.337957755, that at a distance of 2^-33 from the middle sqrt(2 pi) 2^-33.
  CHECK(std::fabs(wide(about_to_draw(0).normal()) / 6.337957755 - 1.0) < kNormalError);
  CHECK(about_to_draw(0).normal() == -about_to_draw(0x80000000u).normal());
  CHECK(std::fabs(wide(about_to_draw(0x7fffffffu).normal()) / (kSqrt2Pi * 0x1p-33) - 1.0) < kNormalError);
  CHECK(std::fabs(wide(about_to_draw(0xffffffffu).normal()) / (kSqrt2Pi * 0x1p-33) + 1.0) < kNormalError);
}

TEST_CASE("normal has the moments and the distribution function of the normal distribution") {
  Pcg32 random(8);
  const std::vector<float> sample = sample_of(131072, [&] { return random.normal(); });
  const double n = wide(sample.size());
  const Moments found = moments(sample);
  CHECK(std::fabs(found.mean) < kStandardErrors / std::sqrt(n));
  CHECK(std::fabs(found.deviation - 1.0) < kStandardErrors / std::sqrt(2.0 * n));
  CHECK(std::fabs(found.kurtosis - 3.0) < kStandardErrors * std::sqrt(24.0 / n));
  CHECK(normal_kolmogorov(sample, 0.0, 1.0) < kKolmogorovLimit);
}

TEST_CASE("successive normals are uncorrelated") {
  Pcg32 random(9);
  const std::vector<float> sample = sample_of(65536, [&] { return random.normal(); });
  for (const std::size_t lag : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{10}}) {
    double sum = 0.0;
    for (std::size_t k = lag; k < sample.size(); ++k) {
      sum += wide(sample[k]) * wide(sample[k - lag]);
    }
    CHECK(std::fabs(sum) < kStandardErrors * std::sqrt(wide(sample.size())));
  }
}

TEST_CASE("normals fall beyond three and four deviations as often as they should") {
  constexpr double kDraws = 500000.0;
  Pcg32 random(10);
  double beyond_three = 0.0, beyond_four = 0.0;
  for (double k = 0.0; k < kDraws; k += 1.0) {
    const float magnitude = std::fabs(random.normal());
    beyond_three += magnitude > 3.0f ? 1.0 : 0.0;
    beyond_four += magnitude > 4.0f ? 1.0 : 0.0;
  }
  const double three = 2.0 * kDraws * normal_tail(3.0), four = 2.0 * kDraws * normal_tail(4.0);  // 1350 and 31.7
  CHECK(std::fabs(beyond_three - three) < kStandardErrors * std::sqrt(three));
  CHECK(std::fabs(beyond_four - four) < kStandardErrors * std::sqrt(four));
}

TEST_CASE("of all draws exactly as many give normals beyond five deviations as the distribution asks for") {
  // k + 1/2 < 2^32 P(X > 5) = 1231.15, so k = 0 ... 1230; one more or less by the rounding of normal() near 5.
  int beyond = 0;
  for (std::uint32_t k = 0; k < 3000; ++k) {
    beyond += about_to_draw(k).normal() > 5.0f ? 1 : 0;
  }
  CHECK(std::fabs(static_cast<double>(beyond) - kTwo32 * normal_tail(5.0)) < 1.5);
}

TEST_CASE("normal with a mean and a deviation is the standard one scaled and shifted") {
  Pcg32 random(11), standard(11);
  double worst = 0.0;
  for (int k = 0; k < 10000; ++k) {
    const double exact = -7.0 + 0.375 * wide(standard.normal());
    worst = std::max(worst, std::fabs(wide(random.normal(-7.0f, 0.375f)) - exact));
  }
  CHECK(worst <= 0x1p-21 + 0x1p-23);  // half a step of the floats below 16 for the sum, below 4 for the product
  CHECK(same_state(random, standard));
  CHECK(random.normal(2.5f, 0.0f) == 2.5f);
}

// ---- Golden bits: what these calls draw, on every target and in both contracts. The tests above say that the values
// are right; these say that they never change. Those of integers and uniforms were computed twice, here and in
// Python.

TEST_CASE("the first draws of seed 42 have these bits for ever") {
  Pcg32 random(42);
  CHECK(random.bits() == 0xd11dd51fu);
  CHECK(random.below(1000) == 365);
  CHECK(random.uniform() == 0x1.6bb2f4p-1f);
  CHECK(random.uniform(-2.0f, 3.0f) == 0x1.51959p+0f);
  CHECK(random.normal() == -0x1.87a87ep-4f);
  CHECK(random.normal(10.0f, 4.0f) == 0x1.4d564cp+2f);
  std::uint8_t order[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  random.shuffle(order);
  const std::uint8_t expected[10] = {5, 7, 4, 2, 6, 8, 9, 3, 0, 1};
  CHECK(std::memcmp(order, expected, sizeof order) == 0);
}

template <class Draw>
std::uint64_t hash_of_draws(Draw draw) {
  Pcg32 random(2024, 7);
  Hash hash;
  for (int k = 0; k < 10000; ++k) {
    hash.add(draw(random));
  }
  return hash.value();
}

TEST_CASE("ten thousand draws of every kind have these bits for ever") {
  CHECK(hash_of_draws([](Pcg32& random) { return random.bits(); }) == 0x94e3bcc4bc7b7bd2u);
  CHECK(hash_of_draws([](Pcg32& random) { return random.below(0xc0000001u); }) == 0x6f2dfc6391019599u);
  CHECK(hash_of_draws([](Pcg32& random) { return random.uniform(); }) == 0x6bfa615345c2d113u);
  CHECK(hash_of_draws([](Pcg32& random) { return random.uniform(-0.3f, 0.7f); }) == 0x8100ad15d71eff34u);
  CHECK(hash_of_draws([](Pcg32& random) { return random.normal(); }) == 0x0286f5aa81d01d54u);
  CHECK(hash_of_draws([](Pcg32& random) { return random.normal(0.1f, 0.7f); }) == 0x2a50b51cea7e49b5u);
}

}  // namespace
