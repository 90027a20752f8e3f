// Learning rates that are reduced when nothing gets better, beside those that schedule_values.py computes from the
// recursion of PyTorch's ReduceLROnPlateau.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "keep/format.hpp"
#include "keep/medium.hpp"
#include "nets.hpp"
#include "schedule_values.hpp"

using namespace linnet_test;
using linnet::Plateau;
using linnet::PlateauState;

namespace {

Plateau plateau_named(const std::string& name) {
  Plateau result;
  if (name == "patience 1") {
    result.patience = 1;
    result.factor = 0.5f;
  } else if (name == "no patience, a cooldown") {
    result.patience = 0;
    result.factor = 0.5f;
    result.cooldown = 3;
  } else if (name == "an absolute gain") {
    result.patience = 2;
    result.factor = 0.3f;
    result.threshold = 0.01f;
    result.relative = false;
  } else if (name == "a larger value is better") {
    result.patience = 3;
    result.factor = 0.2f;
    result.larger_is_better = true;
  } else if (name == "a lowest rate") {
    result.patience = 0;
    result.lowest = 1e-3f;
  } else {
    REQUIRE(name == "the defaults");
  }
  return result;
}

std::uint32_t bits(float x) {
  std::uint32_t result = 0;
  std::memcpy(&result, &x, sizeof result);
  return result;
}
bool same(const PlateauState& a, const PlateauState& b) {
  return bits(a.best) == bits(b.best) && a.seen == b.seen && a.bad == b.bad && a.resting == b.resting;
}

}  // namespace

TEST_CASE("a plateau reduces the rate when PyTorch's does, and to the same rate") {
  for (const PlateauRates& each : kPlateauRates) {
    const Plateau plateau = plateau_named(each.plateau);
    PlateauState state;
    float rate = 0.1f;
    for (std::size_t k = 0; k < std::size(kPlateauValues); ++k) {
      REQUIRE(reduce_on_plateau(plateau, state, static_cast<float>(kPlateauValues[k]), rate) == Status::ok);
      // 1e-6 as of schedules: up to 13 reductions, whose roundings are of either sign
      CHECK_MESSAGE(std::fabs(static_cast<double>(rate) - each.rates[k]) <= 1e-6 * each.rates[k],
                    std::string(each.plateau), ", value ", k);
      CHECK(state.seen == k + 1);
    }
    CHECK(static_cast<double>(rate) < 0.1);  // each of them was put to use
  }
}

// Printed by torch 1.13.1 for patience 1 and factor 0.5, fed with ones: the rate before each of them, and after the last.
TEST_CASE("the rates of a plateau are those that PyTorch printed") {
  const Plateau plateau = plateau_named("patience 1");
  const double printed[] = {.1, .1, .1, .05, .05, .025, .025};
  PlateauState state;
  float rate = 0.1f;
  for (std::size_t k = 0; k + 1 < std::size(printed); ++k) {
    REQUIRE(reduce_on_plateau(plateau, state, 1.0f, rate) == Status::ok);
    CHECK(std::fabs(static_cast<double>(rate) - printed[k + 1]) <= 1e-6 * printed[k + 1]);
  }
}

TEST_CASE("a plateau goes on from a checkpoint as if nothing had happened, and lies there little-endian") {
  const Plateau plateau = plateau_named("no patience, a cooldown");
  Bench bench(linnet::topology(1, {{1, linnet::activation::identity}}),
              {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 1}, 1);
  linnet_keep::Medium medium({4096, 4, 1024, 2});
  PlateauState state, carried;
  float rate = 0.1f;
  for (const double loss : kPlateauValues) {
    const auto value = static_cast<float>(loss);
    const linnet::Piece kept[] = {{"plateau", &state, 4, 4}};
    REQUIRE(linnet::save(medium.store(), {&bench.network, nullptr, kept}) == Status::ok);
    const linnet::Piece found[] = {{"plateau", &carried, 4, 4}};
    linnet::Kept where;
    carried = {1.0f, 2, 3, 4};
    REQUIRE(linnet::load(medium.store(), {&bench.network, nullptr, found}, where) == Status::ok);
    CHECK(same(carried, state));
    float carried_rate = rate;
    REQUIRE(reduce_on_plateau(plateau, state, value, rate) == Status::ok);
    REQUIRE(reduce_on_plateau(plateau, carried, value, carried_rate) == Status::ok);
    CHECK(same(carried, state));
    CHECK(carried_rate == rate);
  }
  state = {0.75f, 258, 3, 0x04050607u};
  const linnet::Piece kept[] = {{"plateau", &state, 4, 4}};
  REQUIRE(linnet::save(medium.store(), {&bench.network, nullptr, kept}) == Status::ok);
  const unsigned char item[] = {'p', 'l', 'a',  't',  'e', 'a', 'u', 0, 4, 0, 0, 0, 4, 0, 0, 0,
                                0,   0,   0x40, 0x3f, 2,   1,   0,   0, 3, 0, 0, 0, 7, 6, 5, 4};
  const std::vector<unsigned char>& bytes = medium.bytes();
  CHECK(std::search(bytes.begin(), bytes.end(), std::begin(item), std::end(item)) != bytes.end());
}

TEST_CASE("a plateau refuses what cannot be, and neither its state nor the rate changes") {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto refused = [](const Plateau& plateau, PlateauState state, float value, float rate) {
    const PlateauState before = state;
    float after = rate;
    const Status status = reduce_on_plateau(plateau, state, value, after);
    CHECK(same(state, before));
    CHECK(bits(after) == bits(rate));
    return status;
  };
  for (const float bad : {-0.1f, 1.0f, kNaN}) {
    Plateau plateau;
    plateau.factor = bad;
    CHECK(refused(plateau, {}, 1.0f, 0.1f) == Status::bad_setting);
  }
  for (const float bad : {-0.1f, 2e6f, kNaN}) {
    Plateau strict, low;
    strict.threshold = bad;
    low.lowest = bad;
    CHECK(refused(strict, {}, 1.0f, 0.1f) == Status::bad_setting);
    CHECK(refused(low, {}, 1.0f, 0.1f) == Status::bad_setting);
    CHECK(refused(Plateau(), {}, 1.0f, bad) == Status::bad_hyperparameter);
  }
  for (const float bad : {kNaN, kInfinity, -kInfinity}) {
    CHECK(refused(Plateau(), {}, bad, 0.1f) == Status::bad_input);
    CHECK(refused(Plateau(), {bad, 1, 0, 0}, 1.0f, 0.1f) == Status::bad_state);
  }
}
