#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

const auto kShape = linnet::topology(
    6, {{21, linnet::activation::tanh}, {18, linnet::activation::gelu, false}, {3, linnet::activation::identity}});

TrainerConfig plan(const linnet::Optimizer& optimizer, std::size_t max_batch, Gradients gradients = Gradients::fused) {
  return {linnet::loss::softmax_cross_entropy, optimizer, max_batch, gradients};
}

// Steps on batches cut from one data set, the last one smaller.
void train(Bench& bench, const Data& data, std::size_t batch, int passes) {
  for (int pass = 0; pass < passes; ++pass) {
    for (std::size_t first = 0; first < data.rows; first += batch) {
      const std::size_t rows = std::min(batch, data.rows - first);
      REQUIRE(bench.trainer.step(data.input_rows().rows(first, rows), {data.labels.data() + first, rows}) ==
              Status::ok);
    }
  }
}

}  // namespace

TEST_CASE("gradients fused or kept give the same bits, with every optimizer") {
  const Data data(23, 6, 3, 1);
  for (const NamedOptimizer& named : optimizers()) {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{8}}) {
      Bench fused(kShape, plan(named.optimizer, batch), 1);
      Bench kept(kShape, plan(named.optimizer, batch, Gradients::kept), 1);
      REQUIRE(kept.status == Status::ok);
      train(fused, data, batch, 3);
      train(kept, data, batch, 3);
      CHECK_MESSAGE(same_bits(fused.parameters, kept.parameters), std::string(named.name));
      CHECK_MESSAGE(same_bits(fused.state(), kept.state()), std::string(named.name));
      CHECK(fused.trainer.steps() == kept.trainer.steps());
    }
  }
}

TEST_CASE("softmax cross-entropy gives the same bits plain, smoothed by 0 and with weights of 1") {
  const float ones[3] = {1.0f, 1.0f, 1.0f};
  const auto train_with = [](const linnet::Loss& loss, bool labels) {
    Data data(23, 6, 3, 1);
    std::fill_n(data.t.begin(), 6, -0.0f);  // two rows without a target
    data.t[6] = 1.0f;
    TrainerConfig config = plan(linnet::optimizer::adam(0.01f), 8);
    config.loss = loss;
    Bench bench(kShape, config, 1);
    REQUIRE(bench.status == Status::ok);
    std::vector<float> seen;
    for (std::size_t first = 0; first + 8 <= data.rows; ++first) {
      const linnet::ConstRows inputs = data.input_rows().rows(first, 8);
      REQUIRE((labels ? bench.trainer.step(inputs, {data.labels.data() + first, 8})
                      : bench.trainer.step(inputs, {data.t.data() + 3 * first, 8, 3})) == Status::ok);
      seen.push_back(bench.trainer.loss());
    }
    seen.insert(seen.end(), bench.parameters.begin(), bench.parameters.end());
    return seen;
  };
  const linnet::Loss plain = linnet::loss::softmax_cross_entropy;
  CHECK(plain.with_label_smoothing(0.0f).descriptor != plain.descriptor);
  CHECK(id_of(plain.with_label_smoothing(0.0f)) == id_of(plain));
  for (const bool labels : {true, false}) {
    const std::vector<float> expected = train_with(plain, labels);
    CHECK(same_bits(train_with(plain.with_label_smoothing(0.0f), labels), expected));
    CHECK(same_bits(train_with(plain.with_class_weights(ones), labels), expected));
    CHECK_FALSE(same_bits(train_with(plain.with_label_smoothing(0.1f), labels), expected));
  }
}

TEST_CASE("a step of softmax cross-entropy has the bits of the scalar table, whatever the rows and outputs") {
  const linnet::KernelTable& scalar = *all_tables().back();
  REQUIRE(std::string(to_string(scalar)) == "scalar");
  const std::vector<float> weights = {0.5f, 1.0f, 2.0f, 0.0f, 0.25f, 1.0f, 3.0f};
  const std::size_t output_counts[] = {2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 24, 31, 32, 33, 40};
  const std::size_t row_counts[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33};
  for (const std::size_t outputs : output_counts) {
    std::vector<float> of_classes(outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
      of_classes[o] = weights[o % weights.size()];
    }
    const linnet::Loss plain = linnet::loss::softmax_cross_entropy;
    const linnet::Loss weighted = plain.with_class_weights({of_classes.data(), outputs}).with_label_smoothing(0.125f);
    const auto shape = linnet::topology(3, {{outputs, linnet::activation::identity}});
    for (const std::size_t rows : row_counts) {
      const Data data(rows, 3, outputs, rows + 100 * outputs);
      for (const linnet::Loss& loss : {plain, weighted}) {
        for (const bool labels : {true, false}) {
          const auto step = [&](const linnet::KernelTable& table) {
            Bench bench(shape, {loss, linnet::optimizer::sgd(4.0f), rows}, 1, table);
            REQUIRE(bench.status == Status::ok);
            REQUIRE((labels ? bench.trainer.step(data.input_rows(), data.label_rows())
                            : bench.trainer.step(data.input_rows(), data.target_rows())) == Status::ok);
            bench.parameters.push_back(bench.trainer.loss());
            return bench.parameters;
          };
          CHECK_MESSAGE(same_bits(step(kernels()), step(scalar)), outputs << " outputs, " << rows << " rows");
        }
      }
    }
  }
}

#ifndef LINNET_BOARD  // two megabytes
TEST_CASE("a step of weights that do not stay in a second cache has the bits of the scalar table") {
  bool wide = false;  // rows longer than a block of gradients, every second time
  for (const NamedOptimizer& named : optimizers()) {
    wide = !wide;
    const std::size_t inputs = wide ? 120 : 300;
    const auto shape =
        linnet::topology(inputs, {{wide ? 1200u : 450u, linnet::activation::tanh}, {2, linnet::activation::identity}});
    const linnet::TrainerConfig config{linnet::loss::mean_squared_error, named.optimizer, 5};
    const Data data(5, inputs, 2, 3);
    Bench vectors(shape, config, 1), scalar(shape, config, 1, linnet::scalar_kernels());
    for (Bench* bench : {&vectors, &scalar}) {
      for (int step = 0; step < 2; ++step) {
        REQUIRE(bench->trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
      }
    }
    CHECK_MESSAGE(same_bits(vectors.parameters, scalar.parameters), named.name);
    CHECK_MESSAGE(same_bits(vectors.state(), scalar.state()), named.name);
  }
}
#endif

TEST_CASE("a row of softmax cross-entropy that is not finite ends the step, wherever it stands") {
  const std::size_t output_counts[] = {3, 10, 16, 40};
  const std::size_t row_counts[] = {2, 8, 9, 17};
  for (const std::size_t outputs : output_counts) {
    const auto shape = linnet::topology(2, {{outputs, linnet::activation::identity}});
    for (const std::size_t rows : row_counts) {
      const Data data(rows, 2, outputs, 1);
      Bench bench(shape, {linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.1f), rows}, 1);
      REQUIRE(bench.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
      const float before = bench.parameters[0];
      for (std::size_t row = 0; row < rows; ++row) {
        Data spoilt = data;
        spoilt.x[2 * row] = 3e38f;
        for (const float weight : {4.0f, -4.0f}) {  // of the first input: one output is infinite, of either sign
          bench.parameters[0] = weight;
          CHECK(bench.trainer.step(spoilt.input_rows(), spoilt.label_rows()) == Status::diverged);
        }
        bench.parameters[0] = before;
      }
    }
  }
}

TEST_CASE("clipping that cuts nothing changes no bit") {
  const Data data(16, 6, 3, 2);
  Bench plain(kShape, plan(linnet::optimizer::adam(0.01f), 8), 1);
  TrainerConfig clipped = plan(linnet::optimizer::adam(0.01f), 8);
  clipped.gradients = linnet::Gradients::kept;
  clipped.clip_norm = 1e9f;
  clipped.clip_value = 1e9f;
  Bench with(kShape, clipped, 1);
  train(plain, data, 8, 4);
  train(with, data, 8, 4);
  CHECK(same_bits(plain.parameters, with.parameters));
}

TEST_CASE("clipping by value is the same fused and kept, and cuts what is beyond") {
  const Data data(16, 6, 3, 2);
  TrainerConfig fused = plan(linnet::optimizer::sgd(0.1f), 16);
  fused.clip_value = 0.004f;
  TrainerConfig kept = fused;
  kept.gradients = Gradients::kept;
  Bench a(kShape, fused, 1);
  Bench b(kShape, kept, 1);
  train(a, data, 16, 2);
  train(b, data, 16, 2);
  CHECK(same_bits(a.parameters, b.parameters));
  float most = 0.0f;
  const linnet::ConstMatrix g = b.trainer.gradients(2);
  for (std::size_t k = 0; k < g.size(); ++k) {
    most = std::fmax(most, std::fabs(g.data()[k]));
  }
  CHECK(most == 0.004f);
}

TEST_CASE("clipping by norm scales [3, 4] with a limit of 1 as PyTorch does") {
  const auto shape = linnet::topology(2, {{1, linnet::activation::identity, false}});
  TrainerConfig config{linnet::loss::mean_absolute_error, linnet::optimizer::sgd(1.0f), 1};
  config.gradients = linnet::Gradients::kept;
  config.clip_norm = 1.0f;
  Bench bench(shape, config, 1);
  const linnet::Matrix w = bench.network.weights(0);
  w(0, 0) = 10.0f;
  w(0, 1) = 10.0f;
  const float x[1][2] = {{3.0f, 4.0f}};
  const float t[1][1] = {{0.0f}};
  REQUIRE(bench.trainer.step(x, t) == Status::ok);
  CHECK(bench.trainer.gradients(0)(0, 0) == doctest::Approx(0.59999988).epsilon(2e-7));
  CHECK(bench.trainer.gradients(0)(0, 1) == doctest::Approx(0.79999984).epsilon(2e-7));
}

TEST_CASE("four accumulated quarters scaled by a quarter are one whole batch") {
  const Data data(16, 6, 3, 3);
  Bench whole(kShape, plan(linnet::optimizer::adam(0.01f), 16), 1);
  Bench quarters(kShape, plan(linnet::optimizer::adam(0.01f), 4, Gradients::kept), 1);
  REQUIRE(whole.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
  for (std::size_t q = 0; q < 4; ++q) {
    REQUIRE(quarters.trainer.accumulate(data.input_rows().rows(4 * q, 4), {data.labels.data() + 4 * q, 4}) ==
            Status::ok);
  }
  REQUIRE(quarters.trainer.apply(0.25f) == Status::ok);
  CHECK(quarters.trainer.steps() == 1);
  for (std::size_t k = 0; k < whole.parameters.size(); ++k) {  // Adam's first step is rate * g / (|g| + 1e-8)
    CHECK(static_cast<double>(whole.parameters[k]) ==
          doctest::Approx(static_cast<double>(quarters.parameters[k])).epsilon(1e-5));
  }
}

TEST_CASE("one accumulated batch applied is a step, and what was discarded leaves no trace") {
  const Data data(8, 6, 3, 4);
  Bench step(kShape, plan(linnet::optimizer::sgd(0.1f, 0.9f), 8, Gradients::kept), 1);
  Bench apply(kShape, plan(linnet::optimizer::sgd(0.1f, 0.9f), 8, Gradients::kept), 1);
  const Data other(8, 6, 3, 5);
  for (int k = 0; k < 5; ++k) {
    REQUIRE(step.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
    REQUIRE(apply.trainer.accumulate(other.input_rows(), other.label_rows()) == Status::ok);
    REQUIRE(apply.trainer.discard() == Status::ok);
    CHECK(apply.trainer.apply() == Status::nothing_accumulated);
    REQUIRE(apply.trainer.accumulate(data.input_rows(), data.label_rows()) == Status::ok);
    REQUIRE(apply.trainer.apply() == Status::ok);
  }
  CHECK(same_bits(step.parameters, apply.parameters));
  CHECK(same_bits(step.state(), apply.state()));
  CHECK(apply.trainer.apply() == Status::nothing_accumulated);
}

TEST_CASE("S9: training saved and restored in other memory goes on with the same bits, with every optimizer") {
  const Data data(24, 6, 3, 6);
  for (const NamedOptimizer& named : optimizers()) {
    Bench bench(kShape, plan(named.optimizer, 8), 1);
    train(bench, data, 8, 2);
    REQUIRE(bench.trainer.set_learning_rate(named.optimizer.learning_rate * 0.5f) == Status::ok);
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    const std::vector<float> state = bench.state();
    Bench later(kShape, plan(named.optimizer, 8), 99);
    later.parameters = bench.parameters;
    REQUIRE(later.network.bind(later.topology, {later.parameters.data(), later.parameters.size()}) == Status::ok);
    REQUIRE(later.trainer.bind(later.network, later.config, {later.memory.data(), later.memory.size()}, kernels()) ==
            Status::ok);
    REQUIRE(later.trainer.restore(saved, {state.data(), state.size()}) == Status::ok);
    CHECK(later.trainer.steps() == bench.trainer.steps());
    CHECK(later.trainer.learning_rate() == bench.trainer.learning_rate());
    train(bench, data, 8, 2);
    train(later, data, 8, 2);
    CHECK_MESSAGE(same_bits(bench.parameters, later.parameters), std::string(named.name));
    CHECK_MESSAGE(same_bits(bench.state(), later.state()), std::string(named.name));
  }
}

TEST_CASE("a state of another optimizer, size, layout or contract is refused, and so is a damaged one") {
  const Data data(8, 6, 3, 7);
  Bench bench(kShape, plan(linnet::optimizer::adam(0.01f), 8), 1);
  train(bench, data, 8, 3);
  linnet::TrainerProgress saved{};
  REQUIRE(bench.trainer.save(saved) == Status::ok);
  const std::vector<float> state = bench.state();
  const auto refused = [&](linnet::TrainerProgress changed, std::vector<float> floats) {
    const std::vector<float> before = bench.memory;
    CHECK(bench.trainer.restore(changed, {floats.data(), floats.size()}) == Status::bad_state);
    CHECK(same_bits(before, bench.memory));
  };
  linnet::TrainerProgress changed = saved;
  changed.optimizer = linnet::OptimizerId::adamw;
  refused(changed, state);
  changed = saved;
  changed.layout_version = linnet::kLayoutVersion - 1;
  refused(changed, state);
  changed = saved;
  changed.contract = saved.contract == linnet::Contract::fused ? linnet::Contract::separate : linnet::Contract::fused;
  refused(changed, state);
  changed = saved;
  changed.learning_rate = NAN;
  refused(changed, state);
  changed = saved;
  changed.bias_corrections[1] = -1.0f;
  refused(changed, state);
  refused(saved, {state.begin(), state.end() - 1});
  for (const float bad : {NAN, INFINITY, -1.0f}) {  // the last float is a square
    std::vector<float> damaged = state;
    damaged.back() = bad;
    refused(saved, damaged);
  }
}

TEST_CASE("restore refuses moments that would cost weights at the next step") {
  struct Row {
    linnet::Optimizer optimizer;
    float first, second;
  };
  const Row rows[] = {{linnet::optimizer::sgd(10.0f, 0.9f), 1e38f, 0.0f},
                      {linnet::optimizer::adam(), 1e32f, 0.0f},
                      {linnet::optimizer::adam(1e-3f, 0.9, 0.999, 1e-20f), 1e15f, 0.0f},
                      {linnet::optimizer::adam(1e-3f, 0.9, 0.5), 1e16f, 1.0f},
                      {linnet::optimizer::rmsprop_momentum(10.0f, 0.9f), 1.0f, 1e38f}};
  for (const Row& row : rows) {
    Bench bench(kShape, plan(row.optimizer, 6), 1);
    REQUIRE(bench.status == Status::ok);
    linnet::TrainerProgress saved{};
    REQUIRE(bench.trainer.save(saved) == Status::ok);
    const std::size_t slots = row.optimizer.state_slots;
    std::vector<float> state(slots * bench.parameters.size(), row.first);
    std::fill(state.begin() + static_cast<long>(bench.parameters.size()), state.end(), row.second);
    CHECK(bench.trainer.restore(saved, {state.data(), state.size()}) == Status::bad_state);
  }
}

TEST_CASE("S2: frozen layers in constant memory stay as they are and the head learns as in a whole network") {
  const Data data(12, 6, 3, 8);
  for (std::size_t frozen = 1; frozen <= 2; ++frozen) {
    Bench whole(kShape, plan(linnet::optimizer::adam(0.01f), 6), 1);
    const std::vector<float> backbone(
        whole.parameters.begin(), whole.parameters.begin() + static_cast<long>(linnet::frozen_floats(kShape, frozen)));
    std::vector<float> head(whole.parameters.begin() + static_cast<long>(backbone.size()), whole.parameters.end());
    std::vector<float> memory(linnet::trainer_floats(kShape, whole.config, frozen));
    CHECK(memory.size() < whole.memory.size());
    linnet::Network network;
    linnet::Trainer trainer;
    REQUIRE(network.bind(kShape, {backbone.data(), backbone.size()}, {head.data(), head.size()}, frozen) == Status::ok);
    REQUIRE(trainer.bind(network, whole.config, {memory.data(), memory.size()}, kernels()) == Status::ok);
    CHECK(network.weights(0).size() == 0);
    CHECK(network.read_weights(0).size() == 6 * 21);
    // The first step of the head is that of the whole network: the same gradients.
    REQUIRE(whole.trainer.step(data.input_rows().rows(0, 6), {data.labels.data(), 6}) == Status::ok);
    REQUIRE(trainer.step(data.input_rows().rows(0, 6), {data.labels.data(), 6}) == Status::ok);
    CHECK(trainer.loss() == whole.trainer.loss());
    const std::vector<float> whole_head(whole.parameters.begin() + static_cast<long>(backbone.size()),
                                        whole.parameters.end());
    CHECK(same_bits(head, whole_head));
  }
}

TEST_CASE("a network frozen to the last layer has nothing to train") {
  Bench whole(kShape, plan(linnet::optimizer::sgd(0.1f), 1), 1);
  linnet::Network network;
  linnet::Trainer trainer;
  REQUIRE(network.bind(kShape, {whole.parameters.data(), whole.parameters.size()}, {}, 3) == Status::ok);
  CHECK(trainer.bind(network, whole.config, {whole.memory.data(), whole.memory.size()}, kernels()) ==
        Status::bad_config);
}

TEST_CASE("the predictor gives what the trainer's loss is made of, whatever the batch a row came in") {
  const Data data(9, 6, 3, 9);
  const auto shape = linnet::topology(6, {{40, linnet::activation::silu}, {3, linnet::activation::tanh}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 9}, 2);
  std::vector<float> scratch(linnet::predictor_floats(shape));
  std::vector<float> together(9 * 3), alone(9 * 3);
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(bench.network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  REQUIRE(predictor.predict(data.input_rows(), {together.data(), 9, 3}) == Status::ok);
  for (std::size_t b = 0; b < 9; ++b) {
    REQUIRE(predictor.predict(data.input_rows().rows(b, 1), {alone.data() + 3 * b, 1, 3}) == Status::ok);
  }
  CHECK(same_bits(together, alone));
  float loss = 0.0f;
  REQUIRE(bench.trainer.evaluate(data.input_rows(), data.target_rows(), loss) == Status::ok);
  double sum = 0.0;
  for (std::size_t k = 0; k < together.size(); ++k) {
    const double error = static_cast<double>(together[k]) - static_cast<double>(data.t[k]);
    sum += error * error;
  }
  CHECK(static_cast<double>(loss) == doctest::Approx(sum / 27.0).epsilon(1e-6));
}

TEST_CASE("evaluate changes neither weights nor state nor the count of steps") {
  const Data data(8, 6, 3, 10);
  Bench bench(kShape, plan(linnet::optimizer::adam(0.01f), 8), 1);
  train(bench, data, 8, 2);
  const std::vector<float> parameters = bench.parameters;
  const std::vector<float> state = bench.state();
  float loss = 0.0f;
  REQUIRE(bench.trainer.evaluate(data.input_rows(), data.label_rows(), loss) == Status::ok);
  CHECK(same_bits(parameters, bench.parameters));
  CHECK(same_bits(state, bench.state()));
  CHECK(bench.trainer.steps() == 2);
}

TEST_CASE("a smaller topology takes the memory declared for a larger one") {
  static constexpr auto kLarge =
      linnet::topology(8, {{32, linnet::activation::relu}, {4, linnet::activation::identity}});
  static constexpr linnet::TrainerConfig kPlan{linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 8};
  static linnet::FixedNetwork<kLarge> network;
  static linnet::FixedTrainer<kLarge, kPlan> trainer;
  const auto small = linnet::topology(6, {{10, linnet::activation::tanh}, {3, linnet::activation::identity}});
  const auto larger = linnet::topology(8, {{33, linnet::activation::relu}, {4, linnet::activation::identity}});
  CHECK(network.bind(larger) == Status::too_little_memory);
  REQUIRE(network.bind(small) == Status::ok);
  linnet::Pcg32 random(1);
  REQUIRE(linnet::initialize(network.network(), random) == Status::ok);
  REQUIRE(trainer.bind(network.network(), kPlan, kernels()) == Status::ok);
  const Data data(8, 6, 3, 11);
  float first = 0.0f;
  for (int k = 0; k < 300; ++k) {
    REQUIRE(trainer->step(data.input_rows(), data.label_rows()) == Status::ok);
    first = k == 0 ? trainer->loss() : first;
  }
  CHECK(trainer->loss() < 0.5f * first);
}

TEST_CASE("the learning rate can be changed between steps") {
  const Data data(8, 6, 3, 12);
  Bench bench(kShape, plan(linnet::optimizer::sgd(0.1f), 8), 1);
  REQUIRE(bench.trainer.set_learning_rate(0.0f) == Status::ok);
  const std::vector<float> before = bench.parameters;
  train(bench, data, 8, 1);
  CHECK(same_bits(before, bench.parameters));
  REQUIRE(bench.trainer.set_learning_rate(0.1f) == Status::ok);
  train(bench, data, 8, 1);
  CHECK_FALSE(same_bits(before, bench.parameters));
}
