// What ParameterGroups refuse, when they end, and who works with them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::GroupSettings;
using linnet::ParameterGroups;
using linnet::TrainerConfig;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

const auto kShape = linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});

TrainerConfig plan(const linnet::Optimizer& optimizer, Gradients gradients = Gradients::fused) {
  return {linnet::loss::mean_squared_error, optimizer, 3, gradients};
}

void train(Bench& bench, int steps) {
  const Data data(3, 3, 2, 5);
  for (int t = 0; t < steps; ++t) {
    REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
  }
}

// What bind() returns with these factors; refused, it has left the trainer as it was.
Status bound(const linnet::Optimizer& optimizer, const GroupSettings& settings) {
  Bench bench(kShape, plan(optimizer), 1), plain(kShape, plan(optimizer), 1);
  REQUIRE(bench.status == Status::ok);
  ParameterGroups groups;
  const Status status = groups.bind(bench.trainer, settings);
  if (status != Status::ok) {
    train(bench, 2);
    train(plain, 2);
    CHECK(same_bits(bench.parameters, plain.parameters));
    CHECK(same_bits(bench.state(), plain.state()));
  }
  return status;
}
Status with_factors(const linnet::Optimizer& optimizer, const std::vector<float>& factors) {
  return bound(optimizer, GroupSettings{{factors.data(), factors.size()}, true, false});
}

bool all_finite(const std::vector<float>& floats) {
  return std::all_of(floats.begin(), floats.end(), [](float x) { return std::isfinite(x); });
}

}  // namespace

TEST_CASE("groups refuse another number of factors than layers, and factors out of range, and leave all as it was") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    const bool rprop = id_of(named.optimizer) == linnet::OptimizerId::rprop;
    const Status good = rprop ? Status::bad_hyperparameter : Status::ok;
    CHECK(with_factors(named.optimizer, {1.0f, 1.0f}) == good);
    CHECK(with_factors(named.optimizer, {0.0f, -0.0f}) == good);
    for (const std::size_t count : {1u, 3u, 16u}) {
      CHECK(with_factors(named.optimizer, std::vector<float>(count, 1.0f)) == Status::bad_hyperparameter);
    }
    for (const float bad : {kNaN, -kNaN, kInfinity, -kInfinity, -1e-30f, -1.0f, 1.1e6f, 3e38f}) {
      CHECK(with_factors(named.optimizer, {bad, 1.0f}) == Status::bad_hyperparameter);
      CHECK(with_factors(named.optimizer, {1.0f, bad}) == Status::bad_hyperparameter);
    }
    CHECK(bound(named.optimizer, {{nullptr, 2}, true, false}) == Status::null_memory);
    CHECK(bound(named.optimizer, {{}, true, true}) == Status::ok);
  }
}

TEST_CASE("groups refuse factors whose rate the optimizer would refuse") {
  CHECK(with_factors(linnet::optimizer::sgd(10.0f), {1e5f, 0.0f}) == Status::ok);
  CHECK(with_factors(linnet::optimizer::sgd(10.0f), {1.1e5f, 0.0f}) == Status::bad_hyperparameter);
  CHECK(with_factors(linnet::optimizer::sgd(0.0f), {1e6f, 1e6f}) == Status::ok);
  CHECK(with_factors(linnet::optimizer::adamw(0.5f, 1.0f), {2.0f, 1.0f}) == Status::ok);
  CHECK(with_factors(linnet::optimizer::adamw(0.5f, 1.0f), {1.0f, 2.1f}) == Status::bad_hyperparameter);
  CHECK(with_factors(linnet::optimizer::adamw_amsgrad(0.5f, 1.0f), {1.0f, 2.1f}) == Status::bad_hyperparameter);
  CHECK(with_factors(linnet::optimizer::adam(1e-3f, 0.9, 0.5, 1e-15f), {1.0f, 1e2f}) ==
        Status::ok);  // rate < 2^50 epsilon = 1.1
  CHECK(with_factors(linnet::optimizer::adam(1e-3f, 0.9, 0.5, 1e-15f), {1.0f, 1e4f}) == Status::bad_hyperparameter);
}

TEST_CASE("groups refuse to leave biases without a decay that there is not") {
  for (const NamedOptimizer& named : optimizers()) {
    for (const float decay : {0.0f, 0.01f}) {
      CHECK(bound(named.optimizer.with_weight_decay(decay), {{}, false, false}) ==
            (decay > 0.0f ? Status::ok : Status::bad_hyperparameter));
    }
  }
}

TEST_CASE("groups need a bound trainer, and serve one in one memory") {
  linnet::Trainer unbound;
  ParameterGroups groups;
  CHECK(groups.bind(unbound, {}) == Status::not_bound);
  Bench first(kShape, plan(linnet::optimizer::adam(0.01f)), 1), second(kShape, plan(linnet::optimizer::adam(0.01f)), 1);
  Bench plain(kShape, plan(linnet::optimizer::adam(0.01f)), 1);
  const float factors[2] = {0.0f, 1.0f};
  REQUIRE(groups.bind(first.trainer, {factors, true, false}) == Status::ok);
  CHECK(groups.bind(second.trainer, {factors, true, false}) == Status::bad_config);
  train(second, 3);
  train(plain, 3);
  CHECK(same_bits(second.parameters, plain.parameters));
  CHECK(groups.bind(first.trainer, {factors, true, true}) == Status::ok);
  linnet::Trainer moved = std::move(first.trainer);
  CHECK(groups.bind(moved, {factors, true, false}) == Status::ok);
}

TEST_CASE("set_learning_rate and restore refuse a rate that is too large for a factor, and change nothing") {
  Bench bench(kShape, plan(linnet::optimizer::sgd(0.1f, 0.5f)), 1);
  const float factors[2] = {1e4f, 1.0f};
  ParameterGroups groups;
  REQUIRE(groups.bind(bench.trainer, {factors, true, false}) == Status::ok);
  CHECK(bench.trainer.set_learning_rate(100.0f) == Status::ok);
  for (const float rate : {101.0f, 1e6f, 2e6f, kNaN, -1.0f}) {
    CHECK(bench.trainer.set_learning_rate(rate) == Status::bad_hyperparameter);
    CHECK(bench.trainer.learning_rate() == 100.0f);
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    const std::vector<float> state = bench.state();
    CHECK(bench.trainer.restore(saved, {state.data(), state.size()}) == Status::ok);
    saved.learning_rate = rate;
    CHECK(bench.trainer.restore(saved, {state.data(), state.size()}) == Status::bad_state);
    CHECK(bench.trainer.learning_rate() == 100.0f);
  }
}

TEST_CASE("new settings take the place of earlier ones, default ones and bind() take them back") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    Bench bench(kShape, plan(named.optimizer), 1), plain(kShape, plan(named.optimizer), 1);
    const std::vector<float> start = bench.parameters;
    ParameterGroups groups, others;
    REQUIRE(groups.bind(bench.trainer, {{}, true, true}) == Status::ok);
    REQUIRE(others.bind(bench.trainer, {{}, true, true}) == Status::ok);  // in the place of the first, not upon it
    train(bench, 1);
    REQUIRE(plain.trainer.step(Data(3, 3, 2, 5).input_rows(), Data(3, 3, 2, 5).target_rows()) == Status::ok);
    CHECK_FALSE(same_bits(bench.parameters, plain.parameters));
    bench.parameters = start;
    REQUIRE(bench.trainer.bind(bench.network, bench.config, {bench.memory.data(), bench.memory.size()}, kernels()) ==
            Status::ok);
    train(bench, 1);
    CHECK(same_bits(bench.parameters, plain.parameters));
    REQUIRE(groups.bind(bench.trainer, {{}, true, true}) == Status::ok);
    REQUIRE(groups.bind(bench.trainer, {}) == Status::ok);
    train(bench, 3);
    train(plain, 3);
    CHECK(same_bits(bench.parameters, plain.parameters));
    CHECK(same_bits(bench.state(), plain.state()));
  }
}

TEST_CASE("groups go with a trainer that is moved, saved and restored") {
  const float factors[2] = {0.25f, 2.0f};
  for (const NamedOptimizer& named : optimizers()) {
    if (id_of(named.optimizer) == linnet::OptimizerId::rprop) continue;
    CAPTURE(std::string(named.name));
    const Data data(3, 3, 2, 5);
    Bench bench(kShape, plan(named.optimizer), 1), other(kShape, plan(named.optimizer), 1);
    ParameterGroups groups, others;
    REQUIRE(groups.bind(bench.trainer, {factors, true, true}) == Status::ok);
    train(bench, 3);
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    const std::vector<float> state = bench.state();
    std::copy(bench.parameters.begin(), bench.parameters.end(), other.parameters.begin());
    REQUIRE(others.bind(other.trainer, {factors, true, true}) == Status::ok);
    REQUIRE(other.trainer.restore(saved, {state.data(), state.size()}) == Status::ok);
    CHECK(other.trainer.check_state() == Status::ok);
    linnet::Trainer moved = std::move(other.trainer);
    train(bench, 3);
    for (int t = 0; t < 3; ++t) {
      REQUIRE(moved.step(data.input_rows(), data.target_rows()) == Status::ok);
    }
    CHECK(same_bits(bench.parameters, other.parameters));
  }
}

TEST_CASE("factors are copied, and those of frozen layers are not used") {
  const auto shape = linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});
  std::vector<float> frozen(20), head(12), memory(2000), start(12, 0.25f);
  linnet::Network network;
  REQUIRE(network.bind(shape, {frozen.data(), 20}, {head.data(), 12}, 1) == Status::ok);
  std::fill(frozen.begin(), frozen.end(), 0.5f);
  std::vector<float> expected;
  for (const float unused : {0.0f, 1e6f}) {
    std::copy(start.begin(), start.end(), head.begin());
    linnet::Trainer trainer;
    REQUIRE(trainer.bind(network, plan(linnet::optimizer::adam(10.0f)), {memory.data(), memory.size()}, kernels()) ==
            Status::ok);
    float factors[2] = {unused, 0.001f};
    ParameterGroups groups;
    REQUIRE(groups.bind(trainer, {factors, true, false}) == Status::ok);
    factors[1] = kNaN;
    const Data data(3, 3, 2, 5);
    REQUIRE(trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    if (expected.empty()) expected = head;
    CHECK(all_finite(head));
    CHECK_FALSE(same_bits(head, start));
    CHECK(same_bits(head, expected));
  }
}

TEST_CASE("S5, S6: by groups too a step leaves finite weights or says diverged and changes nothing, at the extremes") {
  const float factors[2] = {1e6f, 1.0f};
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    linnet::Optimizer wild = named.optimizer;
    const bool rprop = id_of(wild) == linnet::OptimizerId::rprop;
    wild.learning_rate = 1.0f;
    wild.weight_decay = wild.weight_decay > 0.0f ? 1e-6f : 0.0f;
    Bench bench(kShape, plan(wild), 1);
    ParameterGroups groups;
    const linnet::Span<const float> given = rprop ? linnet::Span<const float>() : linnet::Span<const float>(factors);
    REQUIRE(groups.bind(bench.trainer, {given, !(wild.weight_decay > 0.0f), true}) == Status::ok);
    Data data(3, 3, 2, 5);
    std::size_t refused = 0;
    for (int t = 0; t < 200; ++t) {
      if (t == 100) data.t[0] = 3e38f;
      const std::vector<float> parameters = bench.parameters, state = bench.state();
      const Status status = bench.trainer.step(data.input_rows(), data.target_rows());
      CHECK(all_finite(bench.parameters));
      CHECK(all_finite(bench.state()));
      if (status != Status::ok) {
        CHECK(status == Status::diverged);
        CHECK(same_bits(bench.parameters, parameters));
        CHECK(same_bits(bench.state(), state));
        ++refused;
      }
    }
    CHECK(refused >= 100);
  }
}

TEST_CASE("Diagnostics take the same steps by groups, see the gradients of the loss, and how far each layer went") {
  const float factors[2] = {0.0f, 3.0f};
  const Data data(3, 3, 2, 5);
  for (const NamedOptimizer& named : optimizers()) {
    if (id_of(named.optimizer) == linnet::OptimizerId::rprop) continue;
    CAPTURE(std::string(named.name));
    const linnet::Optimizer optimizer = named.optimizer.with_weight_decay(0.1f);
    for (const Gradients gradients : {Gradients::fused, Gradients::kept}) {
      Bench seen(kShape, plan(optimizer, gradients), 1), unseen(kShape, plan(optimizer, gradients), 1),
          plain(kShape, plan(optimizer, gradients), 1);
      ParameterGroups groups, others;
      REQUIRE(groups.bind(seen.trainer, {factors, false, true}) == Status::ok);
      REQUIRE(others.bind(unseen.trainer, {factors, false, true}) == Status::ok);
      std::vector<linnet::LayerDiagnostics> layers(2), of_plain(2);
      std::vector<float> room(linnet::diagnostics_floats(kShape)), of_plain_room(room.size());
      linnet::Diagnostics diagnostics, without;
      REQUIRE(diagnostics.bind(seen.trainer, layers, room) == Status::ok);
      REQUIRE(without.bind(plain.trainer, of_plain, of_plain_room) == Status::ok);
      REQUIRE(without.step(data.input_rows(), data.target_rows()) == Status::ok);
      for (int t = 0; t < 5; ++t) {
        const std::vector<float> before = seen.parameters;
        REQUIRE(diagnostics.step(data.input_rows(), data.target_rows()) == Status::ok);
        train(unseen, 1);
        CHECK(same_bits(seen.parameters, unseen.parameters));
        CHECK(same_bits(seen.state(), unseen.state()));
        CHECK(diagnostics.layers()[0].update_ratio == 0.0f);
        double moved = 0.0, size = 0.0;
        for (std::size_t k = 20; k < 30; ++k) {  // the weights of the last layer
          const double w = static_cast<double>(before[k]);
          moved += (static_cast<double>(seen.parameters[k]) - w) * (static_cast<double>(seen.parameters[k]) - w);
          size += w * w;
        }
        // a float, of a root
        CHECK(static_cast<double>(diagnostics.layers()[1].update_ratio) ==
              doctest::Approx(std::sqrt(moved / size)).epsilon(1e-6));
        if (t == 0) {
          for (const std::size_t l : {0u, 1u}) {
            CHECK(diagnostics.layers()[l].weight_gradients.mean == without.layers()[l].weight_gradients.mean);
          }
        }
      }
    }
  }
}

TEST_CASE("fit takes its steps by groups") {
  const float factors[2] = {0.5f, 1.0f};
  const Data data(9, 3, 2, 5);
  Bench fitted(kShape, plan(linnet::optimizer::adam(0.01f)), 1),
      stepped(kShape, plan(linnet::optimizer::adam(0.01f)), 1);
  ParameterGroups groups, others;
  REQUIRE(groups.bind(fitted.trainer, {factors, true, true}) == Status::ok);
  REQUIRE(others.bind(stepped.trainer, {factors, true, true}) == Status::ok);
  std::vector<std::uint32_t> order = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<float> rows(linnet::batch_floats(3, 2, 3));
  linnet::Pcg32 random(1);
  REQUIRE(linnet::fit(fitted.trainer, {{data.input_rows(), data.target_rows()}, order, rows, 3}, random, {2, false}) ==
          Status::ok);
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t first = 0; first < 9; first += 3) {
      REQUIRE(stepped.trainer.step(data.input_rows().rows(first, 3), data.target_rows().rows(first, 3)) == Status::ok);
    }
  }
  CHECK(same_bits(fitted.parameters, stepped.parameters));
}
