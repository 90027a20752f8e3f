// No subnormal number stays in an optimizer's state: after step t, in every slot, run t mod 64 of 64 runs of equal
// length has +0 for what is below 2^-100.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nets.hpp"
#include "optimizer/descriptor.hpp"

using namespace linnet_test;
using linnet::Gradients;

namespace {

// What is left of a slot after a step without gradients, of what was there.
struct Fading {
  const char* name;
  linnet::Optimizer optimizer;
  float decays[3];
};

std::vector<Fading> fading() {
  return {
      {"momentum", linnet::optimizer::sgd(0.02f, 0.9f), {0.9f}},
      {"momentum, slow", linnet::optimizer::sgd(0.02f, 0.99f), {0.99f}},
      {"momentum, fast", linnet::optimizer::sgd(0.02f, 0.76f), {0.76f}},
      {"nesterov", linnet::optimizer::sgd_nesterov(0.02f, 0.9f), {0.9f}},
      {"adam", linnet::optimizer::adam(0.01f), {0.9f, 0.999f}},
      {"adam, fast", linnet::optimizer::adam(0.01f, 0.76, 0.76), {0.76f, 0.76f}},
      {"adamw", linnet::optimizer::adamw(0.01f, 0.05f), {0.9f, 0.999f}},
      {"adam with amsgrad", linnet::optimizer::adam_amsgrad(0.01f), {0.9f, 0.999f, 1.0f}},
      {"adamw with amsgrad, fast", linnet::optimizer::adamw_amsgrad(0.01f, 0.05f, 0.76, 0.76), {0.76f, 0.76f, 1.0f}},
      {"rmsprop", linnet::optimizer::rmsprop(0.005f), {0.99f}},
      {"rmsprop, fast", linnet::optimizer::rmsprop(0.005f, 0.76), {0.76f}},
      {"rmsprop with momentum", linnet::optimizer::rmsprop_momentum(0.002f, 0.8f), {0.99f, 0.8f}},
      {"adagrad", linnet::optimizer::adagrad(0.05f), {1.0f}}};
}

linnet::Loss squares() { return linnet::loss::mean_squared_error; }

// One layer of ReLU that never wakes up: no parameter has a gradient.
void put_to_sleep(Bench& bench) {
  for (std::size_t l = 0; l < bench.topology.layer_count; ++l) {
    for (float& bias : bench.network.biases(l)) bias = -1e3f;
  }
}

// Both signs where the slot may have them, 2^-120 to 2^-80, so that nothing is subnormal to begin with.
std::vector<float> small_state(const Bench& bench, std::uint64_t seed) {
  const linnet::OptimizerDescriptor& rule = *bench.config.optimizer.descriptor;
  linnet::Pcg32 random(seed);
  std::vector<float> state(bench.trainer.optimizer_state().size());
  for (std::size_t k = 0; k < state.size(); ++k) {
    const int power = -120 + static_cast<int>(random.below(40));
    const float x = std::ldexp(1.0f + random.uniform(), power);
    state[k] = rule.state_signed[k / bench.parameters.size()] && random.below(2) == 0 ? -x : x;
  }
  return state;
}

// The rule, for the state before step t.
std::vector<float> faded(std::vector<float> state, const Fading& rule, std::size_t parameters, std::uint64_t t) {
  const std::size_t run = (parameters + 63) / 64;
  for (std::size_t k = 0; k < state.size(); ++k) {
    state[k] *= rule.decays[k / parameters];
    if (k >= 2 * parameters) state[k] = std::fmax(state[k], state[k - parameters]);  // amsgrad
    if (k % parameters / run == t % 64 && std::fabs(state[k]) < 0x1p-100f) state[k] = 0.0f;
  }
  return state;
}

bool has_subnormal(linnet::Span<const float> state) {
  for (const float x : state) {
    if (std::fpclassify(x) == FP_SUBNORMAL) return true;
  }
  return false;
}

// Trains for 50 steps, lets all units die, and takes 2000 more. Returns a hash over all states.
std::uint64_t hash_of_a_dying_net(const linnet::Optimizer& optimizer, Gradients gradients,
                                  const linnet::KernelTable& table) {
  const linnet::Activation relu = linnet::activation::relu;
  Bench bench(linnet::topology(5, {{17, relu}, {3, relu}}), {squares(), optimizer, 4, gradients}, 1, table);
  REQUIRE(bench.status == Status::ok);
  const Data data(4, 5, 3, 5);
  std::uint64_t result = hash({});
  std::size_t steps_with_subnormals = 0;
  for (int step = 0; step < 2050; ++step) {
    if (step == 50) put_to_sleep(bench);
    REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    steps_with_subnormals += has_subnormal(bench.trainer.optimizer_state()) ? 1u : 0u;
    result = hash(bench.trainer.optimizer_state(), result);
  }
  CHECK(steps_with_subnormals == 0u);
  return result;
}

}  // namespace

TEST_CASE("after step t, in every slot, what is below 2^-100 is +0 in run t mod 64 of 64 and as it was elsewhere") {
  const std::pair<std::size_t, std::size_t> shapes[] = {{4, 1}, {63, 1}, {12, 5}, {19, 10}, {127, 1}};  // inputs, units
  for (const Fading& rule : fading()) {
    for (const auto& [inputs, units] : shapes) {
      const auto shape = linnet::topology(inputs, {{units, linnet::activation::relu}});
      for (const linnet::KernelTable* table : all_tables()) {
        Bench bench(shape, {squares(), rule.optimizer, 2}, 1, *table);
        REQUIRE(bench.status == Status::ok);
        put_to_sleep(bench);
        const Data data(2, inputs, units, 5);
        for (std::uint64_t t = 1; t <= 130; ++t) {
          const std::vector<float> before = small_state(bench, t);
          std::copy(before.begin(), before.end(), bench.state_memory());
          REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
          CAPTURE(std::string(rule.name));
          CAPTURE(bench.parameters.size());
          CAPTURE(std::string(linnet::to_string(*table)));
          CAPTURE(t);
          CHECK(same_bits(bench.state(), faded(before, rule, bench.parameters.size(), t)));
        }
      }
    }
  }
}

TEST_CASE("units that die leave no subnormal number in the state at any step, and the same bits on every table") {
  std::vector<NamedOptimizer> all = optimizers();
  for (const Fading& rule : fading()) all.push_back({rule.name, rule.optimizer});
  for (const NamedOptimizer& named : all) {
    const linnet::OptimizerDescriptor* const rule = named.optimizer.descriptor;
    const bool is_l2 = named.optimizer.weight_decay > 0.0f && rule != &linnet::descriptor::adamw &&
                       rule != &linnet::descriptor::adamw_amsgrad;
    if (is_l2) continue;  // a gradient of its own, which gets subnormal with the weight
    CAPTURE(std::string(named.name));
    for (const Gradients gradients : {Gradients::fused, Gradients::kept}) {
      const std::uint64_t expected = hash_of_a_dying_net(named.optimizer, gradients, linnet::scalar_kernels());
      if (!flushes(kernels())) CHECK(hash_of_a_dying_net(named.optimizer, gradients, kernels()) == expected);
    }
  }
}

TEST_CASE("kept gradients and the state of Rprop stay as they are, however small") {
  const float x = 1e-33f;  // below 2^-100; times the slope of the absolute error, 1, it is the gradient
  const float target = -1.0f;
  const auto shape = linnet::topology(1, {{1, linnet::activation::identity, false}});
  for (const NamedOptimizer& named : optimizers()) {
    linnet::Optimizer optimizer = named.optimizer.with_weight_decay(0.0f);
    Bench bench(shape, {linnet::loss::mean_absolute_error, optimizer, 1, Gradients::kept}, 1);
    REQUIRE(bench.status == Status::ok);
    const bool is_rprop = optimizer.descriptor == &linnet::descriptor::rprop;
    for (int t = 1; t <= 130; ++t) {
      REQUIRE(bench.trainer.step(linnet::ConstRows{&x, 1, 1}, linnet::ConstRows{&target, 1, 1}) == Status::ok);
      CAPTURE(std::string(named.name));
      CAPTURE(t);
      CHECK(bench.trainer.gradients(0)(0, 0) == x);
      if (is_rprop) CHECK(bench.trainer.optimizer_state()[0] == x);
    }
  }
}
