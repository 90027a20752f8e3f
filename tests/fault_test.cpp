// Faults in every float: a step that could leave the finite range moves not one bit of weights, state or step count.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "guarded.hpp"
#include "nets.hpp"
#include "optimizer/descriptor.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();
const float kMost = std::numeric_limits<float>::max();
const float kFaults[] = {kNaN, kInfinity, -kInfinity, kMost, -kMost, 1e30f, -1e30f, 1e20f, 1e-45f, -0.0f};

bool all_finite(const std::vector<float>& floats) {
  for (const float x : floats) {
    if (!std::isfinite(x)) {
      return false;
    }
  }
  return true;
}

// One step with a fault in place: either it is refused and nothing moved, or all numbers are finite afterwards.
// A NaN or infinity must be refused.
template <class Step>
void check_step(Bench& bench, bool must_refuse, Step step) {
  const std::vector<float> parameters = bench.parameters;
  const std::vector<float> state = bench.state();
  linnet::TrainerProgress before{}, after{};
  REQUIRE(bench.trainer.save(before) == Status::ok);
  const float loss = bench.trainer.loss();
  const Status status = step();
  REQUIRE(bench.trainer.save(after) == Status::ok);
  if (status == Status::ok) {
    CHECK_FALSE(must_refuse);
    CHECK(all_finite(bench.parameters));
    CHECK(all_finite(bench.state()));
    CHECK(std::isfinite(bench.trainer.loss()));
    CHECK(after.steps == before.steps + 1);
  } else {
    CHECK(same_bits(parameters, bench.parameters));
    CHECK(same_bits(state, bench.state()));
    CHECK(bench.trainer.loss() == loss);
    CHECK(after.steps == before.steps);
    CHECK(after.bias_corrections[0] == before.bias_corrections[0]);
    CHECK(after.bias_corrections[1] == before.bias_corrections[1]);
  }
}

struct Small {
  linnet::Topology topology;
  linnet::Loss loss;
};

std::vector<Small> small_nets() {
  namespace a = linnet::activation;
  namespace l = linnet::loss;
  return {{linnet::topology(2, {{3, a::relu}, {2, a::identity}}), l::softmax_cross_entropy},
          {linnet::topology(3, {{2, a::tanh}, {2, a::sigmoid}}), l::binary_cross_entropy},
          {linnet::topology(2, {{4, a::hard_sigmoid}, {3, a::softsign}, {1, a::identity}}), l::mean_squared_error},
          {linnet::topology(1, {{2, a::gelu}, {2, a::mish, false}, {2, a::hard_tanh}}), l::huber},
          {linnet::topology(4, {{3, a::selu}, {2, a::softplus}}), l::mean_absolute_error},
          {linnet::topology(17, {{18, a::relu6}, {2, a::silu}}), l::mean_squared_error}};
}

// Calls visit(bench, data) with a trained network of every kind; data may be spoilt by it.
template <class Visit>
void for_each_net(Visit visit) {
  for (const Small& net : small_nets()) {
    for (const NamedOptimizer& named : optimizers()) {
      for (const std::size_t batch : {std::size_t{1}, std::size_t{3}}) {
        for (const Gradients gradients : {Gradients::fused, Gradients::kept}) {
          Bench bench(net.topology, {net.loss, named.optimizer, batch, gradients}, 1);
          REQUIRE(bench.status == Status::ok);
          Data data(batch, net.topology.inputs, net.topology.outputs(), 5);
          for (int k = 0; k < 3; ++k) {
            REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
          }
          visit(bench, data);
        }
      }
    }
  }
}

// Puts every fault at every float of `floats` in turn and takes a step; puts everything back afterwards.
void inject(Bench& bench, Data& data, float* floats, std::size_t count) {
  const std::vector<float> parameters = bench.parameters;
  const std::vector<float> state = bench.state();
  linnet::TrainerProgress saved{};
  REQUIRE(bench.trainer.save(saved) == Status::ok);
  for (std::size_t k = 0; k < count; ++k) {
    for (const float fault : kFaults) {
      const float good = floats[k];
      floats[k] = fault;
      check_step(bench, !std::isfinite(fault),
                 [&] { return bench.trainer.step(data.input_rows(), data.target_rows()); });
      bench.parameters = parameters;
      REQUIRE(bench.trainer.restore(saved, {state.data(), state.size()}) == Status::ok);
      floats[k] = good;
    }
  }
}

}  // namespace

namespace {

const float kClassWeights[2] = {0.0f, 1e6f};

// Labels, class weights, smoothing, both clips, extreme hyper-parameters; a frozen first layer.
std::vector<TrainerConfig> extreme_trainings() {
  std::vector<TrainerConfig> all;
  for (const NamedOptimizer& named : optimizers()) {
    TrainerConfig config{
        linnet::loss::softmax_cross_entropy.with_class_weights(kClassWeights).with_label_smoothing(0.3f),
        named.optimizer, 3};
    all.push_back(config);
    config.gradients = linnet::Gradients::kept;
    config.clip_norm = 1e-3f;
    config.clip_value = 1e10f;
    all.push_back(config);
    config.gradients = linnet::Gradients::fused;
    config.clip_norm = 0.0f;
    config.optimizer.learning_rate = 1e6f;
    config.optimizer.epsilon = config.optimizer.epsilon > 0.0f ? 1e-20f : 0.0f;
    const bool decoupled = named.optimizer.descriptor == linnet::optimizer::adamw().descriptor ||
                           named.optimizer.descriptor == linnet::optimizer::adamw_amsgrad().descriptor;
    config.optimizer.weight_decay = decoupled ? 0.0f : 1e6f;
    all.push_back(config);
  }
  return all;
}

}  // namespace

TEST_CASE("S5, S6: faults do no harm with labels, class weights, smoothing, clips and extreme hyper-parameters") {
  const auto shape = linnet::topology(2, {{3, linnet::activation::relu}, {2, linnet::activation::identity}});
  for (const TrainerConfig& config : extreme_trainings()) {
    Bench bench(shape, config, 1);
    REQUIRE(bench.status == Status::ok);
    const Data data(3, 2, 2, 5);
    for (float& spoilt : bench.parameters) {
      for (const float fault : kFaults) {
        const std::vector<float> parameters = bench.parameters;
        const std::vector<float> memory = bench.memory;
        spoilt = fault;
        check_step(bench, !std::isfinite(fault),
                   [&] { return bench.trainer.step(data.input_rows(), data.label_rows()); });
        bench.parameters = parameters;
        bench.memory = memory;
      }
    }
  }
}

TEST_CASE("a fault in a frozen layer moves nothing, or does no harm") {
  const auto shape = linnet::topology(2, {{3, linnet::activation::relu}, {2, linnet::activation::identity}});
  Bench whole(shape, {linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 3}, 1);
  const Data data(3, 2, 2, 5);
  const std::size_t first = linnet::frozen_floats(shape, 1);
  REQUIRE(whole.network.bind(whole.topology, {whole.parameters.data(), first}, {whole.parameters.data() + first, 8},
                             1) == Status::ok);
  REQUIRE(whole.trainer.bind(whole.network, whole.config, {whole.memory.data(), whole.memory.size()}, kernels()) ==
          Status::ok);
  const std::vector<float> good = whole.parameters;
  for (std::size_t k = 0; k < first; ++k) {
    for (const float fault : kFaults) {
      whole.parameters[k] = fault;
      check_step(whole, !std::isfinite(fault),
                 [&] { return whole.trainer.step(data.input_rows(), data.label_rows()); });
      whole.parameters = good;
    }
  }
}

TEST_CASE("S5, S6: a fault in any input or target moves nothing, or does no harm") {
  for_each_net([](Bench& bench, Data& data) {
    inject(bench, data, data.x.data(), data.x.size());
    inject(bench, data, data.t.data(), data.t.size());
  });
}

TEST_CASE("S5, S6: a fault in any weight moves nothing, or does no harm") {
  for_each_net([](Bench& bench, Data& data) { inject(bench, data, bench.parameters.data(), bench.parameters.size()); });
}

TEST_CASE("a step is refused where the scalar table refuses it, whichever layer has grown") {
  const linnet::Activation relu = linnet::activation::relu;
  const auto shape = linnet::topology(2, {{17, relu}, {18, relu}, {19, relu}, {2, linnet::activation::identity}});
  const TrainerConfig config{linnet::loss::mean_absolute_error, linnet::optimizer::sgd(1e-6f), 5};
  const Data data(3, 2, 2, 5);
  std::size_t refused = 0;
  for (std::size_t l = 0; l < shape.layer_count; ++l) {
    for (int power = -4; power < 60; ++power) {
      const auto status_of = [&](const linnet::KernelTable& table) {
        Bench bench(shape, config, 1, table);
        const linnet::Matrix weights = bench.network.weights(l);
        for (std::size_t k = 0; k < weights.rows() * weights.columns(); ++k) {
          weights.data()[k] = std::ldexp(weights.data()[k], power);
        }
        return bench.trainer.step(data.input_rows(), data.target_rows());
      };
      const Status expected = status_of(linnet::scalar_kernels());
      refused += expected == Status::diverged ? 1 : 0;
      CAPTURE(l);
      CAPTURE(power);
      CHECK(status_of(kernels()) == expected);
    }
  }
  CHECK(refused > 20);  // of 256: the bound has been met
}

TEST_CASE("S7: check_state() and restore() name a fault in any float of optimizer state and change nothing") {
  for_each_net([](Bench& bench, Data& /*data*/) {
    const linnet::OptimizerDescriptor& rule = *bench.config.optimizer.descriptor;
    const std::vector<float> good = bench.state();
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    CHECK(bench.trainer.check_state() == Status::ok);
    for (std::size_t k = 0; k < good.size(); ++k) {
      const bool may_be_negative = rule.state_signed[k / bench.parameters.size()];
      for (const float fault : {kNaN, -kNaN, kInfinity, -kInfinity, -1e-20f}) {
        std::vector<float> spoilt = good;
        spoilt[k] = fault;
        const Status expected = std::isfinite(fault) && may_be_negative ? Status::ok : Status::bad_state;
        bench.state_memory()[k] = fault;
        CHECK(bench.trainer.check_state() == expected);
        CHECK(same_bits(bench.state(), spoilt));
        bench.state_memory()[k] = good[k];
        if (expected == Status::bad_state) {
          CHECK(bench.trainer.restore(saved, {spoilt.data(), spoilt.size()}) == expected);
          CHECK(same_bits(bench.state(), good));
        }
      }
    }
  });
}

TEST_CASE(
    "S7: a step on a spoilt optimizer state stays in its memory, and once a weight is lost every one says diverged") {
  std::size_t lost = 0;
  for_each_net([&lost](Bench& bench, Data& data) {
    const Guarded parameters(bench.parameters.size(), true), memory(bench.memory.size(), true);
    REQUIRE(bench.network.bind(bench.topology, parameters.span()) == Status::ok);
    REQUIRE(bench.trainer.bind(bench.network, bench.config, memory.span(), kernels()) == Status::ok);
    float* state = memory.span().data() + (bench.trainer.optimizer_state().data() - memory.span().data());
    for (std::size_t k = 0; k < bench.trainer.optimizer_state().size(); ++k) {
      for (const float fault : {kNaN, kInfinity, -kInfinity, -1.0f}) {
        std::copy(bench.parameters.begin(), bench.parameters.end(), parameters.span().begin());
        for (std::size_t j = 0; j < bench.trainer.optimizer_state().size(); ++j) {
          state[j] = 0.25f;
        }
        state[k] = fault;
        for (int step = 0; step < 3; ++step) {
          const bool finite = all_finite({parameters.span().begin(), parameters.span().end()});
          const Status status = bench.trainer.step(data.input_rows(), data.target_rows());
          CHECK(status == (finite ? Status::ok : Status::diverged));
          lost += finite ? 0 : 1;
        }
      }
    }
  });
  CHECK(lost > 1000);
}

TEST_CASE("a fault in any kept gradient or weight between accumulate and apply moves nothing, or does no harm") {
  for (const NamedOptimizer& named : optimizers()) {
    const Small net = small_nets()[0];
    Bench bench(net.topology, {net.loss, named.optimizer, 3, Gradients::kept}, 1);
    const Data data(3, 2, 2, 5);
    REQUIRE(bench.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
    float* gradients =
        bench.memory.data() + linnet::layout::trainer_layout(bench.topology, bench.config, 0).kept_gradients;
    for (std::size_t k = 0; k < 2 * bench.parameters.size(); ++k) {
      float& spoilt = k < bench.parameters.size() ? bench.parameters[k] : gradients[k - bench.parameters.size()];
      for (const float fault : kFaults) {
        REQUIRE(bench.trainer.accumulate(data.input_rows(), data.label_rows()) == Status::ok);
        const float good = spoilt;
        spoilt = fault;
        check_step(bench, !std::isfinite(fault), [&] { return bench.trainer.apply(); });
        REQUIRE(bench.trainer.discard() == Status::ok);
        spoilt = good;
        if (k < bench.parameters.size() && std::fabs(fault) > 1e3f) {
          for (float& w : bench.parameters) {  // a step from a huge weight is legal; start over
            w = std::fabs(w) < 10.0f ? w : 0.5f;
          }
        }
      }
    }
  }
}

TEST_CASE("S6: a rate that makes the weights explode ends in `diverged` with finite weights, for every optimizer") {
  const auto shape = linnet::topology(4, {{8, linnet::activation::relu}, {1, linnet::activation::identity}});
  for (const NamedOptimizer& named : optimizers()) {
    linnet::Optimizer wild = named.optimizer;
    wild.learning_rate = 1e6f;
    wild.weight_decay = 0.0f;
    Bench bench(shape, {linnet::loss::mean_squared_error, wild, 4}, 1);
    REQUIRE(bench.status == Status::ok);
    Data data(4, 4, 1, 3);
    Status status = Status::ok;
    for (int k = 0; k < 200 && status == Status::ok; ++k) {
      status = bench.trainer.step(data.input_rows(), data.target_rows());
      CHECK(all_finite(bench.parameters));
      CHECK(all_finite(bench.state()));
    }
    if (status != Status::ok) {
      CHECK(status == Status::diverged);
    }
  }
}
