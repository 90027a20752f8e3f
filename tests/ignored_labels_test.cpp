// Rows whose label is kIgnored, of softmax cross-entropy with_ignored_labels(): PyTorch's ignore_index.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Diagnostics;
using linnet::Gradients;
using linnet::kIgnored;
using linnet::Labels;
using linnet::Loss;
using linnet::Samples;
using linnet::TrainerConfig;

namespace {

const float kClasses[3] = {0.5f, 2.0f, 1.25f};

// Without and with what else softmax cross-entropy knows.
std::vector<Loss> softmax_losses() {
  const Loss plain = linnet::loss::softmax_cross_entropy;
  return {plain, plain.with_class_weights(kClasses), plain.with_label_smoothing(0.15f),
          plain.with_class_weights(kClasses).with_label_smoothing(0.15f)};
}

linnet::Topology shape_of(std::size_t outputs, const linnet::Activation& hidden = linnet::activation::tanh) {
  return linnet::topology(5, {{19, hidden}, {outputs, linnet::activation::identity}});
}

// Which rows are ignored: some at either end, runs of one and more between.
bool ignored(std::size_t b) { return b % 7 < 2 || b % 5 == 3; }

Data with_ignored(std::size_t rows, std::size_t outputs, std::uint64_t seed) {
  Data data(rows, 5, outputs, seed);
  for (std::size_t b = 0; b < rows; ++b) data.labels[b] = ignored(b) ? kIgnored : data.labels[b];
  return data;
}
Data without_ignored(const Data& data) {
  Data rest(0, data.inputs, data.outputs, 1);
  for (std::size_t b = 0; b < data.rows; ++b) {
    if (data.labels[b] == kIgnored) continue;
    rest.x.insert(rest.x.end(), data.input_rows().rows(b, 1).data(), data.input_rows().rows(b, 1).data() + data.inputs);
    rest.labels.push_back(data.labels[b]);
    ++rest.rows;
  }
  return rest;
}

OracleTargets targets_of(const Loss& loss, const Data& data) {
  OracleTargets targets;
  targets.labels = data.labels;
  targets.smoothing = static_cast<double>(loss.label_smoothing);
  targets.class_weights.assign(loss.class_weights.begin(), loss.class_weights.end());
  return targets;
}

void compare_gradients(const Loss& loss, std::size_t rows) {
  Bench bench(shape_of(3), {loss.with_ignored_labels(), linnet::optimizer::sgd(0.1f), rows, Gradients::kept}, 3);
  REQUIRE(bench.status == Status::ok);
  const Data data = with_ignored(rows, 3, 70 + rows);
  const Data rest = without_ignored(data);
  REQUIRE(bench.trainer.accumulate(data.input_rows(), data.label_rows()) == Status::ok);
  auto layers = oracle_of(bench.network, {"tanh", "identity"});
  const std::vector<double> x(rest.x.begin(), rest.x.end());
  const OracleTargets targets = targets_of(loss, rest);
  const auto value = [&] {
    return oracle_loss("softmax_cross_entropy", oracle_forward(layers, x, rest.rows, true), rest.rows, targets);
  };
  CHECK(static_cast<double>(bench.trainer.loss()) == doctest::Approx(value()).epsilon(2e-6));
  double worst = 0.0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const linnet::ConstMatrix g = bench.trainer.gradients(l);
    for (std::size_t k = 0; k < layers[l].w.size(); ++k) {
      double& w = layers[l].w[k];
      const double before = w;
      w = before + 1e-6;
      const double above = value();
      w = before - 1e-6;
      const double slope = (above - value()) / 2e-6;
      w = before;
      worst = std::fmax(worst, std::fabs(static_cast<double>(g(k / g.columns(), k % g.columns())) - slope));
    }
  }
  CHECK(worst <= 3e-6);  // as in gradient_test.cpp; no slope is larger than 1
}

struct Watched : Bench {
  std::vector<linnet::LayerDiagnostics> seen = std::vector<linnet::LayerDiagnostics>(2);
  std::vector<float> room;
  Diagnostics diagnostics;

  Watched(const linnet::Topology& shape, const TrainerConfig& how)
      : Bench(shape, how, 3), room(linnet::diagnostics_floats(shape)) {
    REQUIRE(status == Status::ok);
    REQUIRE(diagnostics.bind(trainer, {seen.data(), 2}, {room.data(), room.size()}) == Status::ok);
  }
};

}  // namespace

TEST_CASE("a row that is ignored has no gradient, whatever lay where its gradients go") {
  for (const Loss& loss : softmax_losses()) {
    for (const std::size_t rows : {std::size_t{1}, std::size_t{2}, std::size_t{9}}) {
      const TrainerConfig config{loss.with_ignored_labels(), linnet::optimizer::sgd(0.1f), rows, Gradients::kept};
      Bench fresh(shape_of(3), config, 3), used(shape_of(3), config, 3);
      const Data counted(rows, 5, 3, 5), data = with_ignored(rows, 3, 70 + rows);
      float mean = 0.0f;
      REQUIRE(used.trainer.accumulate(counted.input_rows(), counted.label_rows()) == Status::ok);
      REQUIRE(used.trainer.discard() == Status::ok);
      REQUIRE(used.trainer.evaluate(counted.input_rows(), counted.label_rows(), mean) == Status::ok);
      for (Bench* bench : {&fresh, &used}) {
        REQUIRE(bench->trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
      }
      CHECK(same_bits(fresh.parameters, used.parameters));
      CHECK(same_bits({fresh.trainer.loss()}, {used.trainer.loss()}));
    }
  }
}

TEST_CASE("ignored rows count neither in the loss nor in the gradients, as double precision without them has it") {
  for (const Loss& loss : softmax_losses()) {
    for (const std::size_t rows : {3u, 9u, 40u}) compare_gradients(loss, rows);
  }
}

TEST_CASE("a loss that may ignore labels has the bits of one that may not where no label is ignored") {
  for (const Loss& loss : softmax_losses()) {
    for (const std::size_t rows : {1u, 2u, 9u, 40u}) {
      for (const bool labelled : {true, false}) {
        Bench plain(shape_of(3), {loss, linnet::optimizer::adam(0.02f), rows}, 3);
        Bench ignoring(shape_of(3), {loss.with_ignored_labels(), linnet::optimizer::adam(0.02f), rows}, 3);
        const Data data(rows, 5, 3, 8);
        for (int k = 0; k < 5; ++k) {
          for (Bench* bench : {&plain, &ignoring}) {
            REQUIRE((labelled ? bench->trainer.step(data.input_rows(), data.label_rows())
                              : bench->trainer.step(data.input_rows(), data.target_rows())) == Status::ok);
          }
          CHECK(plain.trainer.loss() == ignoring.trainer.loss());
        }
        CHECK(same_bits(plain.parameters, ignoring.parameters));
      }
    }
  }
}

TEST_CASE("ignored rows give the same bits on every kernel table") {
  for (const Loss& loss : softmax_losses()) {
    for (const std::size_t rows : {1u, 4u, 33u}) {
      const TrainerConfig config{loss.with_ignored_labels(), linnet::optimizer::sgd(0.1f), rows};
      Bench here(shape_of(3), config, 3);
      Bench scalar(shape_of(3), config, 3, linnet::scalar_kernels());
      for (std::uint64_t k = 0; k < 5; ++k) {
        const Data data = with_ignored(rows, 3, k);
        REQUIRE(here.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
        REQUIRE(scalar.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
        CHECK(here.trainer.loss() == scalar.trainer.loss());
      }
      CHECK(same_bits(here.parameters, scalar.parameters));
    }
  }
}

TEST_CASE("a batch of ignored rows alone has loss 0 and gradient 0") {
  for (const Loss& loss : softmax_losses()) {
    for (const std::size_t rows : {1u, 6u}) {
      Bench bench(shape_of(3), {loss.with_ignored_labels(), linnet::optimizer::sgd(0.5f), rows, Gradients::kept}, 3);
      const std::vector<float> before = bench.parameters;
      const Data data(rows, 5, 3, 8);
      const std::vector<std::uint16_t> none(rows, kIgnored);
      float value = 7.0f;
      REQUIRE(bench.trainer.evaluate(data.input_rows(), none, value) == Status::ok);
      CHECK(value == 0.0f);
      REQUIRE(bench.trainer.step(data.input_rows(), none) == Status::ok);
      CHECK(bench.trainer.loss() == 0.0f);
      CHECK(same_bits(bench.parameters, before));
      for (const float g : bench.trainer.bias_gradients(0)) CHECK(g == 0.0f);
    }
  }
}

TEST_CASE("with weights of rows, too, ignored rows count neither in the sum nor in the mean") {
  for (const Loss& loss : softmax_losses()) {
    Bench bench(shape_of(3), {loss.with_ignored_labels(), linnet::optimizer::sgd(0.1f), 20}, 3);
    const Data data = with_ignored(20, 3, 5);
    const auto y =
        oracle_forward(oracle_of(bench.network, {"tanh", "identity"}), {data.x.begin(), data.x.end()}, 20, true);
    std::vector<float> weights;
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t b = 0; b < 20; ++b) {
      weights.push_back(0.25f * static_cast<float>(b));
      if (data.labels[b] == kIgnored) continue;
      OracleTargets one = targets_of(loss, data);
      one.labels = {data.labels[b]};
      const double weight = one.class_weights.empty() ? 1.0 : one.class_weights[data.labels[b]];
      const auto row = y.begin() + static_cast<std::ptrdiff_t>(3 * b);
      sum += 0.25 * static_cast<double>(b) * weight * oracle_loss("softmax_cross_entropy", {row, row + 3}, 1, one);
      count += weight;
    }
    float found = 0.0f;
    REQUIRE(bench.trainer.evaluate(data.input_rows(), data.label_rows(), weights, found) == Status::ok);
    CHECK(static_cast<double>(found) == doctest::Approx(sum / count).epsilon(2e-6));
  }
}

TEST_CASE("kIgnored is a bad label where the loss was not told of it, and no other label gets through where it was") {
  linnet::Fault fault;
  const float x[3][5] = {};
  const std::uint16_t labels[3] = {0, kIgnored, 1};
  std::vector<Loss> others = softmax_losses();
  for (const Loss& loss : {linnet::loss::binary_cross_entropy, linnet::loss::mean_squared_error}) {
    others.push_back(loss);
    Bench refused(shape_of(3), {loss.with_ignored_labels(), linnet::optimizer::sgd(0.1f), 3}, 3);
    CHECK(refused.status == Status::bad_config);
  }
  for (const Loss& loss : others) {
    Bench bench(shape_of(3), {loss, linnet::optimizer::sgd(0.1f), 3}, 3);
    const std::vector<float> before = bench.parameters;
    CHECK(bench.trainer.step(x, labels) == Status::bad_label);
    CHECK(find_fault(bench.trainer, x, labels, fault) == Status::bad_label);
    CHECK(same_bits(bench.parameters, before));
  }
  for (const Loss& loss : softmax_losses()) {
    Bench bench(shape_of(3), {loss.with_ignored_labels(), linnet::optimizer::sgd(0.1f), 3}, 3);
    for (const std::uint16_t bad :
         {std::uint16_t{3}, std::uint16_t{255}, std::uint16_t{0xfffe}, std::uint16_t{0x7fff}}) {
      const std::uint16_t wrong[3] = {kIgnored, 1, bad};
      CHECK(bench.trainer.step(x, wrong) == Status::bad_label);
      CHECK(find_fault(bench.trainer, x, wrong, fault) == Status::bad_label);
      CHECK(fault.sample == 2);
    }
    CHECK(find_fault(bench.trainer, x, labels, fault) == Status::ok);
  }
  const Loss plain = linnet::loss::softmax_cross_entropy;
  CHECK(plain.with_ignored_labels().with_class_weights(kClasses).descriptor == plain.with_ignored_labels().descriptor);
  CHECK(plain.with_ignored_labels().with_label_smoothing(0.1f).descriptor == plain.with_ignored_labels().descriptor);
}

TEST_CASE("whole runs pass over ignored samples, and a score does not count them") {
  const Data data = with_ignored(40, 3, 5);
  const Samples samples(data.input_rows(), data.label_rows());
  std::vector<std::uint32_t> order(40);
  for (std::uint32_t k = 0; k < 40; ++k) order[k] = k;
  std::vector<float> rows(linnet::batch_floats(5, 0, 8));
  std::vector<std::uint16_t> labels(8);
  const linnet::Batches batches{samples, order, rows, 8, labels};
  const TrainerConfig config{linnet::loss::softmax_cross_entropy.with_ignored_labels(), linnet::optimizer::adam(0.02f),
                             8};
  Bench by_hand(shape_of(3), config, 3);
  Bench fitted(shape_of(3), config, 3);
  linnet::Pcg32 random(1);
  linnet::FitPlan plan{3};
  plan.shuffle = false;
  REQUIRE(linnet::fit(fitted.trainer, batches, random, plan) == Status::ok);
  double sum = 0.0;
  for (int epoch = 0; epoch < 4; ++epoch) {
    for (std::size_t first = 0; first < 40; first += 8) {
      const linnet::ConstRows x = data.input_rows().rows(first, 8);
      const Labels part(data.labels.data() + first, 8);
      float loss = 0.0f;
      REQUIRE((epoch < 3 ? by_hand.trainer.step(x, part) : by_hand.trainer.evaluate(x, part, loss)) == Status::ok);
      sum += static_cast<double>(loss) / 5.0;
    }
  }
  CHECK(same_bits(fitted.parameters, by_hand.parameters));
  float mean = 0.0f;
  REQUIRE(linnet::evaluate(fitted.trainer, batches, mean) == Status::ok);
  CHECK(static_cast<double>(mean) == doctest::Approx(sum).epsilon(1e-7));  // of floats, rounded once

  const Data rest = without_ignored(data);
  std::vector<float> scratch(linnet::predictor_floats(shape_of(3)));
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(fitted.network, scratch, kernels()) == Status::ok);
  float outputs[3];
  linnet::Score all{};
  linnet::Score counted{};
  REQUIRE(linnet::score(predictor, samples, order, outputs, all) == Status::ok);
  const std::vector<std::uint32_t> fewer(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(rest.rows));
  REQUIRE(linnet::score(predictor, {rest.input_rows(), rest.label_rows()}, fewer, outputs, counted) == Status::ok);
  CHECK(all.accuracy == counted.accuracy);
  CHECK(all.mean_squared_error == counted.mean_squared_error);
  const std::uint32_t first[2] = {0, 1};  // both ignored
  REQUIRE(linnet::score(predictor, samples, first, outputs, all) == Status::ok);
  CHECK(all.accuracy == 0.0f);
  CHECK(all.mean_squared_error == 0.0f);

  Bench plain(shape_of(3), {linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(0.02f), 8}, 3);
  linnet::Fault fault;
  plan.fault = &fault;
  CHECK(linnet::fit(plain.trainer, batches, random, plan) == Status::bad_label);
  CHECK(fault.sample == 0);
  CHECK(linnet::evaluate(plain.trainer, batches, mean) == Status::bad_label);
}

TEST_CASE("what a network has not learnt is that of the rows that are not ignored") {
  for (const Loss& loss : softmax_losses()) {
    const Data data = with_ignored(40, 3, 5);
    const Data rest = without_ignored(data);
    const TrainerConfig config{loss.with_ignored_labels(), linnet::optimizer::sgd(0.0f), 40};
    Watched all(shape_of(3), config);
    Watched some(shape_of(3), config);
    for (int epoch = 0; epoch < 2; ++epoch) {
      all.diagnostics.begin_epoch();
      some.diagnostics.begin_epoch();
      REQUIRE(all.diagnostics.step(data.input_rows(), data.label_rows()) == Status::ok);
      REQUIRE(some.diagnostics.step(rest.input_rows(), rest.label_rows()) == Status::ok);
    }
    CHECK(some.diagnostics.unexplained() > 0.5f);
    CHECK(static_cast<double>(all.diagnostics.unexplained()) ==
          doctest::Approx(static_cast<double>(some.diagnostics.unexplained())).epsilon(1e-5));
  }
}

TEST_CASE("rows that are ignored or weigh nothing have no gradient, and nothing is dead for it") {
  const auto shape = shape_of(3, linnet::activation::relu);
  for (const bool by_weight : {false, true}) {
    Watched net(shape, {linnet::loss::softmax_cross_entropy.with_ignored_labels(), linnet::optimizer::sgd(0.1f), 16});
    Data data(16, 5, 3, 5);
    const std::vector<float> nothing(16, 0.0f);
    if (!by_weight) std::fill(data.labels.begin(), data.labels.end(), kIgnored);
    for (int k = 0; k < 3; ++k) {
      REQUIRE((by_weight ? net.diagnostics.step(data.input_rows(), data.label_rows(), nothing)
                         : net.diagnostics.step(data.input_rows(), data.label_rows())) == Status::ok);
    }
    CHECK(net.diagnostics.layers()[0].rows_without_gradient == 0);
    CHECK(net.diagnostics.layers()[1].rows_without_gradient == 0);
    linnet::LayerReport report[2];
    REQUIRE(net.diagnostics.report(report) == Status::ok);
    CHECK(report[0].verdict == linnet::Verdict::healthy);
    CHECK(report[1].verdict == linnet::Verdict::healthy);
  }
}
