// Parameter groups: a rate per layer, decay without biases, ascent. The rule is known; a group moves, bit by bit, as it does
// in a trainer whose optimizer has the group's rate and decay for all.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::GroupSettings;
using linnet::ParameterGroups;
using linnet::TrainerConfig;

namespace {

namespace a = linnet::activation;

// Weights by input and by unit, wide and narrow layers, one without biases.
const auto kShape = linnet::topology(4, {{20, a::tanh}, {3, a::silu, false}, {18, a::tanh}, {2, a::identity}});
const float kFactors[4] = {0.3f, 2.0f, 0.0f, 1.0f};

struct How {
  const char* name;
  std::size_t batch;
  Gradients gradients;
  float clip_value, clip_norm;
};
const How kWays[] = {
    {"a row", 1, Gradients::fused, 0.0f, 0.0f},      {"a row, clipped", 1, Gradients::fused, 0.01f, 0.0f},
    {"a batch", 5, Gradients::fused, 0.0f, 0.0f},    {"a batch, clipped", 5, Gradients::fused, 0.01f, 0.0f},
    {"a row, kept", 1, Gradients::kept, 0.0f, 0.0f}, {"a batch, kept", 5, Gradients::kept, 0.02f, 0.05f}};

TrainerConfig plan(const linnet::Optimizer& optimizer, const How& how) {
  return {linnet::loss::mean_squared_error, optimizer, how.batch, how.gradients, how.clip_norm, how.clip_value};
}

bool is_rprop(const linnet::Optimizer& o) { return id_of(o) == linnet::OptimizerId::rprop; }

void step(Bench& bench, const Data& data) {
  REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
}

// visit(layer, whether they are biases, first, count) for each group.
template <class Visit>
void for_each_group(const Bench& bench, Visit visit) {
  for (std::size_t l = 0; l < bench.topology.layer_count; ++l) {
    const auto at = [&bench](const float* w) { return static_cast<std::size_t>(w - bench.parameters.data()); };
    visit(l, false, at(bench.network.weights(l).data()), bench.network.weights(l).size());
    const linnet::Span<float> biases = bench.network.biases(l);
    if (!biases.empty()) visit(l, true, at(biases.data()), biases.size());
  }
}

bool same_part(const std::vector<float>& x, const std::vector<float>& y, std::size_t first, std::size_t count) {
  return std::memcmp(&x[first], &y[first], count * sizeof(float)) == 0;
}

// Settings and what they make of an optimizer for a group.
struct Case {
  GroupSettings settings;
  [[nodiscard]] linnet::Optimizer of(linnet::Optimizer optimizer, std::size_t l, bool biases) const {
    if (!settings.rate_factors.empty()) optimizer.learning_rate *= settings.rate_factors.data()[l];
    if (biases && !settings.decay_biases) optimizer.weight_decay = 0.0f;
    return optimizer;
  }
};

// After every step each group is where a trainer with its rate and decay takes it from there.
void check_groups(const linnet::Optimizer& optimizer, const How& how, const Case& which,
                  const linnet::KernelTable& table) {
  Bench bench(kShape, plan(optimizer, how), 1, table);
  ParameterGroups groups;
  REQUIRE(groups.bind(bench.trainer, which.settings) == Status::ok);
  const Data data(how.batch, 4, 2, 5);
  for (int t = 1; t <= 4; ++t) {
    const std::vector<float> parameters = bench.parameters, state = bench.state();
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    step(bench, data);
    const std::size_t n = parameters.size();
    for_each_group(bench, [&](std::size_t l, bool biases, std::size_t first, std::size_t count) {
      Bench plain(kShape, plan(which.of(optimizer, l, biases), how), 1, table);
      std::copy(parameters.begin(), parameters.end(), plain.parameters.begin());
      linnet::TrainerProgress own = saved;
      own.learning_rate = plain.trainer.learning_rate();
      REQUIRE(plain.trainer.restore(own, {state.data(), state.size()}) == Status::ok);
      step(plain, data);
      CAPTURE(t);
      CAPTURE(l);
      CAPTURE(biases);
      CHECK(same_part(bench.parameters, plain.parameters, first, count));
      for (std::size_t s = 0; s < optimizer.state_slots; ++s) {
        CHECK(same_part(bench.state(), plain.state(), s * n + first, count));
      }
      CHECK(bench.trainer.loss() == plain.trainer.loss());
    });
  }
}

}  // namespace

TEST_CASE("settings that say nothing special give the bits of a trainer without groups, and so do factors of 1") {
  const float ones[4] = {1.0f, 1.0f, 1.0f, 1.0f};
  for (const NamedOptimizer& named : optimizers()) {
    for (const How& how : kWays) {
      for (const linnet::KernelTable* table : all_tables()) {
        for (const bool with_factors : {false, true}) {
          GroupSettings settings;
          if (with_factors && !is_rprop(named.optimizer)) settings.rate_factors = ones;
          Bench plain(kShape, plan(named.optimizer, how), 1, *table);
          Bench bench(kShape, plan(named.optimizer, how), 1, *table);
          ParameterGroups groups;
          REQUIRE(groups.bind(bench.trainer, settings) == Status::ok);
          const Data data(how.batch, 4, 2, 5);
          for (int t = 0; t < 70; ++t) {  // all 64 runs of a state fade once
            step(plain, data);
            step(bench, data);
          }
          CAPTURE(std::string(named.name));
          CAPTURE(std::string(how.name));
          CAPTURE(std::string(linnet::to_string(*table)));
          CHECK(same_bits(plain.parameters, bench.parameters));
          CHECK(same_bits(plain.state(), bench.state()));
          CHECK(plain.trainer.loss() == bench.trainer.loss());
        }
      }
    }
  }
}

TEST_CASE("a layer moves as with a learning rate that is its factor times the trainer's, with every optimizer") {
  const float tenfold[4] = {10.0f, 0.1f, 1.0f, 0.5f};
  for (const NamedOptimizer& named : optimizers()) {
    if (is_rprop(named.optimizer)) continue;
    CAPTURE(std::string(named.name));
    for (const How& how : kWays) {
      CAPTURE(std::string(how.name));
      for (const linnet::KernelTable* table : all_tables()) {
        check_groups(named.optimizer, how, {{kFactors, true, false}}, *table);
      }
      check_groups(named.optimizer, how, {{tenfold, true, false}}, kernels());
    }
  }
}

TEST_CASE("biases without decay move as without weight decay, weights as with it, with every optimizer") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    const linnet::Optimizer optimizer = named.optimizer.with_weight_decay(0.5f);
    for (const How& how : kWays) {
      CAPTURE(std::string(how.name));
      for (const linnet::KernelTable* table : all_tables()) {
        check_groups(optimizer, how, {{{}, false, false}}, *table);
        if (!is_rprop(optimizer)) check_groups(optimizer, how, {{kFactors, false, false}}, *table);
      }
    }
  }
}

TEST_CASE("a layer with factor 0 keeps its weights and its state goes on") {
  for (const NamedOptimizer& named : optimizers()) {
    if (is_rprop(named.optimizer)) continue;
    Bench bench(kShape, plan(named.optimizer, kWays[2]), 1);
    Bench plain(kShape, plan(named.optimizer, kWays[2]), 1);
    const std::vector<float> start = bench.parameters;
    const float none[4] = {};
    ParameterGroups groups;
    REQUIRE(groups.bind(bench.trainer, {none, true, false}) == Status::ok);
    const Data data(5, 4, 2, 5);
    step(bench, data);
    step(plain, data);
    CHECK(same_bits(bench.state(), plain.state()));
    for (int t = 0; t < 10; ++t) step(bench, data);
    CHECK(same_bits(bench.parameters, start));
    CHECK((bench.state().empty() || !same_bits(bench.state(), plain.state())));
    CHECK(bench.trainer.steps() == 11);
  }
}

TEST_CASE("ascent is the step with the gradients of the negative loss, with every optimizer") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    for (const How& how : kWays) {
      CAPTURE(std::string(how.name));
      for (const linnet::KernelTable* table : all_tables()) {
        TrainerConfig config = plan(named.optimizer, how);
        config.loss = linnet::loss::own;
        Bench up(kShape, config, 1, *table), down(kShape, config, 1, *table);
        ParameterGroups groups;
        REQUIRE(groups.bind(up.trainer, {{}, true, true}) == Status::ok);
        const Data data(how.batch, 4, 2, 5);
        std::vector<float> y(how.batch * 2);
        for (int t = 0; t < 6; ++t) {
          std::vector<float> d = random_floats(how.batch * 2, 20 + static_cast<std::uint64_t>(t));
          REQUIRE(up.trainer.forward(data.input_rows(), {y.data(), how.batch, 2}) == Status::ok);
          REQUIRE(up.trainer.step_from(data.input_rows(), {d.data(), how.batch, 2}, 0.25f) == Status::ok);
          for (float& x : d) x = -x;
          REQUIRE(down.trainer.forward(data.input_rows(), {y.data(), how.batch, 2}) == Status::ok);
          REQUIRE(down.trainer.step_from(data.input_rows(), {d.data(), how.batch, 2}, 0.25f) == Status::ok);
          CHECK(up.parameters == down.parameters);  // as numbers: a zero may have another sign
          CHECK(up.state() == down.state());
        }
      }
    }
  }
}

TEST_CASE(
    "kept gradients are seen as those of the loss, whatever becomes of them, and accumulate and apply by groups") {
  const Data data(5, 4, 2, 5);
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    const linnet::Optimizer optimizer = named.optimizer.with_weight_decay(0.25f);
    Bench plain(kShape, plan(optimizer, kWays[5]), 1), bench(kShape, plan(optimizer, kWays[5]), 1),
        collected(kShape, plan(optimizer, kWays[5]), 1);
    const GroupSettings settings{
        is_rprop(optimizer) ? linnet::Span<const float>() : linnet::Span<const float>(kFactors), false, true};
    ParameterGroups groups, others;
    REQUIRE(groups.bind(bench.trainer, settings) == Status::ok);
    REQUIRE(others.bind(collected.trainer, settings) == Status::ok);
    REQUIRE(plain.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    for (int t = 0; t < 5; ++t) {
      REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
      REQUIRE(collected.trainer.accumulate(data.input_rows(), data.target_rows()) == Status::ok);
      if (t == 0) {
        for (std::size_t k = 0; k < plain.network.weights(0).size(); ++k) {
          CHECK(bench.trainer.gradients(0).data()[k] == plain.trainer.gradients(0).data()[k]);
        }
        CHECK(bench.trainer.bias_gradients(3)[1] == plain.trainer.bias_gradients(3)[1]);
      }
      REQUIRE(collected.trainer.apply() == Status::ok);
      CHECK(same_bits(bench.parameters, collected.parameters));
      CHECK(same_bits(bench.state(), collected.state()));
    }
  }
}

TEST_CASE("gradients fused or kept give the same bits by groups too, one row and many, on every table") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    const linnet::Optimizer optimizer = named.optimizer.with_weight_decay(0.25f);
    const GroupSettings settings{
        is_rprop(optimizer) ? linnet::Span<const float>() : linnet::Span<const float>(kFactors), false, true};
    for (const std::size_t batch : {std::size_t{1}, std::size_t{7}}) {
      std::vector<float> expected;
      const Data data(batch, 4, 2, 5);
      for (const linnet::KernelTable* table : all_tables()) {
        for (const Gradients gradients : {Gradients::fused, Gradients::kept}) {
          Bench bench(kShape, {linnet::loss::mean_squared_error, optimizer, batch, gradients}, 1, *table);
          ParameterGroups groups;
          REQUIRE(groups.bind(bench.trainer, settings) == Status::ok);
          for (int t = 0; t < 8; ++t) step(bench, data);
          if (expected.empty()) expected = bench.parameters;
          if (!flushes(*table)) CHECK(same_bits(bench.parameters, expected));
        }
      }
    }
  }
}
