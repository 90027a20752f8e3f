// What a trainer is before, between and after its runs: bound anew, saved, restored, moved.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const auto kShape = linnet::topology(4, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});

TrainerConfig plan(const linnet::Optimizer& optimizer, Gradients gradients = Gradients::fused) {
  return {linnet::loss::mean_squared_error, optimizer, 3, gradients};
}

void train(Bench& bench, int steps) {
  const Data data(3, bench.topology.inputs, bench.topology.outputs(), 5);
  for (int k = 0; k < steps; ++k) {
    REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
  }
}

linnet::TrainerProgress saved_of(const Bench& bench) {
  linnet::TrainerProgress saved{};
  REQUIRE(bench.trainer.save(saved) == Status::ok);
  return saved;
}

// Whether it is refused, and nothing changed.
bool refused(Bench& bench, const linnet::TrainerProgress& saved, const std::vector<float>& state) {
  const std::vector<float> memory = bench.memory;
  const linnet::TrainerProgress before = saved_of(bench);
  const Status status = bench.trainer.restore(saved, {state.data(), state.size()});
  const linnet::TrainerProgress after = saved_of(bench);
  CHECK((status == Status::ok || status == Status::bad_state));
  if (status == Status::bad_state) {
    CHECK(same_bits(memory, bench.memory));
    CHECK((after.steps == before.steps && after.learning_rate == before.learning_rate &&
           after.bias_corrections[0] == before.bias_corrections[0] &&
           after.bias_corrections[1] == before.bias_corrections[1]));
  }
  return status == Status::bad_state;
}

bool is_adam(const linnet::Optimizer& o) {
  const linnet::OptimizerId id = id_of(o);
  return id == linnet::OptimizerId::adam || id == linnet::OptimizerId::adamw ||
         id == linnet::OptimizerId::adam_amsgrad || id == linnet::OptimizerId::adamw_amsgrad;
}

}  // namespace

TEST_CASE("what training leaves is restored after any number of steps, whatever the betas") {
  const double betas[] = {0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.9999999};
  for (const double beta_1 : betas) {
    for (const double beta_2 : betas) {
      Bench bench(linnet::topology(1, {{1, linnet::activation::identity}}),
                  plan(linnet::optimizer::adam(1e-6f, beta_1, beta_2, 1e-3f)), 1);
      REQUIRE(bench.status == Status::ok);
      for (int step = 0; step < 3000; ++step) {
        if (step < 40 || step % 97 == 0) {
          CHECK_FALSE(refused(bench, saved_of(bench), bench.state()));
        }
        train(bench, 1);
      }
    }
  }
}

TEST_CASE(
    "bias_corrections that do not belong to the number of steps are refused, and so is any with a rule without them") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    for (const int steps : {0, 1, 2, 10, 100, 1000}) {
      Bench bench(kShape, plan(named.optimizer), 1);
      train(bench, steps);
      const linnet::TrainerProgress good = saved_of(bench);
      const std::vector<float> state = bench.state();
      CHECK_FALSE(refused(bench, good, state));
      for (const int which : {0, 1}) {
        const float right = good.bias_corrections[which];
        for (const float wrong : {0.0f, 1.0f, 1.01f * right, 0.99f * right, 0.5f * right, right + 1.0f, -right, kNaN}) {
          if (wrong == right || (steps == 1000 && which == 0 && std::fabs(wrong - right) < 1e-3f)) {
            continue;
          }
          linnet::TrainerProgress changed = good;
          changed.bias_corrections[which] = wrong;
          CHECK(refused(bench, changed, state));
        }
      }
      linnet::TrainerProgress changed = good;
      changed.steps = steps == 0 ? 1 : static_cast<std::uint64_t>(steps) / 2;
      CHECK((refused(bench, changed, state) || !is_adam(named.optimizer)));
    }
  }
}

TEST_CASE("steps that soon could not be counted are refused") {
  for (const NamedOptimizer& named : optimizers()) {
    Bench bench(kShape, plan(named.optimizer), 1);
    train(bench, 2);
    linnet::TrainerProgress saved = saved_of(bench);
    if (is_adam(named.optimizer)) {
      saved.bias_corrections[0] = saved.bias_corrections[1] = 1.0f;
    }
    for (const unsigned bit : {63u, 62u}) {
      saved.steps = std::uint64_t{1} << bit;
      CHECK(refused(bench, saved, bench.state()) == (bit == 63));
    }
    saved.steps = ~std::uint64_t{0};
    CHECK(refused(bench, saved, bench.state()));
  }
}

TEST_CASE("a state that is not at its start before the first step is refused") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    Bench bench(kShape, plan(named.optimizer), 1);
    const linnet::TrainerProgress start = saved_of(bench);
    const std::vector<float> good = bench.state();
    CHECK(bench.trainer.set_learning_rate(0.5f * named.optimizer.learning_rate) == Status::ok);
    CHECK(bench.trainer.check_state() == Status::ok);
    CHECK_FALSE(refused(bench, start, good));
    const bool rprop = id_of(named.optimizer) == linnet::OptimizerId::rprop;
    for (std::size_t k = 0; k < good.size(); ++k) {
      std::vector<float> spoilt = good;
      spoilt[k] = rprop && k >= bench.parameters.size() ? 2e6f : 1e-3f;
      CHECK(refused(bench, start, spoilt));
    }
  }
}

TEST_CASE("Rprop's step sizes are refused out of their range, by restore() and by check_state()") {
  Bench bench(kShape, plan(linnet::optimizer::rprop(0.01f)), 1);
  train(bench, 3);
  const linnet::TrainerProgress saved = saved_of(bench);
  const std::vector<float> good = bench.state();
  for (std::size_t k = bench.parameters.size(); k < good.size(); ++k) {
    for (const float wrong : {0.0f, 0.5e-6f, 51.0f, 1e6f, -1.0f, kNaN, std::numeric_limits<float>::infinity()}) {
      std::vector<float> spoilt = good;
      spoilt[k] = wrong;
      CHECK(refused(bench, saved, spoilt));
      bench.state_memory()[k] = wrong;
      CHECK(bench.trainer.check_state() == Status::bad_state);
      bench.state_memory()[k] = good[k];
    }
    for (const float right : {1e-6f, 50.0f}) {
      std::vector<float> state = good;
      state[k] = right;
      CHECK_FALSE(refused(bench, saved, state));
    }
  }
}

TEST_CASE("the state of another topology with as many floats is refused") {
  namespace a = linnet::activation;
  const auto shape = linnet::topology(3, {{2, a::leaky_relu}, {3, a::tanh, false}, {1, a::identity}});
  Bench bench(shape, plan(linnet::optimizer::adam()), 1);
  train(bench, 2);
  const linnet::TrainerProgress saved = saved_of(bench);
  const linnet::Topology others[] = {
      linnet::topology(3, {{2, a::leaky_relu.with_slope(0.2f)}, {3, a::tanh, false}, {1, a::identity}}),
      linnet::topology(3, {{2, a::relu}, {3, a::tanh, false}, {1, a::identity}}),
      linnet::topology(3, {{2, a::leaky_relu}, {3, a::sigmoid, false}, {1, a::identity}}),
      linnet::topology(6, {{2, a::leaky_relu, false}, {2, a::tanh, false}, {1, a::identity}}),
      linnet::topology(17, {{1, a::identity}}),
      linnet::topology(8, {{2, a::identity}}),
      linnet::topology(9, {{2, a::identity, false}})};
  for (const linnet::Topology& other : others) {
    Bench elsewhere(other, plan(linnet::optimizer::adam()), 1);
    REQUIRE(elsewhere.status == Status::ok);
    if (elsewhere.state().size() == bench.state().size()) {
      CHECK(refused(elsewhere, saved, bench.state()));
    }
  }
  Bench same(shape, plan(linnet::optimizer::adam()), 9);
  CHECK_FALSE(refused(same, saved, bench.state()));
}

TEST_CASE("the state of a topology whose biases stand in another layer is refused") {
  const auto with_biases = [](bool first, bool second) {
    return linnet::topology(3, {{4, linnet::activation::tanh, first}, {4, linnet::activation::tanh, second}});
  };
  Bench bench(with_biases(true, false), plan(linnet::optimizer::adam()), 1);
  train(bench, 2);
  Bench other(with_biases(false, true), plan(linnet::optimizer::adam()), 1);
  REQUIRE(other.state().size() == bench.state().size());
  CHECK(refused(other, saved_of(bench), bench.state()));
}

TEST_CASE("the state of a whole network is not that of a frozen backbone") {
  const auto shape = linnet::topology(2, {{2, linnet::activation::tanh}, {2, linnet::activation::identity}});
  std::vector<float> frozen(6), head(6), memory(500);
  linnet::Network network;
  linnet::Trainer trainer;
  REQUIRE(network.bind(shape, {frozen.data(), 6}, {head.data(), 6}, 1) == Status::ok);
  REQUIRE(trainer.bind(network, plan(linnet::optimizer::sgd(0.1f, 0.9f)), {memory.data(), 500}, kernels()) ==
          Status::ok);
  linnet::TrainerProgress saved{};
  REQUIRE(trainer.save(saved) == Status::ok);
  Bench whole(linnet::topology(2, {{2, linnet::activation::identity}}), plan(linnet::optimizer::sgd(0.1f, 0.9f)), 1);
  CHECK(refused(whole, saved, std::vector<float>(6)));
}

// ---- What restore() and bind() leave.

TEST_CASE("a trainer that is bound again is as new, with every optimizer") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    Bench bench(kShape, plan(named.optimizer, Gradients::kept), 1);
    Bench fresh(kShape, plan(named.optimizer, Gradients::kept), 1);
    const std::vector<float> start = bench.parameters;
    const Data data(3, 4, 2, 5);
    train(bench, 7);
    REQUIRE(bench.trainer.accumulate(data.input_rows(), data.target_rows()) == Status::ok);
    bench.parameters = start;
    REQUIRE(bench.trainer.bind(bench.network, bench.config, {bench.memory.data(), bench.memory.size()}, kernels()) ==
            Status::ok);
    const linnet::TrainerProgress saved = saved_of(bench);
    CHECK((saved.steps == 0 && saved.bias_corrections[0] == 0.0f && saved.bias_corrections[1] == 0.0f));
    CHECK((bench.trainer.steps() == 0 && bench.trainer.loss() == 0.0f));
    CHECK(bench.trainer.apply() == Status::nothing_accumulated);
    CHECK(bench.trainer.gradients(0).size() == 0);
    train(bench, 5);
    train(fresh, 5);
    CHECK(same_bits(bench.parameters, fresh.parameters));
    CHECK(same_bits(bench.state(), fresh.state()));
  }
}

TEST_CASE("restore discards what was accumulated, and refuses floats that overlap the state or are too few") {
  Bench bench(kShape, plan(linnet::optimizer::adam(), Gradients::kept), 1);
  const Data data(3, 4, 2, 5);
  train(bench, 2);
  linnet::TrainerProgress saved = saved_of(bench);
  const std::vector<float> state = bench.state();
  REQUIRE(bench.trainer.accumulate(data.input_rows(), data.target_rows()) == Status::ok);
  CHECK(bench.trainer.restore(saved, {bench.trainer.optimizer_state().data() - 1, state.size()}) ==
        Status::overlapping_memory);
  CHECK(bench.trainer.restore(saved, {nullptr, state.size()}) == Status::null_memory);
  CHECK(bench.trainer.restore(saved, {state.data(), state.size() - 1}) == Status::bad_state);
  CHECK(bench.trainer.gradients(0).size() != 0);
  CHECK(bench.trainer.restore(saved, bench.trainer.optimizer_state()) == Status::ok);  // in place
  CHECK(bench.trainer.gradients(0).size() == 0);
  CHECK(bench.trainer.apply() == Status::nothing_accumulated);
  saved.floats -= 1;
  CHECK(bench.trainer.restore(saved, {state.data(), state.size()}) == Status::bad_state);
}

TEST_CASE("a rate of -0 is 0, wherever it comes from") {
  for (const NamedOptimizer& named : optimizers()) {
    linnet::Optimizer optimizer = named.optimizer;
    optimizer.learning_rate = -0.0f;
    Bench bench(kShape, plan(optimizer), 1);
    CHECK((bench.status == Status::ok && !std::signbit(bench.trainer.learning_rate())));
    CHECK(bench.trainer.set_learning_rate(0.5f) == Status::ok);
    CHECK((bench.trainer.set_learning_rate(-0.0f) == Status::ok && !std::signbit(bench.trainer.learning_rate())));
    linnet::TrainerProgress saved = saved_of(bench);
    saved.learning_rate = -0.0f;
    CHECK_FALSE(refused(bench, saved, bench.state()));
    CHECK_FALSE(std::signbit(bench.trainer.learning_rate()));
  }
}

TEST_CASE("clipping by norm needs kept gradients") {
  TrainerConfig config = plan(linnet::optimizer::sgd(0.1f));
  config.clip_norm = 1.0f;
  CHECK(Bench(kShape, config, 1).status == Status::bad_config);
  config.gradients = Gradients::kept;
  CHECK(Bench(kShape, config, 1).status == Status::ok);
}

TEST_CASE("a beta whose complement is another number, and numbers beside their range, are refused") {
  for (const linnet::Optimizer& good :
       {linnet::optimizer::adam(), linnet::optimizer::adamw(), linnet::optimizer::adam_amsgrad(),
        linnet::optimizer::adamw_amsgrad(), linnet::optimizer::rmsprop()}) {
    for (const float off : {2e-3f, -2e-3f, 1e-5f, -1e-5f}) {
      linnet::Optimizer optimizer = good;
      optimizer.one_minus_beta2 += off;
      CHECK(Bench(kShape, plan(optimizer), 1).status == Status::bad_hyperparameter);
      optimizer = good;
      optimizer.one_minus_beta1 += off;
      CHECK(Bench(kShape, plan(optimizer), 1).status == Status::bad_hyperparameter);
    }
  }
  for (const float weight : {1e9f, 1.1e6f, 0.9e-6f, -1.0f, kNaN}) {
    const float weights[2] = {1.0f, weight};
    TrainerConfig config = plan(linnet::optimizer::sgd(0.1f));
    config.loss = linnet::loss::softmax_cross_entropy.with_class_weights(weights);
    CHECK(Bench(kShape, config, 1).status == Status::bad_hyperparameter);
  }
  for (const float delta : {1e-9f, 0.9e-6f, 1.1e6f, -1.0f}) {
    TrainerConfig config = plan(linnet::optimizer::sgd(0.1f));
    config.loss = linnet::loss::huber.with_delta(delta);
    CHECK(Bench(kShape, config, 1).status == Status::bad_hyperparameter);
  }
}

// ---- Moving.

static_assert(!std::is_copy_constructible_v<linnet::Trainer> && !std::is_copy_assignable_v<linnet::Trainer>);
static_assert(!std::is_copy_constructible_v<linnet::Predictor> && !std::is_copy_assignable_v<linnet::Predictor>);
static_assert(std::is_copy_constructible_v<linnet::Network>, "a view of parameters");

TEST_CASE("a trainer that is moved goes on with the same bits, and what it was moved from is as never bound") {
  for (const NamedOptimizer& named : optimizers()) {
    Bench bench(kShape, plan(named.optimizer), 1);
    Bench other(kShape, plan(named.optimizer), 1);
    const Data data(3, 4, 2, 5);
    train(bench, 6);
    train(other, 3);
    linnet::Trainer moved = std::move(other.trainer);
    linnet::Trainer assigned;
    assigned = std::move(moved);
    linnet::Trainer& itself = assigned;
    assigned = std::move(itself);
    for (int k = 0; k < 3; ++k) {
      REQUIRE(assigned.step(data.input_rows(), data.target_rows()) == Status::ok);
    }
    CHECK(same_bits(bench.parameters, other.parameters));
    CHECK(assigned.steps() == 6);
    for (linnet::Trainer* from : {&other.trainer, &moved}) {  // NOLINT(bugprone-use-after-move)
      CHECK(from->step(data.input_rows(), data.target_rows()) == Status::not_bound);
      CHECK((from->steps() == 0 && from->loss() == 0.0f && from->learning_rate() == 0.0f &&
             from->optimizer_state().empty()));
    }
  }
}

TEST_CASE("a predictor that is moved goes on, and what it was moved from is not bound") {
  Bench bench(kShape, plan(linnet::optimizer::sgd(0.1f)), 1);
  std::vector<float> scratch(linnet::predictor_floats(kShape)), y(2), again(2);
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(bench.network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  const float x[4] = {1.0f, 2.0f, 3.0f, 4.0f};
  REQUIRE(predictor.predict(x, {y.data(), 1, 2}) == Status::ok);
  linnet::Predictor moved = std::move(predictor);
  linnet::Predictor assigned;
  assigned = std::move(moved);
  linnet::Predictor& itself = assigned;
  assigned = std::move(itself);
  CHECK(assigned.predict(x, {again.data(), 1, 2}) == Status::ok);
  CHECK(same_bits(y, again));
  for (linnet::Predictor* from : {&predictor, &moved}) {  // NOLINT(bugprone-use-after-move)
    CHECK(from->predict(x, {y.data(), 1, 2}) == Status::not_bound);
  }
}
