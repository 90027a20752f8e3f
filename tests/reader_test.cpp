// Samples that a callback writes: a run over them has the bits of a run over the same rows in arrays.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "weighted_losses.hpp"

using namespace linnet_test;
using linnet::Batches;
using linnet::Diagnostics;
using linnet::Fault;
using linnet::FitPlan;
using linnet::Sample;
using linnet::SampleReader;
using linnet::Samples;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kRows = 23, kBatch = 5;

// Samples in arrays, and a callback that writes them.
struct Told {
  const Data& data;
  const std::vector<float>& weights;
  std::vector<std::uint32_t> read{};          // the numbers, in their order
  std::size_t fails_at = ~std::size_t{0};     // the call that returns false
  std::size_t spoilt_from = ~std::size_t{0};  // from this call on the first input is NaN

  static bool write(void* context, std::uint32_t number, Sample& sample) {
    Told& told = *static_cast<Told*>(context);
    told.read.push_back(number);
    if (told.read.size() > told.fails_at) return false;
    const Data& data = told.data;
    std::copy_n(&data.x[number * data.inputs], sample.inputs.size(), sample.inputs.data());
    std::copy_n(&data.t[number * data.outputs], sample.targets.size(), sample.targets.data());
    if (told.read.size() > told.spoilt_from) sample.inputs[0] = kNaN;
    sample.label = data.labels[number];
    sample.weight = told.weights[number];
    return true;
  }
  [[nodiscard]] SampleReader reader(bool labelled) {
    return {write, this, data.rows, data.inputs, labelled ? 0 : data.outputs};
  }
};

bool keep_losses(void* context, const linnet::Epoch& epoch) {
  static_cast<std::vector<float>*>(context)->push_back(epoch.loss);
  return true;
}

// A network, samples, and all that a run is lent: memory of exactly the size that the layout asks for.
struct Run {
  WeightedCase loss;
  Data data;
  std::vector<float> weights = random_floats(kRows, 6);
  Bench bench;
  Told told{data, weights};
  SampleReader reader = told.reader(loss.labels);
  std::vector<std::uint32_t> order;
  std::vector<float> rows, gathered = std::vector<float>(kBatch), losses{};
  std::vector<std::uint16_t> labels = std::vector<std::uint16_t>(kBatch);
  linnet::Pcg32 random{3};
  Fault fault;

  Run(const WeightedCase& what, std::size_t outs)
      : loss(what),
        data(data_for(kRows, outs, 5)),
        bench(linnet::topology(5, {{9, linnet::activation::tanh}, {outs, what.last}}),
              {what.loss, linnet::optimizer::adam(0.01f), kBatch}, 3),
        rows(linnet::batch_floats(5, what.labels ? 0 : outs, kBatch)) {
    REQUIRE(bench.status == Status::ok);
    for (float& w : weights) w = std::fabs(w);
    for (std::size_t k = 0; k < kRows - 2; ++k) order.push_back(static_cast<std::uint32_t>((7 * k + 3) % kRows));
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  [[nodiscard]] Samples samples(bool told_each, bool weighted) const {
    if (told_each) return weighted ? Samples(reader).with_weights() : Samples(reader);
    const Samples all =
        loss.labels ? Samples(data.input_rows(), data.label_rows()) : Samples(data.input_rows(), data.target_rows());
    return weighted ? all.with_weights(weights) : all;
  }
  Batches batches(const Samples& what) { return {what, order, rows, kBatch, labels, gathered}; }
  FitPlan plan(std::size_t epochs) {
    FitPlan result{epochs};
    result.on_epoch = keep_losses;
    result.epoch_context = &losses;
    result.fault = &fault;
    return result;
  }
  Status fit(const Samples& what, std::size_t epochs = 3) {
    return linnet::fit(bench.trainer, batches(what), random, plan(epochs));
  }
  // Refused by fit() and by evaluate(), and nothing has changed.
  void check_refused(const Batches& lent, Status expected, std::size_t sample = linnet::kNowhere,
                     std::size_t column = linnet::kNowhere) {
    const std::vector<std::uint32_t> order_before = order;
    const std::vector<float> before = bench.parameters, state = bench.state();
    const std::uint64_t place = random.state().state;
    CHECK(linnet::fit(bench.trainer, lent, random, plan(2)) == expected);
    CHECK(fault.sample == sample);
    CHECK(fault.column == column);
    float mean = 7.0f;
    told.read.clear();
    CHECK(linnet::evaluate(bench.trainer, lent, mean) == expected);
    CHECK(mean == 7.0f);
    CHECK(order == order_before);
    CHECK(same_bits(bench.parameters, before));
    CHECK(same_bits(bench.state(), state));
    CHECK(random.state().state == place);
    CHECK(losses.empty());
  }
  void check_refused(Status expected, std::size_t sample = linnet::kNowhere, std::size_t column = linnet::kNowhere,
                     bool weighted = false) {
    check_refused(batches(samples(true, weighted)), expected, sample, column);
  }
};

template <class Visit>
void for_each_run(Visit visit) {
  for (const WeightedCase& loss : weighted_cases()) {
    CAPTURE(std::string(loss.name));
    CAPTURE(loss.labels);
    for (const std::size_t outputs : {loss.outputs.front(), loss.outputs.back()}) visit(loss, outputs);
  }
}

const WeightedCase& case_of(bool labels) {
  static const std::vector<WeightedCase> all = weighted_cases();
  return all[labels ? 8 : 0];
}

}  // namespace

TEST_CASE("fit and evaluate over samples of a callback have the bits of the same rows in arrays: all losses") {
  for_each_run([](const WeightedCase& loss, std::size_t outputs) {
    for (const bool weighted : {false, true}) {
      Run arrays(loss, outputs), told(loss, outputs);
      REQUIRE(arrays.fit(arrays.samples(false, weighted)) == Status::ok);
      REQUIRE(told.fit(told.samples(true, weighted)) == Status::ok);
      CHECK(same_bits(told.bench.parameters, arrays.bench.parameters));
      CHECK(same_bits(told.bench.state(), arrays.bench.state()));
      CHECK(same_bits(told.losses, arrays.losses));
      CHECK(told.order == arrays.order);
      CHECK(told.random.state().state == arrays.random.state().state);
      float of_arrays = 0.0f;
      float of_told = 1.0f;
      REQUIRE(linnet::evaluate(arrays.bench.trainer, arrays.batches(arrays.samples(false, weighted)), of_arrays) ==
              Status::ok);
      REQUIRE(linnet::evaluate(told.bench.trainer, told.batches(told.samples(true, weighted)), of_told) == Status::ok);
      CHECK(of_told == of_arrays);
    }
  });
}

TEST_CASE("labels that are ignored, Diagnostics and a loss of the program's own take samples of a callback, too") {
  const linnet::Loss ignoring = linnet::loss::softmax_cross_entropy.with_ignored_labels();
  const WeightedCase ignored{"", ignoring, true, true, linnet::activation::identity, "identity", {}};
  const WeightedCase own{"", linnet::loss::own, false, false, linnet::activation::identity, "identity", {}};
  for (const WeightedCase& loss : {ignored, own}) {
    std::vector<float> parameters[2];
    for (const bool told : {false, true}) {
      Run run(loss, 3);
      if (loss.labels) run.data.labels[4] = run.data.labels[9] = linnet::kIgnored;
      std::vector<linnet::LayerDiagnostics> seen(2);
      std::vector<float> room(linnet::diagnostics_floats(run.bench.topology));
      Diagnostics diagnostics;
      REQUIRE(diagnostics.bind(run.bench.trainer, seen, room) == Status::ok);
      FitPlan plan = run.plan(2);
      plan.take_step = Diagnostics::take_step;
      plan.step_context = &diagnostics;
      if (!loss.labels) {
        plan.take_step = [](void*, linnet::Trainer& trainer, const Samples& batch) {
          std::vector<float> y(batch.inputs.count() * 3);
          const linnet::Rows outputs(y.data(), batch.inputs.count(), 3);
          const Status status = trainer.forward(batch.inputs, outputs);
          for (std::size_t k = 0; k < y.size(); ++k) y[k] -= batch.targets.data()[k];
          return status == Status::ok ? trainer.step_from(batch.inputs, outputs) : status;
        };
      }
      REQUIRE(linnet::fit(run.bench.trainer, run.batches(run.samples(told, false)), run.random, plan) == Status::ok);
      parameters[told ? 1 : 0] = run.bench.parameters;
    }
    CHECK(same_bits(parameters[0], parameters[1]));
  }
}

TEST_CASE("fit reads every sample once before the first step and once an epoch, evaluate once, both in order") {
  Run run(case_of(false), 3);
  const std::vector<std::uint32_t> given = run.order;
  REQUIRE(run.fit(run.samples(true, false), 1) == Status::ok);
  std::vector<std::uint32_t> expected = given;
  expected.insert(expected.end(), run.order.begin(), run.order.end());
  CHECK(run.order != given);
  CHECK(run.told.read == expected);
  float loss = 0.0f;
  run.told.read.clear();
  REQUIRE(linnet::evaluate(run.bench.trainer, run.batches(run.samples(true, false)), loss) == Status::ok);
  CHECK(run.told.read == run.order);
  run.told.read.clear();
  REQUIRE(run.fit(run.samples(true, false), 0) == Status::ok);
  CHECK(run.told.read == run.order);
}

TEST_CASE("runs refuse a bad number of any sample of a callback, by its number, before anything has changed") {
  for (std::size_t number = 0; number < kRows; ++number) {
    const bool takes_part = [number] {
      const Run run(case_of(false), 3);
      return std::find(run.order.begin(), run.order.end(), number) != run.order.end();
    }();
    const auto check = [takes_part, number](Run& run, Status status, std::size_t column, bool weighted = false) {
      if (takes_part) {
        run.check_refused(status, number, column, weighted);
      } else {
        CHECK(run.fit(run.samples(true, weighted)) == Status::ok);
      }
    };
    Run inputs(case_of(false), 3), targets(case_of(false), 3), labels(case_of(true), 3), weights(case_of(true), 3);
    inputs.data.x[number * 5 + number % 5] = kNaN;
    check(inputs, Status::bad_input, number % 5);
    targets.data.t[number * 3 + number % 3] = -std::numeric_limits<float>::infinity();
    check(targets, Status::bad_target, number % 3);
    labels.data.labels[number] = 3;
    check(labels, Status::bad_label, linnet::kNowhere);
    weights.weights[number] = -1.0f;
    check(weights, Status::bad_weight, linnet::kNowhere, true);
  }
}

TEST_CASE("what a callback leaves unwritten is refused, and its weight is 1") {
  struct Left {
    std::size_t input, target;
    bool label;
    static bool write(void* context, std::uint32_t /*number*/, Sample& sample) {
      const Left& left = *static_cast<Left*>(context);
      for (std::size_t k = 0; k < sample.inputs.size(); ++k) {
        if (k != left.input) sample.inputs[k] = 0.25f;
      }
      for (std::size_t k = 0; k < sample.targets.size(); ++k) {
        if (k != left.target) sample.targets[k] = 0.5f;
      }
      if (!left.label) sample.label = 1;
      return true;
    }
  };
  for (const bool labelled : {false, true}) {
    Run run(case_of(labelled), 3);
    const std::uint32_t first = run.order[0];
    Left left{2, 9, false};
    run.reader.read = Left::write;
    run.reader.context = &left;
    // a NaN of arrays that were here before would tell nothing
    run.rows.assign(run.rows.size(), 1.0f);
    run.check_refused(Status::bad_input, first, 2);
    left = {9, 1, false};
    if (!labelled) run.check_refused(Status::bad_target, first, 1);
    left = {9, 9, true};
    if (labelled) run.check_refused(Status::bad_label, first);
    left = {9, 9, false};
    float plain = 0.0f;
    float weighted = 1.0f;
    REQUIRE(linnet::evaluate(run.bench.trainer, run.batches(run.samples(true, false)), plain) == Status::ok);
    REQUIRE(linnet::evaluate(run.bench.trainer, run.batches(run.samples(true, true)), weighted) == Status::ok);
    CHECK(plain == weighted);
  }
}

TEST_CASE("a callback that fails or writes NaN later ends the run there, by the sample's number") {
  for (const bool fails : {false, true}) {
    for (std::size_t later = 0; later < 2 * (kRows - 2); ++later) {
      Run run(case_of(true), 3);
      const std::size_t looks = run.order.size();
      (fails ? run.told.fails_at : run.told.spoilt_from) = looks + later;
      CHECK(run.fit(run.samples(true, false)) == (fails ? Status::store_failed : Status::bad_input));
      CHECK(run.fault.sample == run.order[later % looks]);
      CHECK(run.fault.column == (fails ? linnet::kNowhere : 0));
      CHECK(run.losses.size() == later / looks);
      // the steps before that batch, with the bits of a run that ends there
      const std::size_t steps = later / looks * 5 + later % looks / kBatch;
      CHECK(run.bench.trainer.steps() == steps);
      Run whole(case_of(true), 3);
      FitPlan plan = whole.plan(3);
      plan.take_step = [](void* left, linnet::Trainer& trainer, const Samples& batch) {
        std::size_t& steps_left = *static_cast<std::size_t*>(left);
        return steps_left-- == 0 ? Status::diverged : trainer.step(batch.inputs, batch.labels);
      };
      std::size_t left = steps;
      plan.step_context = &left;
      CHECK(linnet::fit(whole.bench.trainer, whole.batches(whole.samples(false, false)), whole.random, plan) ==
            Status::diverged);
      CHECK(same_bits(run.bench.parameters, whole.bench.parameters));
      CHECK(run.order == whole.order);
    }
    // before the first step nothing has changed
    for (std::size_t call = 0; call < kRows - 2; ++call) {
      Run run(case_of(false), 1);
      (fails ? run.told.fails_at : run.told.spoilt_from) = call;
      run.check_refused(fails ? Status::store_failed : Status::bad_input, run.order[call],
                        fails ? linnet::kNowhere : 0);
    }
  }
}

TEST_CASE("a step on samples of a callback that diverges names its sample") {
  Run run(case_of(false), 3);
  run.data.t[run.order[6] * 3] = 3e38f;  // its square is not finite
  FitPlan plan = run.plan(1);
  plan.shuffle = false;
  plan.find_fault = linnet::find_fault;
  CHECK(linnet::fit(run.bench.trainer, run.batches(run.samples(true, false)), run.random, plan) == Status::diverged);
  CHECK(run.bench.trainer.steps() == 1);
  CHECK(run.fault.sample == run.order[6]);
  CHECK(run.fault.layer == 1);
}

TEST_CASE("a reader that says too little is refused, and what it does not fit") {
  Run run(case_of(false), 3);
  SampleReader reader = run.reader;
  const auto refused = [&](Status expected, std::size_t sample = linnet::kNowhere) {
    run.check_refused(run.batches(Samples(reader)), expected, sample);
    CHECK(run.told.read.empty());  // nothing was asked for
    reader = run.reader;
  };
  reader.read = nullptr;
  refused(Status::null_memory);
  reader.inputs = 4;
  refused(Status::bad_columns);
  reader.targets = 2;
  refused(Status::bad_columns);
  reader.targets = 4;
  run.rows.resize(linnet::batch_floats(5, 4, kBatch));
  refused(Status::bad_columns);
  reader.targets = 0;  // labels, which mean squared error does not take
  run.check_refused(run.batches(Samples(reader)), Status::bad_label);
  reader.count = run.order[0];
  refused(Status::bad_order, run.order[0]);
  run.check_refused(run.batches(Samples(run.reader).with_weights(run.weights)), Status::bad_setting);

  Batches lent = run.batches(Samples(run.reader));
  lent.order = {};
  run.check_refused(lent, Status::null_memory);
  for (const std::size_t size : {std::size_t{0}, linnet::kMaxFloats + 1}) {
    lent.order = {run.order.data(), size};
    run.check_refused(lent, Status::bad_batch);
  }
  lent = run.batches(Samples(run.reader));
  lent.memory = {run.rows.data(), linnet::batch_floats(5, 3, kBatch) - 1};
  run.check_refused(lent, Status::too_little_memory);
  lent = run.batches(Samples(run.reader).with_weights());
  lent.weight_memory = {};
  run.check_refused(lent, Status::null_memory);
  lent = run.batches(Samples(run.reader));
  lent.memory = run.bench.memory;
  run.check_refused(lent, Status::overlapping_memory);

  float output[3];
  linnet::Score score{};
  std::vector<float> scratch(linnet::predictor_floats(run.bench.topology));
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(run.bench.network, scratch, kernels()) == Status::ok);
  CHECK(linnet::score(predictor, Samples(run.reader), run.order, output, score) == Status::null_memory);
  CHECK(linnet::find_fault(run.bench.trainer, Samples(run.reader), run.fault) == Status::null_memory);
  CHECK(linnet::find_fault(run.bench.trainer, Samples(run.reader).with_weights(), run.fault) == Status::null_memory);
  CHECK(Diagnostics::take_step(nullptr, run.bench.trainer, Samples(run.reader)) != Status::ok);
}

TEST_CASE("windows over a series of 16-bit numbers need no copy of it") {
  // sample k: the window of 5 numbers from 2 k on, and the number behind it
  struct Series {
    std::vector<std::int16_t> numbers;
    static bool window(void* context, std::uint32_t number, Sample& sample) {
      const std::int16_t* first = static_cast<const Series*>(context)->numbers.data() + std::size_t{2} * number;
      for (std::size_t k = 0; k < 5; ++k) sample.inputs[k] = static_cast<float>(first[k]) / 1024.0f;
      sample.targets[0] = static_cast<float>(first[5]) / 1024.0f;
      return true;
    }
  };
  Series series;
  for (int k = 0; k < 50; ++k) series.numbers.push_back(static_cast<std::int16_t>(37 * k % 101 * 10 - 500));
  Run copied(case_of(false), 1), read(case_of(false), 1);
  for (std::size_t b = 0; b < kRows; ++b) {
    for (std::size_t k = 0; k < 5; ++k) {
      copied.data.x[5 * b + k] = static_cast<float>(series.numbers[2 * b + k]) / 1024.0f;
    }
    copied.data.t[b] = static_cast<float>(series.numbers[2 * b + 5]) / 1024.0f;
  }
  read.reader = {Series::window, &series, kRows, 5, 1};
  REQUIRE(copied.fit(copied.samples(false, false)) == Status::ok);
  REQUIRE(read.fit(read.samples(true, false)) == Status::ok);
  CHECK(same_bits(read.bench.parameters, copied.bench.parameters));
}
