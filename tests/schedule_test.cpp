// Learning rates by the number of the step, beside those that schedule_values.py computes from PyTorch's formulas.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "schedule_values.hpp"

using linnet::Schedule;
using linnet::Status;
namespace schedule = linnet::schedule;

namespace {

constexpr std::uint32_t kTwoAndFour[] = {2, 4};
constexpr std::uint32_t kDouble[] = {30, 80, 80, 4000};

struct Named {
  const char* name;
  Schedule plan;
};
constexpr Named kPlans[] = {
    {"constant", schedule::constant()},
    {"constant for 5 steps", schedule::constant(5, 1.0f / 3)},
    {"step", schedule::step(30)},
    {"step that halves", schedule::step(2, 0.5)},
    {"step of a thousand", schedule::step(1000, 0.97)},
    {"multi-step", schedule::multi_step(kTwoAndFour)},
    {"multi-step with a double one", schedule::multi_step(kDouble, 0.3)},
    {"exponential 0.9", schedule::exponential(0.9)},
    {"exponential 0.9999", schedule::exponential(0.9999)},
    {"exponential 0.999999", schedule::exponential(0.999999)},
    {"exponential 0.9999999999", schedule::exponential(0.9999999999)},
    {"exponential that grows", schedule::exponential(1.07)},
    {"linear", schedule::linear(5)},
    {"linear down to nothing", schedule::linear(100000, 1.0f, 0.0f)},
    {"cosine", schedule::cosine(4)},
    {"cosine that comes back", schedule::cosine(5000, 1e-5f)},
    {"cosine to 1e-5", schedule::cosine(5000, 1e-5f)},
    {"cosine to nothing", schedule::cosine(100000)},
    {"cosine with restarts", schedule::cosine_restarts(3, 2)},
    {"cosine with equal restarts", schedule::cosine_restarts(7, 1, 1e-3f)},
    {"cosine with restarts for long", schedule::cosine_restarts(10, 3, 1e-4f)},
    {"one-cycle", schedule::one_cycle(8)},
    {"one-cycle over 5000", schedule::one_cycle(5000)},
    {"one-cycle with its own shares", schedule::one_cycle(300, 0.25f, 10.0f, 100.0f)},
    {"polynomial", schedule::polynomial(4, 2.0f)},
    {"polynomial 0.9", schedule::polynomial(20000, 0.9f)},
    {"polynomial 1", schedule::polynomial(100000)},
    {"polynomial 3.5", schedule::polynomial(777778, 3.5f)},
    {"polynomial 16", schedule::polynomial(1000000, 16.0f)},
    {"cosine after a warm-up", schedule::warm_up(100, schedule::cosine(5000, 1e-5f))},
    {"exponential after a warm-up", schedule::warm_up(5, schedule::exponential(0.9), 1.0f / 3)},
    {"one-cycle after a warm-up", schedule::warm_up(10, schedule::one_cycle(50), 0.0f)},
};

const Schedule& plan_named(const char* name) {
  for (const Named& each : kPlans) {
    if (std::strcmp(each.name, name) == 0) {
      return each.plan;
    }
  }
  FAIL("no schedule is named ", name);
  return kPlans[0].plan;
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Both are 0, or no further apart than 1e-6 of the second, as the header promises. The base rate, parameters, factors and
// the result are rounded to float, 2^-24 of their size each, and a sine counts twice: the worst of the table is 3.4e-7.
bool near(float rate, double expected) {
  return std::fabs(static_cast<double>(rate) - expected) <= 1e-6 * std::fabs(expected);
}

}  // namespace

TEST_CASE("every schedule gives the rates of PyTorch's formulas, within 1e-6 of their size") {
  for (const linnet_test::ScheduleValue& value : linnet_test::kScheduleValues) {
    const Schedule& plan = plan_named(value.schedule);
    REQUIRE(check(plan) == Status::ok);
    const float rate = plan(value.step, static_cast<float>(value.base));
    const bool gone = value.rate < 1.2e-38;  // below the smallest normal float
    CHECK_MESSAGE((gone ? rate == 0.0f : near(rate, value.rate)), std::string(value.schedule), ", step ", value.step,
                  ": ", rate, " and not ", value.rate);
  }
}

TEST_CASE("no schedule of the table is without values") {
  for (const Named& each : kPlans) {
    bool there = false;
    for (const linnet_test::ScheduleValue& value : linnet_test::kScheduleValues) {
      there = there || std::strcmp(value.schedule, each.name) == 0;
    }
    CHECK_MESSAGE(there, std::string(each.name));
  }
}

// Printed by torch 1.13.1 in float64, base rate 0.1, before the steps 0, 1, 2, ...
TEST_CASE("the first rates are those that PyTorch printed") {
  struct Printed {
    Schedule plan;
    std::vector<double> rates;
  };
  const Printed all[] = {
      {schedule::step(2, 0.5), {.1, .1, .05, .05, .025, .025, .0125}},
      {schedule::exponential(0.9), {.1, .09, .081, .0729, .06561}},
      {schedule::cosine(4), {.1, .08535533906, .05, .01464466094, 0}},
      {schedule::cosine_restarts(3, 2), {.1, .075, .025, .1, .09330127019, .075, .05, .025, .006698729811, .1}},
      {schedule::linear(5), {.03333333333, .04666666667, .06, .07333333333, .08666666667, .1, .1}},
      {schedule::polynomial(4, 2.0f), {.1, .05625, .025, .00625, 0, 0}},
      {schedule::multi_step(kTwoAndFour), {.1, .1, .01, .01, .001, .001}},
      {schedule::one_cycle(8),
       {.004, .08192751049, .09719417774, .08117456539, .05559840141, .02830609982, .007664159383, 4e-07}},
  };
  for (const Printed& each : all) {
    for (std::size_t t = 0; t < each.rates.size(); ++t) {
      CHECK(near(each.plan(t, 0.1f), each.rates[t]));
    }
  }
}

TEST_CASE("schedules begin and end exactly where they say") {
  const float base = 0.0123f;
  for (const Named& each : kPlans) {
    if (each.plan.warm_steps == 0 && each.plan.first == 1.0f) {
      CHECK(each.plan(0, base) == base);
    }
  }
  CHECK(schedule::cosine(5000, 1e-5f)(5000, base) == 1e-5f);
  CHECK(schedule::linear(77, 0.5f, 0.25f)(77, base) == base * 0.25f);
  CHECK(schedule::warm_up(100, schedule::cosine(5000, 1e-5f))(100, base) == base);
  CHECK(schedule::warm_up(100, schedule::cosine(5000, 1e-5f))(5100, base) == 1e-5f);
  CHECK(schedule::warm_up(0, schedule::cosine(5000))(0, base) == base);
  CHECK(schedule::step(1, 0.5)(10, 1.0f) == 0x1p-10f);
  CHECK(schedule::polynomial(1000)(500, base) == 0.5f * base);
}

TEST_CASE("a rate that falls never rises, and neither does the cosine on its way down") {
  const Schedule falling[] = {schedule::exponential(0.999), schedule::cosine(20000, 1e-5f),
                              schedule::polynomial(20000, 0.9f), schedule::linear(20000, 1.0f, 0.0f)};
  for (const Schedule& plan : falling) {
    float before = plan(0, 0.1f);
    int rises = 0;
    for (std::uint64_t step = 1; step <= 20000; ++step) {
      const float rate = plan(step, 0.1f);
      rises += rate > before * (1.0f + 2e-7f) ? 1 : 0;  // a rounding or two
      before = rate;
    }
    CHECK(rises == 0);
  }
}

TEST_CASE("any step number has a rate, the last that can be counted as well") {
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  CHECK(schedule::exponential(0.9999999999)(last, 1.0f) == 0.0f);
  CHECK(schedule::exponential(1.5)(last, 1.0f) == std::numeric_limits<float>::infinity());
  CHECK(schedule::exponential(1.0)(last, 0.1f) == 0.1f);
  CHECK(schedule::step(1, 0x1p-64)(last, 1.0f) == 0.0f);
  CHECK(schedule::step(1, 0x1p-64)(1, 1.0f) == 0x1p-64f);
  CHECK(schedule::cosine(0xffffffffu)(last, 0.1f) >= 0.0f);    // 2^64 - 1 is that many periods, and 2^32 + 1 more
  CHECK(schedule::cosine_restarts(1, 2)(last, 0.1f) == 0.1f);  // periods of 1, 2, 4, ...: a new one begins here
  CHECK(schedule::cosine_restarts(0xffffffffu, 0xffffffffu)(last, 0.1f) > 0.0f);
  CHECK(schedule::one_cycle(10)(last, 0.1f) == schedule::one_cycle(10)(9, 0.1f));
  CHECK(schedule::linear(10, 1.0f, 0.5f)(last, 0.1f) == 0.05f);
  CHECK(schedule::polynomial(10)(last, 0.1f) == 0.0f);
  CHECK(schedule::warm_up(0xffffffffu, schedule::constant())(last, 0.1f) == 0.1f);
}

TEST_CASE("a rate below the smallest normal float is 0, whatever the processor does with subnormal numbers") {
  CHECK(schedule::exponential(0.5)(125, 1.0f) == 0x1p-125f);
  CHECK(schedule::exponential(0.5)(125, 0x1p-1f) == 0x1p-126f);
  CHECK(schedule::exponential(0.5)(125, 0x1p-2f) == 0.0f);
  CHECK(schedule::exponential(0.5)(127, 1.0f) == 0.0f);
}

TEST_CASE("check() names what a schedule cannot be made from, and its rate is one that a trainer refuses") {
  constexpr std::uint32_t kDown[] = {4, 2};
  const Schedule bad[] = {
      Schedule{nullptr},
      schedule::constant(5, -0.5f),
      schedule::constant(5, 1.5f),
      schedule::constant(5, kNan),
      schedule::step(0),
      schedule::step(3, 0.0),
      schedule::step(3, -0.5),
      schedule::step(3, 2.5),
      schedule::step(3, std::numeric_limits<double>::quiet_NaN()),
      schedule::multi_step(kDown),
      schedule::multi_step(kTwoAndFour, -1.0),
      schedule::exponential(0.0),
      schedule::exponential(std::numeric_limits<double>::infinity()),
      schedule::linear(0),
      schedule::linear(5, -0.1f),
      schedule::linear(5, 0.1f, 1.1f),
      schedule::linear(5, kNan),
      schedule::cosine(0),
      schedule::cosine(5, -1e-5f),
      schedule::cosine(5, kNan),
      schedule::cosine(5, 2e6f),
      schedule::cosine_restarts(0),
      schedule::cosine_restarts(5, 0),
      schedule::cosine_restarts(5, 2, kNan),
      schedule::one_cycle(0),
      schedule::one_cycle(3),  // 0.3 * 3 is below 1
      schedule::one_cycle(100, 0.0f),
      schedule::one_cycle(100, 1.0f),
      schedule::one_cycle(100, kNan),
      schedule::one_cycle(100, 0.3f, 0.5f),
      schedule::one_cycle(100, 0.3f, 25.0f, 0.0f),
      schedule::one_cycle(100, 0.3f, kNan),
      schedule::polynomial(0),
      schedule::polynomial(5, 0.0f),
      schedule::polynomial(5, 17.0f),
      schedule::polynomial(5, kNan),
      schedule::warm_up(5, schedule::constant(), -0.1f),
      schedule::warm_up(5, schedule::constant(), kNan),
      schedule::warm_up(5, schedule::warm_up(5, schedule::constant())),
      schedule::warm_up(5, schedule::step(0)),
  };
  for (const Schedule& each : bad) {
    CHECK(check(each) == Status::bad_setting);
    CHECK(std::isnan(each(0, 0.1f)));
  }
  const Schedule lost = schedule::multi_step(linnet::Span<const std::uint32_t>(nullptr, 2));
  CHECK(check(lost) == Status::null_memory);
  CHECK(std::isnan(lost(0, 0.1f)));
  CHECK(check(schedule::multi_step(linnet::Span<const std::uint32_t>())) == Status::ok);
}

TEST_CASE("logarithms in fixed point are off by less than 2^-55, whatever computes them") {
  static_assert(schedule::log2_in_fixed_point(0.5) == -(std::int64_t{1} << 56u));
  static_assert(schedule::log2_in_fixed_point(2.0) == std::int64_t{1} << 56u);
  static_assert(schedule::log2_in_fixed_point(1.0) == 0);
  linnet::Pcg32 random(5);
  for (int k = 0; k < 2000; ++k) {
    const double gamma = k % 2 == 0 ? static_cast<double>(random.uniform(0.5f, 2.0f))
                                    : 1.0 - 1e-3 * static_cast<double>(random.uniform());
    const long double exact = std::log2(static_cast<long double>(gamma)) * 0x1p56L;
    const auto found = static_cast<long double>(schedule::log2_in_fixed_point(gamma));
    CHECK(std::fabs(found - exact) <= 2.0L + std::fabs(exact) * 0x1p-52L);  // long double may be double
  }
}

TEST_CASE("rates have the same bits on every target and in both contracts") {
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const Named& each : kPlans) {
    for (std::uint64_t step = 0; step < 20000; step = step < 64 ? step + 1 : step + step / 7) {
      const float rate = each.plan(step, 0.1f);
      std::uint32_t bits = 0;
      std::memcpy(&bits, &rate, sizeof bits);
      for (int byte = 0; byte < 4; ++byte, bits >>= 8u) {
        hash = (hash ^ (bits & 0xffu)) * 16777619u;
      }
    }
  }
  CHECK(hash == 0xecd9c9f6u);
}
