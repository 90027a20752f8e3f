// Labels 0 and 1 in the place of rows of one float.
#include <doctest/doctest.h>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

namespace a = linnet::activation;

linnet::Topology shape_for(const linnet::Activation& last, std::size_t outputs) {
  return linnet::topology(4, {{9, a::tanh}, {outputs, last}});
}

// Labels that are 0 or 1, and the same as rows.
struct Bits : Data {
  explicit Bits(std::size_t count) : Data(count, 4, 1, 3) {
    for (std::size_t b = 0; b < rows; ++b) {
      labels[b] = t[b] > 0.5f ? 1 : 0;
      t[b] = static_cast<float>(labels[b]);
    }
  }
};

// Parameters, losses and state after evaluate(), step(), accumulate(), Diagnostics::step() and fit() on them.
std::vector<float> trained(const linnet::Activation& last, std::size_t batch, bool labelled) {
  Bits data(33);
  const TrainerConfig how{linnet::loss::binary_cross_entropy, linnet::optimizer::adam(0.01f), batch, Gradients::kept};
  Bench bench(shape_for(last, 1), how, 1);
  REQUIRE(bench.status == Status::ok);
  linnet::LayerDiagnostics layers[2];
  std::vector<float> room(linnet::diagnostics_floats(bench.topology));
  linnet::Diagnostics look;
  REQUIRE(look.bind(bench.trainer, layers, {room.data(), room.size()}) == Status::ok);
  std::vector<float> seen;
  float loss = -1.0f;
  for (std::size_t first = 0; first + batch <= data.rows; first += batch) {
    const linnet::ConstRows x = data.input_rows().rows(first, batch);
    const linnet::ConstRows t = data.target_rows().rows(first, batch);
    const linnet::Labels l(data.labels.data() + first, batch);
    linnet::Trainer& trainer = bench.trainer;
    REQUIRE((labelled ? trainer.evaluate(x, l, loss) : trainer.evaluate(x, t, loss)) == Status::ok);
    seen.push_back(loss);
    REQUIRE((labelled ? trainer.step(x, l) : trainer.step(x, t)) == Status::ok);
    seen.push_back(trainer.loss());
    REQUIRE((labelled ? trainer.accumulate(x, l) : trainer.accumulate(x, t)) == Status::ok);
    REQUIRE(trainer.apply() == Status::ok);
    REQUIRE((labelled ? look.step(x, l) : look.step(x, t)) == Status::ok);
  }
  std::vector<std::uint32_t> order(data.rows);
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<std::uint32_t>(k);
  std::vector<float> rows(linnet::batch_floats(4, labelled ? 0 : 1, batch));
  std::vector<std::uint16_t> gathered(batch);
  linnet::Pcg32 random(2);
  const linnet::Samples samples = labelled ? linnet::Samples(data.input_rows(), data.label_rows())
                                           : linnet::Samples(data.input_rows(), data.target_rows());
  REQUIRE(linnet::fit(bench.trainer,
                      {samples,
                       {order.data(), order.size()},
                       {rows.data(), rows.size()},
                       batch,
                       {gathered.data(), gathered.size()}},
                      random, {2}) == Status::ok);
  seen.insert(seen.end(), bench.parameters.begin(), bench.parameters.end());
  const std::vector<float> state = bench.state();
  seen.insert(seen.end(), state.begin(), state.end());
  return seen;
}

}  // namespace

TEST_CASE("labels 0 and 1 of a single output have the bits of rows of 0 and 1 under binary cross-entropy") {
  for (const linnet::Activation& last : {a::sigmoid, a::identity}) {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{33}}) {
      CHECK_MESSAGE(same_bits(trained(last, batch, true), trained(last, batch, false)), "batch " << batch);
    }
  }
}

TEST_CASE("a label above 1 of a single output is refused, and so are labels of other losses and of several outputs") {
  const auto refused = [](const linnet::Loss& loss, std::size_t outputs, std::uint16_t label) {
    const TrainerConfig how{loss, linnet::optimizer::sgd(0.1f), 3, Gradients::kept};
    Bench bench(shape_for(a::identity, outputs), how, 1);
    REQUIRE(bench.status == Status::ok);
    const Data data(3, 4, outputs, 1);
    const std::vector<float> before = bench.parameters;
    float value = -1.0f;
    for (std::size_t wrong = 0; wrong < 3; ++wrong) {
      std::uint16_t labels[3] = {};
      labels[wrong] = label;
      CHECK(bench.trainer.step(data.input_rows(), labels) == Status::bad_label);
      CHECK(bench.trainer.evaluate(data.input_rows(), labels, value) == Status::bad_label);
      CHECK(bench.trainer.accumulate(data.input_rows(), labels) == Status::bad_label);
    }
    CHECK(value == -1.0f);
    CHECK(same_bits(bench.parameters, before));
  };
  refused(linnet::loss::binary_cross_entropy, 1, 2);
  refused(linnet::loss::binary_cross_entropy, 1, 65535);
  refused(linnet::loss::binary_cross_entropy, 2, 0);
  refused(linnet::loss::binary_cross_entropy, 3, 1);
  for (const linnet::Loss& loss : {linnet::loss::mean_squared_error, linnet::loss::mean_absolute_error,
                                   linnet::loss::huber, linnet::loss::smooth_l1}) {
    refused(loss, 1, 0);
    refused(loss, 1, 1);
    refused(loss, 2, 1);
  }
}

namespace {

struct Run {
  Bits data{33};
  std::vector<std::uint32_t> order = std::vector<std::uint32_t>(33);
  std::vector<float> room = std::vector<float>(linnet::batch_floats(4, 1, 5));
  linnet::Pcg32 random{2};

  Run() {
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<std::uint32_t>(k);
  }
  [[nodiscard]] linnet::Samples samples(bool in_a_row) const {
    const linnet::ConstRows column = data.target_rows();
    return {data.input_rows(), in_a_row ? linnet::ConstRows(column.data(), 1, column.count()) : column};
  }
  Status fit(Bench& bench, bool in_a_row, const linnet::FitPlan& plan) {
    return linnet::fit(bench.trainer, {samples(in_a_row), {order.data(), order.size()}, {room.data(), room.size()}, 5},
                       random, plan);
  }
};

}  // namespace

TEST_CASE("whole runs, scores and find_fault() read targets of one output that lie in a row as a column") {
  std::vector<float> weights[2];
  float losses[2] = {}, errors[2] = {};
  for (const bool in_a_row : {false, true}) {
    Run run;
    Bench bench(shape_for(a::sigmoid, 1), {linnet::loss::binary_cross_entropy, linnet::optimizer::adam(0.01f), 5}, 1);
    REQUIRE(run.fit(bench, in_a_row, {3}) == Status::ok);
    const linnet::Span<std::uint32_t> order(run.order.data(), run.order.size());
    REQUIRE(linnet::evaluate(bench.trainer, {run.samples(in_a_row), order, {run.room.data(), run.room.size()}, 5},
                             losses[in_a_row]) == Status::ok);
    std::vector<float> scratch(linnet::predictor_floats(bench.topology));
    linnet::Predictor predictor;
    REQUIRE(predictor.bind(bench.network, {scratch.data(), scratch.size()}) == Status::ok);
    float output[1];
    linnet::Score score{};
    REQUIRE(linnet::score(predictor, run.samples(in_a_row), order, output, score) == Status::ok);
    errors[in_a_row] = score.mean_squared_error;
    weights[in_a_row].assign(bench.network.trainable().begin(), bench.network.trainable().end());

    float t[3] = {0.0f, 1.0f, 2.0f};  // the last is out of range
    linnet::Fault fault;
    CHECK(linnet::find_fault(bench.trainer, run.data.input_rows().rows(0, 3),
                             in_a_row ? linnet::ConstRows(t, 1, 3) : linnet::ConstRows(t, 3, 1),
                             fault) == Status::bad_target);
    CHECK(fault.sample == 2);
    CHECK(fault.column == 0);
  }
  CHECK(weights[0] == weights[1]);
  CHECK(bool(losses[0] == losses[1]));
  CHECK(bool(errors[0] == errors[1]));
}

TEST_CASE("a run with an own loss needs somebody who takes the steps, or is refused before anything has changed") {
  Run run;
  Bench bench(shape_for(a::identity, 1), {linnet::loss::own, linnet::optimizer::sgd(0.01f), 5}, 1);
  const std::vector<std::uint32_t> order = run.order;
  const std::uint64_t before = run.random.state().state;
  CHECK(run.fit(bench, false, {3}) == Status::bad_config);
  float loss = -1.0f;
  CHECK(linnet::evaluate(bench.trainer, {run.samples(false), run.order, {run.room.data(), run.room.size()}, 5}, loss) ==
        Status::bad_config);
  CHECK(bool(loss == -1.0f));
  CHECK(run.order == order);
  CHECK(run.random.state().state == before);

  linnet::FitPlan plan{3};
  plan.take_step = [](void*, linnet::Trainer& trainer, const linnet::Samples& batch) {
    float y[5][1] = {};
    const linnet::Rows outputs(y[0], batch.inputs.count(), 1);
    if (const Status status = trainer.forward(batch.inputs, outputs); status != Status::ok) return status;
    for (std::size_t b = 0; b < outputs.count(); ++b) y[b][0] -= batch.targets.data()[b];
    return trainer.step_from(batch.inputs, outputs, 2.0f / static_cast<float>(outputs.count()));
  };
  CHECK(run.fit(bench, false, plan) == Status::ok);
  CHECK(bench.trainer.steps() == 21);
}
