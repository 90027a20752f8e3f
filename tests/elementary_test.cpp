// exp, log, tanh and their relatives on every kernel table that the processor runs: one float in 1,021 and all floats
// around the places where a formula changes. tests/sweep.sh does the same with all floats.
#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "elementary_check.hpp"

using namespace linnet_test;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kSmallest = std::numeric_limits<float>::min();
constexpr std::int64_t kNeighbours = 4096;

// The first float of the sample: another one in every run, or the one in LINNET_SAMPLE_OFFSET.
std::uint32_t sample_offset() {
  static const std::uint32_t offset = [] {
    const char* wanted = std::getenv("LINNET_SAMPLE_OFFSET");
    return wanted != nullptr ? static_cast<std::uint32_t>(std::strtoul(wanted, nullptr, 10))
                             : static_cast<std::uint32_t>(std::random_device{}());
  }() % kSampleStride;
  return offset;
}

// Floats as integers in their order: -0 and +0 are -1 and 0, each step one float.
std::int64_t place_of(float x) {
  const std::int64_t bits = linnet::bits_of(x);
  return bits < 0x80000000 ? bits : 0x7fffffff - bits;
}
float float_at(std::int64_t place) {
  return linnet::float_of(static_cast<std::uint32_t>(place >= 0 ? place : 0x7fffffff - place));
}

void add_neighbours(Examination& examination, float middle) {
  for (std::int64_t place = place_of(middle) - kNeighbours; place <= place_of(middle) + kNeighbours; ++place) {
    examination.add(float_at(place));
  }
}

void add_sample(Examination& examination) {
  for (std::uint64_t bits = sample_offset(); bits < (std::uint64_t{1} << 32u); bits += kSampleStride) {
    examination.add(linnet::float_of(static_cast<std::uint32_t>(bits)));
  }
}

const ElementaryFunction& function_named(const char* name) {
  static const std::vector<ElementaryFunction> functions = elementary_functions();
  for (const ElementaryFunction& function : functions) {
    if (std::strcmp(function.name, name) == 0) {
      return function;
    }
  }
  FAIL("no function ", std::string(name));
  return functions.front();
}

void check(const char* name) {
  const ElementaryFunction& function = function_named(name);
  const std::vector<const ElementaryTable*> tables = elementary_tables();
  Examination examination(function, tables);
  add_sample(examination);
  for (const float middle : {0.0f, 1.0f, -1.0f, kInfinity, -kInfinity}) {
    add_neighbours(examination, middle);
  }
  for (const float middle : function.changes) {
    add_neighbours(examination, middle);
  }
  const Findings& found = examination.finish();
  const std::string title(name);
  MESSAGE(title, ": ", found.worst, " ULP at ", text_of(found.worst_at), "; LINNET_SAMPLE_OFFSET=", sample_offset());
  CHECK(found.points > 4096u);
  CHECK_MESSAGE(found.worst <= function.bound, title, ": ", found.worst, " ULP at ", text_of(found.worst_at));
  CHECK_MESSAGE(found.differences == 0, title, ": ", std::string(found.different_table), " differs from scalar at ",
                found.differences, " points, first at ", text_of(found.difference_at));
}

struct SpecialValue {
  Evaluate ElementaryTable::*evaluate;
  float x, y;
};

}  // namespace

TEST_CASE("The exponential is within 1 ULP, the same bits on every kernel table") { check("exponential"); }
TEST_CASE("exp(x) - 1 keeps its relative accuracy near zero, the same bits on every kernel table") {
  check("exponential_minus_one");
}
TEST_CASE("The logarithm is within 1 ULP, subnormal arguments included, the same bits on every kernel table") {
  check("logarithm");
}
TEST_CASE("log(1 + u) keeps its relative accuracy near zero, the same bits on every kernel table") {
  check("log_one_plus");
}
TEST_CASE("The hyperbolic tangent is within its bound, the same bits on every kernel table") {
  check("hyperbolic_tangent");
}
TEST_CASE("The logistic function is within its bound, the same bits on every kernel table") { check("logistic"); }
TEST_CASE(
    "The normal distribution keeps its relative accuracy in the lower tail, the same bits on every kernel table") {
  check("normal_cdf");
}
TEST_CASE("The normal density is within its bound, the same bits on every kernel table") { check("normal_density"); }

TEST_CASE("Elementary functions have exact values at zeros, infinities and where they run out of range") {
  using T = ElementaryTable;
  const SpecialValue values[] = {
      {&T::exponential, 0.0f, 1.0f},
      {&T::exponential, -0.0f, 1.0f},
      {&T::exponential, kInfinity, kInfinity},
      {&T::exponential, -kInfinity, 0.0f},
      {&T::exponential, 88.7228394f, kInfinity},
      {&T::exponential, -87.3365479f, 0.0f},
      {&T::exponential_minus_one, -0.0f, -0.0f},
      {&T::exponential_minus_one, 0.0f, 0.0f},
      {&T::exponential_minus_one, -kInfinity, -1.0f},
      {&T::exponential_minus_one, -1e-40f, -0.0f},
      {&T::exponential_minus_one, kSmallest, kSmallest},
      {&T::logarithm, 1.0f, 0.0f},
      {&T::logarithm, 0.0f, -kInfinity},
      {&T::logarithm, -0.0f, -kInfinity},
      {&T::logarithm, kInfinity, kInfinity},
      {&T::logarithm, -kInfinity, kNaN},
      {&T::logarithm, -1e-40f, kNaN},
      {&T::logarithm, 1.40129846e-45f, -103.278931f},
      {&T::log_one_plus, 0.0f, 0.0f},
      {&T::log_one_plus, 1.0f, 0.693147182f},
      {&T::log_one_plus, kSmallest, kSmallest},
      {&T::hyperbolic_tangent, 0.0f, 0.0f},
      {&T::hyperbolic_tangent, -0.0f, -0.0f},
      {&T::hyperbolic_tangent, kInfinity, 1.0f},
      {&T::hyperbolic_tangent, -kInfinity, -1.0f},
      {&T::hyperbolic_tangent, -1e-40f, -0.0f},
      {&T::hyperbolic_tangent, -kSmallest, -kSmallest},
      {&T::logistic, 0.0f, 0.5f},
      {&T::logistic, kInfinity, 1.0f},
      {&T::logistic, -kInfinity, 0.0f},
      {&T::normal_cdf, 0.0f, 0.5f},
      {&T::normal_cdf, kInfinity, 1.0f},
      {&T::normal_cdf, -kInfinity, 0.0f},
      {&T::normal_density, kInfinity, 0.0f},
      {&T::normal_density, -kInfinity, 0.0f},
  };
  for (const ElementaryTable* table : elementary_tables()) {
    for (const SpecialValue& value : values) {
      if (linnet::bits_of(taken(*table, value.x)) != linnet::bits_of(value.x)) {
        continue;  // the table takes another argument
      }
      float y = 0.0f;
      (table->*value.evaluate)(&value.x, &y, 1);
      CHECK_MESSAGE(same_number(y, value.y), std::string(table->name), ", value ", &value - values, ": f(",
                    text_of(value.x), ") = ", text_of(y), ", not ", text_of(value.y));
    }
  }
}

TEST_CASE("Every NaN, whatever its sign and payload, gives a NaN") {
  const std::vector<const ElementaryTable*> tables = elementary_tables();
  for (const ElementaryFunction& function : elementary_functions()) {
    Examination examination(function, tables);
    for (const std::uint32_t sign : {0u, 0x80000000u}) {
      for (std::uint32_t payload = 1; payload < 0x00800000u; payload += payload < 4096u ? 1u : 509u) {
        examination.add(linnet::float_of(sign | 0x7f800000u | payload));
      }
    }
    const Findings& found = examination.finish();
    CHECK_MESSAGE(found.worst <= 0.0, std::string(function.name), " of ", text_of(found.worst_at));
    CHECK_MESSAGE(found.differences == 0, std::string(function.name), " on ", std::string(found.different_table));
  }
}

TEST_CASE("The hyperbolic tangent is odd, bit for bit") {
  for (const ElementaryTable* table : elementary_tables()) {
    std::uint64_t odd = 0;
    std::uint64_t points = 0;
    for (std::uint32_t bits = sample_offset(); bits < 0x7f800000u; bits += 64u * kSampleStride) {
      const float x[2] = {linnet::float_of(bits), linnet::float_of(bits | 0x80000000u)};
      float y[2];
      table->hyperbolic_tangent(x, y, 2);
      odd += linnet::bits_of(y[1]) == (linnet::bits_of(y[0]) | 0x80000000u) ? 1u : 0u;
      ++points;
    }
    CHECK_MESSAGE(odd == points, std::string(table->name));
  }
}
