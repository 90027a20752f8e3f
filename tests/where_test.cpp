// Where a batch goes wrong: find_fault(), and what fit() says of a sample.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"

using namespace linnet_test;
using linnet::ConstRows;
using linnet::Fault;
using linnet::find_fault;
using linnet::FitPlan;
using linnet::kNowhere;
using linnet::Labels;
using linnet::Samples;
using linnet::Span;
namespace activation = linnet::activation;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

bool is(const Fault& fault, std::size_t sample, std::size_t column, std::size_t layer) {
  return fault.sample == sample && fault.column == column && fault.layer == layer;
}

// find_fault() says `expected`, as a step does, and moves nothing but workspace.
template <class Targets>
Fault found(Bench& bench, const ConstRows& inputs, const Targets& targets, Status expected) {
  const std::vector<float> parameters = bench.parameters, state = bench.state();
  const float loss = bench.trainer.loss();
  const std::uint64_t steps = bench.trainer.steps();
  Fault fault{7, 7, 7};
  CHECK(find_fault(bench.trainer, inputs, targets, fault) == expected);
  CHECK(same_bits(parameters, bench.parameters));
  CHECK(same_bits(state, bench.state()));
  CHECK(bench.trainer.loss() == loss);
  CHECK(bench.trainer.steps() == steps);
  if (expected != Status::ok) CHECK(bench.trainer.step(inputs, targets) == expected);
  return fault;
}

// Layers of identity matrices, three units wide.
constexpr std::size_t kDepth = 7, kWidth = 3, kRows = 5;
struct Deep : Bench {
  explicit Deep(const linnet::Loss& loss, const linnet::Optimizer& optimizer,
                const linnet::Activation& hidden = activation::identity, std::size_t max_batch = kRows)
      : Bench(shape_of(hidden), {loss, optimizer, max_batch}, 1) {
    REQUIRE(status == Status::ok);
    for (float& w : parameters) w = 0.0f;
    for (std::size_t l = 0; l < kDepth; ++l) scale(l, 1.0f);
  }
  static linnet::Topology shape_of(const linnet::Activation& hidden) {
    std::vector<linnet::Layer> layers(kDepth, linnet::Layer{kWidth, hidden});
    layers.back().activation = activation::identity;
    return linnet::topology(kWidth, Span<const linnet::Layer>(layers.data(), kDepth));
  }
  void scale(std::size_t l, float by) {
    for (std::size_t k = 0; k < kWidth; ++k) network.weights(l)(k, k) = by;
  }
  void freeze(std::size_t count) {
    const std::size_t first = linnet::frozen_floats(topology, count);
    REQUIRE(network.bind(topology, {parameters.data(), first}, {parameters.data() + first, parameters.size() - first},
                         count) == Status::ok);
    REQUIRE(trainer.bind(network, config, {memory.data(), memory.size()}, kernels()) == Status::ok);
  }
};

struct Batch {
  float x[kRows][kWidth] = {};
  float t[kRows][kWidth] = {};
};

}  // namespace

TEST_CASE("find_fault names the row and column of every input and target of a batch") {
  for (const linnet::Loss& loss :
       {linnet::loss::mean_squared_error, linnet::loss::mean_absolute_error, linnet::loss::huber,
        linnet::loss::smooth_l1, linnet::loss::binary_cross_entropy, linnet::loss::softmax_cross_entropy}) {
    Deep net(loss, linnet::optimizer::sgd(0.0f));
    const bool unit_range =
        id_of(loss) == linnet::LossId::binary_cross_entropy || id_of(loss) == linnet::LossId::softmax_cross_entropy;
    for (std::size_t b = 0; b < kRows; ++b) {
      for (std::size_t column = 0; column < kWidth; ++column) {
        for (const float bad : {kNaN, kInfinity, -kInfinity, 1.5f, -0.25f}) {
          Batch batch;
          batch.t[b][column] = bad;
          batch.t[kRows - 1][kWidth - 1] = bad;  // the first counts
          const bool refused = unit_range || !std::isfinite(bad);
          const Fault target = found(net, batch.x, batch.t, refused ? Status::bad_target : Status::ok);
          CHECK(is(target, refused ? b : kNowhere, refused ? column : kNowhere, kNowhere));
          if (std::isfinite(bad)) continue;
          batch.x[b][column] = bad;
          batch.x[kRows - 1][kWidth - 1] = bad;
          CHECK(is(found(net, batch.x, batch.t, Status::bad_input), b, column, kNowhere));
        }
      }
    }
  }
}

TEST_CASE("find_fault names the row of a label that is no class") {
  Deep net(linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.0f));
  Deep squares(linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f));
  const Batch batch;
  for (std::size_t b = 0; b < kRows; ++b) {
    std::uint16_t labels[kRows] = {};
    CHECK(is(found(net, batch.x, Labels(labels), Status::ok), kNowhere, kNowhere, kNowhere));
    labels[b] = labels[kRows - 1] = kWidth;
    CHECK(is(found(net, batch.x, Labels(labels), Status::bad_label), b, kNowhere, kNowhere));
    CHECK(is(found(squares, batch.x, Labels(labels), Status::bad_label), kNowhere, kNowhere, kNowhere));
  }
}

TEST_CASE("find_fault is nowhere where the batch as a whole is refused") {
  Deep net(linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f));
  Batch batch;
  batch.x[0][0] = kNaN;
  const float* x = batch.x[0];
  const float* t = batch.t[0];
  const auto check = [&net](const ConstRows& inputs, const ConstRows& targets, Status expected) {
    CHECK(is(found(net, inputs, targets, expected), kNowhere, kNowhere, kNowhere));
  };
  check({x, 0, 3}, {t, 0, 3}, Status::bad_batch);
  check({x, 6, 2}, {t, 6, 2}, Status::bad_batch);
  check({x, 5, 3}, {t, 4, 3}, Status::bad_batch);
  check({x, 5, 2}, {t, 5, 3}, Status::bad_columns);
  check({x, 5, 3}, {t, 5, 2}, Status::bad_columns);
  check({nullptr, 5, 3}, {t, 5, 3}, Status::null_memory);
  check({x, 5, 3}, {nullptr, 5, 3}, Status::null_memory);
  linnet::Trainer unbound;
  Fault fault{1, 1, 1};
  CHECK(find_fault(unbound, batch.x, batch.t, fault) == Status::not_bound);
  CHECK(is(fault, kNowhere, kNowhere, kNowhere));
}

TEST_CASE("find_fault names the first layer whose numbers are not finite, and the row, frozen layers too") {
  for (const std::size_t frozen : {0u, 1u, 3u}) {
    for (const linnet::Activation& hidden : {activation::identity, activation::relu, activation::tanh}) {
      for (const float bad : {3e38f, kNaN}) {
        for (std::size_t l = 0; l < kDepth; ++l) {
          const bool bounded = id_of(hidden) == linnet::ActivationId::tanh;
          if (bounded && l > 0 && bad == 3e38f) continue;  // nothing behind tanh is large
          for (std::size_t b = 0; b < kRows; ++b) {
            Deep net(linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), hidden);
            net.freeze(frozen);
            Batch batch;
            for (std::size_t later = b; later < kRows; ++later) batch.x[later][1] = 8.0f;
            float& weight =
                net.parameters[static_cast<std::size_t>(net.network.read_weights(l).data() - net.parameters.data()) +
                               kWidth + 1];
            CHECK(weight == 1.0f);
            weight = bad;
            CHECK(is(found(net, batch.x, batch.t, Status::diverged), std::isnan(bad) ? 0 : b, kNowhere, l));
          }
        }
      }
    }
  }
}

TEST_CASE("find_fault names a layer whose activation alone is not finite") {
  Deep net(linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), activation::selu);
  Batch batch;
  batch.x[3][2] = 3.3e38f;  // times 1.05
  CHECK(is(found(net, batch.x, batch.t, Status::diverged), 3, kNowhere, 0));
}

TEST_CASE("find_fault names the last layer, and the row, where the loss is not finite") {
  for (std::size_t b = 0; b < kRows; ++b) {
    Deep net(linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f));
    Batch batch;
    batch.x[b][0] = 1e20f;
    CHECK(is(found(net, batch.x, batch.t, Status::diverged), b, kNowhere, kDepth - 1));
    // of one row by itself, too
    CHECK(is(found(net, ConstRows(batch.x[b], 1, 3), ConstRows(batch.t[b], 1, 3), Status::diverged), 0, kNowhere,
             kDepth - 1));
  }
  Deep net(linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f));
  Batch batch;
  for (auto& row : batch.x) row[0] = 1.5e19f;  // each loss is finite, their sum is not
  CHECK(is(found(net, batch.x, batch.t, Status::diverged), kNowhere, kNowhere, kDepth - 1));
}

TEST_CASE("find_fault names the layer whose gradients the optimizer refuses, and the row") {
  for (std::size_t b = 0; b < kRows; ++b) {
    for (std::size_t heavy = 1; heavy < kDepth; ++heavy) {
      // a layer that makes its inputs large, behind inputs that are small: the gradient grows on its way down through it
      const auto layer_by = [&](const linnet::Optimizer& optimizer, Status expected) {
        Deep net(linnet::loss::mean_absolute_error, optimizer);
        Batch batch;
        net.scale(heavy, 0x1p60f);
        for (auto& t : batch.t) t[1] = 1.0f;
        net.network.biases(heavy)[1] = 1.0f;  // rows without an error have no gradient
        batch.x[b][1] = 0x1p-70f;
        return found(net, batch.x, batch.t, expected);
      };
      CHECK(is(layer_by(linnet::optimizer::sgd(0.1f), Status::diverged), b, kNowhere, heavy - 1));
      CHECK(is(layer_by(linnet::optimizer::sgd(0.1f, 0.9f), Status::diverged), b, kNowhere, heavy - 1));
      CHECK(is(layer_by(linnet::optimizer::adam(), Status::ok), kNowhere, kNowhere, kNowhere));
    }
    Deep net(linnet::loss::mean_absolute_error, linnet::optimizer::sgd(0.1f));
    Batch batch;
    batch.x[b][1] = 0x1p52f;
    CHECK(is(found(net, batch.x, batch.t, Status::diverged), b, kNowhere, kDepth - 1));
  }
}

TEST_CASE("find_fault names the first layer whose weights are too large for weight decay") {
  for (std::size_t l = 0; l < kDepth; ++l) {
    Deep net(linnet::loss::mean_absolute_error, linnet::optimizer::sgd(0.1f).with_weight_decay(1e6f));
    const Batch batch;
    net.network.weights(l)(0, 1) = 0x1p40f;
    CHECK(is(found(net, batch.x, batch.t, Status::diverged), kNowhere, kNowhere, l));
  }
}

// ---- Whole runs.

namespace {

struct Run {
  Deep net{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f)};
  Data data{23, kWidth, kWidth, 4};
  std::vector<std::uint32_t> order = std::vector<std::uint32_t>(17);  // every number but 0, 4, 8, ..., from the last on
  float rows[linnet::batch_floats(kWidth, kWidth, kRows)] = {};
  Fault fault{7, 7, 7};
  FitPlan plan{2};
  linnet::Pcg32 random{3};
  linnet::Diagnostics diagnostics;
  std::vector<linnet::LayerDiagnostics> layers = std::vector<linnet::LayerDiagnostics>(kDepth);
  std::vector<float> looks;

  explicit Run(bool watched) : looks(linnet::diagnostics_floats(net.topology)) {
    std::size_t k = order.size();
    for (std::uint32_t number = 0; number < 23; ++number) {
      if (number % 4 != 0) order[--k] = number;
    }
    REQUIRE(k == 0);
    plan.fault = &fault;
    if (watched) {
      REQUIRE(diagnostics.bind(net.trainer, {layers.data(), kDepth}, {looks.data(), looks.size()}) == Status::ok);
      plan.take_step = linnet::Diagnostics::take_step;
      plan.step_context = &diagnostics;
    }
  }
  Status fit() {
    return linnet::fit(net.trainer,
                       {Samples(data.input_rows(), data.target_rows()), {order.data(), order.size()}, rows, kRows},
                       random, plan);
  }
};

}  // namespace

TEST_CASE("fit names the sample and column of every number that it refuses, and of none where all is well") {
  for (std::size_t sample = 0; sample < 23; ++sample) {
    for (std::size_t column = 0; column < kWidth; ++column) {
      for (const bool in_targets : {false, true}) {
        Run run(false);
        (in_targets ? run.data.t : run.data.x)[sample * kWidth + column] = kNaN;
        const bool takes_part = sample % 4 != 0;
        CHECK(run.fit() == (!takes_part ? Status::ok : in_targets ? Status::bad_target : Status::bad_input));
        CHECK(is(run.fault, takes_part ? sample : kNowhere, takes_part ? column : kNowhere, kNowhere));
      }
    }
  }
  Run run(false);
  run.order[2] = 23;
  CHECK(run.fit() == Status::bad_order);
  CHECK(is(run.fault, 23, kNowhere, kNowhere));
}

TEST_CASE("fit names sample and layer of a step that diverged, where the plan says who finds them") {
  for (const bool watched : {false, true}) {
    for (const std::uint32_t sample : {1u, 9u, 22u}) {
      Run run(watched);
      run.data.x[sample * kWidth] = 1e20f;
      CHECK(run.fit() == Status::diverged);
      CHECK(is(run.fault, kNowhere, kNowhere, kNowhere));
      run.plan.find_fault = find_fault;
      CHECK(run.fit() == Status::diverged);
      CHECK(is(run.fault, sample, kNowhere, kDepth - 1));
    }
  }
}
