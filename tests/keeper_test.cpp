// Early stopping by hand: what a Keeper keeps, when it ends, what it refuses, and how a checkpoint carries it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "keep/medium.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Keeper;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();
constexpr auto kShape = linnet::topology(4, {{7, linnet::activation::tanh}, {3, linnet::activation::identity}});
const linnet::TrainerConfig kConfig{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.05f), 8};

static_assert(linnet::keeper_floats(kShape) == 59, "a copy of the parameters");
static_assert(linnet::keeper_floats(kShape, 1) == 24, "of those that training changes");

// The definition, over a whole history of losses, in double precision.
struct History {
  std::vector<double> losses;
  double least_gain;

  [[nodiscard]] std::size_t best_epoch() const {  // from 1; 0: none
    std::size_t best = 0;
    for (std::size_t k = 0; k < losses.size(); ++k) {
      if (std::isfinite(losses[k]) && (best == 0 || losses[k] < losses[best - 1])) best = k + 1;
    }
    return best;
  }
  [[nodiscard]] std::size_t since_gain() const {
    std::size_t last = 0;
    double reference = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < losses.size(); ++k) {
      if (!std::isfinite(losses[k]) || !(reference - losses[k] > least_gain)) continue;
      reference = losses[k];
      last = k + 1;
    }
    return losses.size() - last;
  }
};

std::vector<float> memory_of_keeper() {
  std::vector<float> memory;
  memory.resize(linnet::keeper_floats(kShape), kNaN);
  return memory;
}

}  // namespace

TEST_CASE("a keeper keeps the parameters of the smallest loss, and ends after its patience without a gain") {
  linnet::Pcg32 random(1);
  for (int history = 0; history < 300; ++history) {
    Bench bench(kShape, kConfig, 1);
    std::vector<float> memory = memory_of_keeper(), best = memory;
    // sixteenths: differences are exact
    const float least_gain = static_cast<float>(random.below(4)) / 16.0f;
    Keeper keeper{memory, 1 + random.below(5), least_gain};
    History seen{{}, static_cast<double>(least_gain)};
    for (int epoch = 0; epoch < 30; ++epoch) {
      const std::uint32_t kind = random.below(12);
      const float loss = kind == 0   ? kNaN
                         : kind == 1 ? kInfinity
                         : kind == 2 ? -kInfinity
                                     : static_cast<float>(random.below(40)) / 16.0f - 0.5f;
      for (float& w : bench.parameters) w = random.normal();
      REQUIRE(keeper.observe(bench.network, loss) == Status::ok);
      seen.losses.push_back(static_cast<double>(loss));
      if (seen.best_epoch() == seen.losses.size()) best = bench.parameters;
      CHECK(keeper.state.epochs == seen.losses.size());
      CHECK(keeper.state.best_epoch == seen.best_epoch());
      CHECK(keeper.state.since_gain == seen.since_gain());
      CHECK(keeper.ended() == (seen.since_gain() >= keeper.patience));
      CHECK(same_bits(memory, best));
    }
    if (seen.best_epoch() == 0) continue;
    CHECK(static_cast<double>(keeper.state.best_loss) == seen.losses[seen.best_epoch() - 1]);
    REQUIRE(keeper.put_back(bench.network) == Status::ok);
    CHECK(same_bits(bench.parameters, best));
  }
}

TEST_CASE("a keeper whose patience is 0 never ends, and one without memory keeps no parameters") {
  Bench bench(kShape, kConfig, 1);
  Keeper keeper{};
  for (int epoch = 0; epoch < 1000; ++epoch) {
    REQUIRE(keeper.observe(bench.network, epoch == 3 ? 0.5f : 1.0f) == Status::ok);
    CHECK_FALSE(keeper.ended());
  }
  CHECK(keeper.state.best_epoch == 4);
  CHECK(keeper.state.since_gain == 996);
  CHECK(keeper.put_back(bench.network) == Status::nothing_kept);
}

TEST_CASE("a loss that is no finite number never becomes the best") {
  Bench bench(kShape, kConfig, 1);
  std::vector<float> memory = memory_of_keeper();
  const std::vector<float> before = memory, parameters = bench.parameters;
  Keeper keeper{memory, 6};
  for (const float loss : {kNaN, kInfinity, -kInfinity, -kNaN}) {
    REQUIRE(keeper.observe(bench.network, loss) == Status::ok);
    CHECK(keeper.state.best_epoch == 0);
    CHECK(keeper.put_back(bench.network) == Status::nothing_kept);
  }
  CHECK(keeper.state.since_gain == 4);
  CHECK(same_bits(memory, before));
  CHECK(same_bits(bench.parameters, parameters));
  REQUIRE(keeper.observe(bench.network, std::numeric_limits<float>::max()) == Status::ok);
  CHECK(keeper.state.best_epoch == 5);
  CHECK(keeper.state.since_gain == 0);
  REQUIRE(keeper.observe(bench.network, kNaN) == Status::ok);
  CHECK(keeper.state.best_epoch == 5);
  CHECK(same_bits(memory, parameters));
}

TEST_CASE("a keeper refuses what it cannot keep in or by, and nothing has changed") {
  Bench bench(kShape, kConfig, 1);
  std::vector<float> memory = memory_of_keeper();
  Keeper keeper{memory, 2};
  REQUIRE(keeper.observe(bench.network, 1.0f) == Status::ok);
  const std::vector<float> before = memory, parameters = bench.parameters;
  const auto check_refused = [&](Keeper other, const linnet::Network& network, Status observed, Status put) {
    other.state = keeper.state;
    CHECK(other.observe(network, 0.5f) == observed);
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): the same bits are asked for
    CHECK(std::memcmp(&other.state, &keeper.state, sizeof other.state) == 0);
    if (put != Status::ok) CHECK(other.put_back(network) == put);
    CHECK(same_bits(memory, before));
    CHECK(same_bits(bench.parameters, parameters));
  };
  check_refused(keeper, {}, Status::not_bound, Status::not_bound);
  check_refused({{nullptr, 59}}, bench.network, Status::null_memory, Status::null_memory);
  check_refused({{memory.data(), 58}}, bench.network, Status::too_little_memory, Status::too_little_memory);
  check_refused({{bench.parameters.data() + 58, 60}}, bench.network, Status::overlapping_memory,
                Status::overlapping_memory);
  for (const float bad : {-0.1f, kNaN, kInfinity}) {
    check_refused({memory, 2, bad}, bench.network, Status::bad_setting, Status::ok);
  }
  for (const float bad : {kNaN, kInfinity}) {
    memory[58] = bad;
    CHECK(keeper.put_back(bench.network) == Status::bad_parameter);
    CHECK(same_bits(bench.parameters, parameters));
  }
}

TEST_CASE("a keeper of the layers behind frozen ones keeps these alone") {
  std::vector<float> frozen = random_floats(35, 1), trainable = random_floats(24, 2), memory(24);
  const std::vector<float> best = trainable;
  linnet::Network network;
  REQUIRE(network.bind(kShape, frozen, trainable, 1) == Status::ok);
  Keeper keeper{memory};
  CHECK(Keeper{frozen}.observe(network, 1.0f) == Status::overlapping_memory);
  REQUIRE(keeper.observe(network, 1.0f) == Status::ok);
  std::fill(trainable.begin(), trainable.end(), 0.5f);
  REQUIRE(keeper.put_back(network) == Status::ok);
  CHECK(same_bits(trainable, best));
}

TEST_CASE("a checkpoint carries a keeper as two pieces") {
  Bench bench(kShape, kConfig, 1);
  std::vector<float> memory = memory_of_keeper(), other = memory_of_keeper();
  Keeper keeper{memory, 7, 0.25f};
  for (const float loss : {3.0f, 2.0f, 1.9f, kNaN}) REQUIRE(keeper.observe(bench.network, loss) == Status::ok);
  linnet_keep::Medium medium({2 * 2048, 4, 512, 2});
  const auto keep = [&](Keeper& which, std::vector<float>& floats, bool save) {
    const linnet::Piece pieces[] = {
        {{'k', 'e', 'e', 'p', 'e', 'r'}, &which.state, 5, 4},
        {{'b', 'e', 's', 't'}, floats.data(), static_cast<std::uint32_t>(floats.size()), 4}};
    linnet::Kept kept;
    const linnet::Checkpoint what{&bench.network, nullptr, pieces};
    return save ? linnet::save(medium.store(), what) : linnet::load(medium.store(), what, kept);
  };
  REQUIRE(keep(keeper, memory, true) == Status::ok);
  Keeper carried{other, 7, 0.25f};
  REQUIRE(keep(carried, other, false) == Status::ok);
  CHECK(carried.state.best_loss == 1.9f);
  CHECK(carried.state.reference == 2.0f);
  CHECK(carried.state.epochs == 4);
  CHECK(carried.state.best_epoch == 3);
  CHECK(carried.state.since_gain == 2);
  CHECK(same_bits(other, memory));
}
