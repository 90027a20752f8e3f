// Columns on one scale: what is learned of them against sums over all rows in double precision, and what becomes of rows.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "nets.hpp"
#include "scales.hpp"

using namespace linnet_test;
using linnet::ConstRows;
using linnet::Scaling;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("each column gets mean 0 and deviation 1, whatever its unit, and a constant one gets 0") {
  Scales scales(5000, 1);
  REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
  for (std::size_t i = 0; i < kColumns; ++i) {
    CAPTURE(kUnits[i].name);
    const Moments wanted = scales.moments(i);
    // a mean is kept to 2^-53 and given as a float; a deviation is a square root of floats, 2^-23
    CHECK(std::fabs(static_cast<double>(scales.all.centre(i)) - wanted.mean) <= 0x1p-24 * std::fabs(wanted.mean));
    if (kUnits[i].deviation > 0.0) {
      CHECK(std::fabs(static_cast<double>(scales.all.deviation(i)) - wanted.deviation) <= 0x1p-22 * wanted.deviation);
    } else {
      CHECK(scales.all.deviation(i) == 1.0f);
      CHECK(scales.all.centre(i) == scales.x[i]);
    }
  }
  std::vector<float> y(scales.x.size());
  REQUIRE(scales.all.apply(scales.rows(), {y.data(), 5000, kColumns}) == Status::ok);
  for (std::size_t i = 0; i < kColumns; ++i) {
    CAPTURE(kUnits[i].name);
    const Moments got = moments_of(y, i);
    // each y is rounded by 2^-24 three times, and deviations are about 1
    CHECK(std::fabs(got.mean) <= 1e-6);
    CHECK(std::fabs(got.deviation - (kUnits[i].deviation > 0.0 ? 1.0 : 0.0)) <= 1e-6);
  }
}

TEST_CASE("min_max puts each column on 0 to 1, a constant one on 0, and does not cut what lies beyond") {
  Scales scales(400, 2, Scaling::min_max);
  REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
  std::vector<float> y = scales.x;
  REQUIRE(scales.all.apply(linnet::Rows(y.data(), 400, kColumns)) == Status::ok);
  for (std::size_t i = 0; i < kColumns; ++i) {
    CAPTURE(kUnits[i].name);
    double least = 1e30, most = -1e30;
    for (std::size_t b = 0; b < 400; ++b) {
      const double wanted = scales.in_range(b, i), got = static_cast<double>(y[b * kColumns + i]);
      CHECK(std::fabs(got - wanted) <= 2e-7);  // two roundings of 2^-24 and the range's own
      least = std::min(least, got);
      most = std::max(most, got);
    }
    CHECK(least == 0.0);
    CHECK(most == (kUnits[i].deviation > 0.0 ? 1.0 : 0.0));
  }
  std::vector<float> memory(linnet::normalizer_floats(1));
  linnet::Normalizer one;
  const float seen[3] = {2.0f, 4.0f, 3.0f};
  float later[2] = {6.0f, 1.0f};
  REQUIRE(one.bind(1, memory, Scaling::min_max) == Status::ok);
  REQUIRE(one.observe(seen) == Status::ok);
  REQUIRE(one.apply(later) == Status::ok);
  CHECK(later[0] == 2.0f);
  CHECK(later[1] == -0.5f);
}

TEST_CASE("rows that come one by one, in parts or all at once give the same bits") {
  for (const Scaling scaling : {Scaling::standard, Scaling::min_max}) {
    Scales scales(300, 3, scaling), parts(300, 3, scaling);
    REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
    for (std::size_t b = 0; b < 300; b += b % 3 + 1) {
      REQUIRE(parts.all.observe(parts.rows().rows(b, std::min<std::size_t>(b % 3 + 1, 300 - b))) == Status::ok);
    }
    CHECK(parts.all.count() == 300);
    CHECK(same_bits(scales.memory, parts.memory));
  }
}

TEST_CASE("merged parts give the moments of all rows, as if one had seen them") {
  for (const Scaling scaling : {Scaling::standard, Scaling::min_max}) {
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{17}, std::size_t{600}}) {
      Scales whole(600, 4, scaling), left(600, 4, scaling), right(600, 4, scaling);
      REQUIRE(whole.all.observe(whole.rows()) == Status::ok);
      if (first > 0) REQUIRE(left.all.observe(left.rows().rows(0, first)) == Status::ok);
      if (first < 600) REQUIRE(right.all.observe(left.rows().rows(first, 600 - first)) == Status::ok);
      REQUIRE(left.all.merge(right.all) == Status::ok);
      CHECK(left.all.count() == 600);
      const std::vector<double> wanted = state_of(whole.all), got = state_of(left.all);
      for (std::size_t i = 0; i < kColumns; ++i) {
        const double mean = wanted[3 + i], squares = wanted[3 + kColumns + i];
        const double roundings = 600 * 0x1p-53;  // one of each row
        CHECK(std::fabs(got[3 + i] - mean) <= roundings * std::fabs(mean));
        // of difference, product and sum, and of the mean that the difference is from
        const double most = 3.0 * squares + std::fabs(mean) * std::sqrt(squares / 600);
        CHECK(std::fabs(got[3 + kColumns + i] - squares) <= roundings * most);
      }
    }
  }
}

TEST_CASE("after 2^24 rows, where a mean in floats stands still, each row counts, and up to 2^53 none stalls") {
  std::vector<float> memory(linnet::normalizer_floats(1));
  linnet::Normalizer scale;
  REQUIRE(scale.bind(1, memory) == Status::ok);
  // n rows of mean 10 and variance 1, then as many of 11 and 13 as make a difference
  for (const double n : {0x1p24, 0x1p30, 0x1p40}) {
    REQUIRE(scale.restore(std::vector<double>{0.0, 0.0, n, 10.0, n}) == Status::ok);
    const float pair[2] = {11.0f, 13.0f};
    for (int k = 0; k < 50000; ++k) REQUIRE(scale.observe(pair) == Status::ok);
    const double m = 100000.0, all = n + m, mean = 10.0 + 2.0 * m / all;
    const double squares = n + m * 1.0 + 4.0 * n * m / all;  // within both, and between them
    const std::vector<double> got = state_of(scale);
    CHECK(got[2] == all);
    // 10^5 roundings of 2^-53 each
    CHECK(std::fabs(got[3] - mean) <= m * 0x1p-53 * mean);
    CHECK(std::fabs(got[4] - squares) <= m * 0x1p-53 * squares);
    CHECK(got[3] > 10.0);
  }
  const double full = static_cast<double>(linnet::kMostRows);
  const float row[2] = {1.0f, 2.0f};
  REQUIRE(scale.restore(std::vector<double>{0.0, 0.0, full - 1.0, 10.0, full}) == Status::ok);
  CHECK(scale.observe(row) == Status::bad_batch);
  CHECK(scale.observe({row, 1, 1}) == Status::ok);
  CHECK(scale.observe({row, 1, 1}) == Status::bad_batch);
  CHECK(scale.count() == linnet::kMostRows);
}

TEST_CASE("what was put on the scale comes back within the roundings of its floats") {
  for (const Scaling scaling : {Scaling::standard, Scaling::min_max}) {
    Scales scales(1000, 5, scaling);
    REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
    std::vector<float> y = scales.x;
    REQUIRE(scales.all.apply(linnet::Rows(y.data(), 1000, kColumns)) == Status::ok);
    REQUIRE(scales.all.undo(linnet::Rows(y.data(), 1000, kColumns)) == Status::ok);
    for (std::size_t k = 0; k < y.size(); ++k) {
      const double x = static_cast<double>(scales.x[k]), c = static_cast<double>(scales.all.centre(k % kColumns));
      // three roundings of the distance on the way there, two on the way back; one of x itself
      const double most = 5 * 0x1p-24 * std::fabs(x - c) + 0x1p-24 * std::fabs(x) + 0x1p-24 * 0x1p-24 * std::fabs(c);
      CHECK(std::fabs(static_cast<double>(y[k]) - x) <= most);
    }
  }
}

TEST_CASE("a frozen normalizer counts no row until it thaws") {
  Scales scales(100, 6), more(100, 7);
  REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
  REQUIRE(more.all.observe(more.rows()) == Status::ok);
  const std::vector<float> before = scales.memory;
  scales.all.freeze();
  CHECK(scales.all.frozen());
  CHECK(scales.all.observe(more.rows()) == Status::ok);
  CHECK(scales.all.merge(more.all) == Status::ok);
  CHECK(scales.all.count() == 100);
  CHECK(same_bits(before, scales.memory));
  more.x[3] = kNaN;
  CHECK(scales.all.observe(more.rows()) == Status::bad_input);
  scales.all.thaw();
  CHECK(scales.all.merge(more.all) == Status::ok);
  CHECK(scales.all.count() == 200);
}

TEST_CASE("rows with a number that is none are refused, and nothing is observed or written") {
  for (const float bad : {kNaN, kInfinity, -kInfinity}) {
    Scales scales(10, 8);
    REQUIRE(scales.all.observe(scales.rows().rows(0, 4)) == Status::ok);
    const std::vector<float> before = scales.memory;
    scales.x.back() = bad;
    CHECK(scales.all.observe(scales.rows()) == Status::bad_input);
    CHECK(scales.all.count() == 4);
    CHECK(same_bits(before, scales.memory));
    std::vector<float> y(scales.x.size(), 7.0f);
    CHECK(scales.all.apply(scales.rows(), {y.data(), 10, kColumns}) == Status::bad_input);
    CHECK(scales.all.undo(scales.rows(), {y.data(), 10, kColumns}) == Status::bad_input);
    CHECK(y == std::vector<float>(y.size(), 7.0f));
  }
}

TEST_CASE("deviations of all that floats can hold are right, and what would leave floats is refused whole") {
  std::vector<float> memory(linnet::normalizer_floats(1));
  linnet::Normalizer scale;
  const float largest = std::numeric_limits<float>::max();
  for (const float size : {1e-38f, 1e-30f, 1e-20f, 1e-9f, 1.0f, 1e19f, 1e30f, largest}) {
    REQUIRE(scale.bind(1, memory) == Status::ok);
    const float pair[2] = {size, -size};
    REQUIRE(scale.observe(pair) == Status::ok);
    CHECK(scale.centre(0) == 0.0f);
    CHECK(std::fabs(scale.deviation(0) / size - 1.0f) <= 0x1p-21f);
  }
  REQUIRE(scale.bind(1, memory) == Status::ok);
  const float small[2] = {1e-30f, -1e-30f};
  REQUIRE(scale.observe(small) == Status::ok);
  float rows[3] = {1e-30f, 1e9f, 2e-30f};
  CHECK(scale.apply(rows) == Status::diverged);
  CHECK(rows[0] == 1e-30f);
  REQUIRE(scale.bind(1, memory, Scaling::min_max) == Status::ok);
  const float far[2] = {0x1p126f, -0x1p126f}, too_far[2] = {1.0f, 0x1.000002p126f};
  CHECK(scale.observe(too_far) == Status::bad_input);
  CHECK(scale.observe(far) == Status::ok);
  CHECK(scale.deviation(0) == 0x1p127f);
}

TEST_CASE("a normalizer reads and writes the floats that it asks for, and no others") {
  for (std::size_t extra = 0; extra <= 16; ++extra) {
    const std::size_t needed = linnet::normalizer_floats(3);
    std::vector<float> memory(needed + extra, 7.0f);
    const std::vector<float> x = random_floats(30, 9);
    linnet::Normalizer scale;
    REQUIRE(scale.bind(3, memory) == Status::ok);
    REQUIRE(scale.observe({x.data(), 10, 3}) == Status::ok);
    for (std::size_t k = needed; k < memory.size(); ++k) CHECK(memory[k] == 7.0f);
  }
  linnet::Normalizer scale;
  std::vector<float> memory(linnet::normalizer_floats(3));
  for (std::size_t few = 0; few < memory.size(); ++few) {
    CHECK(scale.bind(3, {memory.data(), few}) == Status::too_little_memory);
  }
  CHECK(scale.bind(0, memory) == Status::bad_columns);
  CHECK(scale.bind(linnet::kMaxFloats, memory) == Status::too_large);
  CHECK(scale.bind(3, memory, static_cast<Scaling>(2)) == Status::bad_setting);
  CHECK(!scale.bound());
  CHECK(scale.deviation(0) == 1.0f);
  CHECK(linnet::normalizer_floats(linnet::kMaxFloats / 7) == linnet::kMaxFloats / 7 * 7);
}
