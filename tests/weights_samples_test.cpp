// Weights of samples in whole runs, under Diagnostics and in find_fault().
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "nets.hpp"
#include "weighted_losses.hpp"

using namespace linnet_test;
using linnet::Diagnostics;
using linnet::Fault;
using linnet::FitPlan;
using linnet::Samples;
using linnet::Span;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kRows = 30;
constexpr std::size_t kBatch = 7;

std::vector<float> some_weights(std::size_t rows, std::uint64_t seed) {
  linnet::Pcg32 random(seed, 3);
  std::vector<float> weights(rows);
  for (float& w : weights) w = random.below(5) == 0 ? 0.0f : 3.0f * random.uniform();
  return weights;
}

// The rows [first, first + count), those of `order` if it is not empty.
Data part_of(const Data& data, std::size_t first, std::size_t count, const std::vector<std::uint32_t>& order = {}) {
  Data part(count, data.inputs, data.outputs, 1);
  for (std::size_t b = 0; b < count; ++b) {
    const std::size_t k = order.empty() ? first + b : order[first + b];
    std::copy_n(&data.x[k * data.inputs], data.inputs, &part.x[b * data.inputs]);
    std::copy_n(&data.t[k * data.outputs], data.outputs, &part.t[b * data.outputs]);
    part.labels[b] = data.labels[k];
  }
  return part;
}
std::vector<float> part_of(const std::vector<float>& weights, std::size_t first, std::size_t count,
                           const std::vector<std::uint32_t>& order = {}) {
  std::vector<float> part;
  for (std::size_t b = 0; b < count; ++b) part.push_back(weights[order.empty() ? first + b : order[first + b]]);
  return part;
}

// A network, samples with weights, and all that a run is lent.
struct Run {
  WeightedCase loss;
  std::size_t outputs;
  Data data;
  std::vector<float> weights;
  Bench bench;
  std::vector<std::uint32_t> order = std::vector<std::uint32_t>(kRows);
  std::vector<float> rows, gathered = std::vector<float>(kBatch);
  std::vector<std::uint16_t> labels = std::vector<std::uint16_t>(kBatch);
  linnet::Pcg32 random{3};
  std::vector<linnet::LayerDiagnostics> seen = std::vector<linnet::LayerDiagnostics>(2);
  std::vector<float> room;
  Diagnostics diagnostics;

  Run(const WeightedCase& what, std::size_t outs, const linnet::Optimizer& optimizer)
      : loss(what),
        outputs(outs),
        data(data_for(kRows, outs, 5)),
        weights(some_weights(kRows, 6)),
        bench(linnet::topology(5, {{19, linnet::activation::tanh}, {outs, what.last}}), {what.loss, optimizer, kBatch},
              3),
        rows(linnet::batch_floats(5, outs, kBatch)),
        room(linnet::diagnostics_floats(bench.topology)) {
    REQUIRE(bench.status == Status::ok);
    for (std::size_t k = 0; k < kRows; ++k) order[k] = static_cast<std::uint32_t>(k);
    REQUIRE(diagnostics.bind(bench.trainer, {seen.data(), 2}, {room.data(), room.size()}) == Status::ok);
  }
  [[nodiscard]] Samples plain() const {
    return loss.labels ? Samples(data.input_rows(), data.label_rows()) : Samples(data.input_rows(), data.target_rows());
  }
  [[nodiscard]] Samples samples() const { return plain().with_weights(weights); }
  linnet::Batches batches(const Samples& what) { return {what, order, rows, kBatch, labels, gathered}; }
  [[nodiscard]] FitPlan plan(bool watched) {
    FitPlan result{3};
    if (watched) {
      result.take_step = Diagnostics::take_step;
      result.step_context = &diagnostics;
    }
    return result;
  }
  Status fit(const Samples& what, bool watched = false) {
    return linnet::fit(bench.trainer, batches(what), random, plan(watched));
  }
};

template <class Visit>
void for_each_run(Visit visit) {
  for (const WeightedCase& loss : weighted_cases()) {
    CAPTURE(std::string(loss.name));
    visit(loss, loss.outputs.front());
    visit(loss, loss.outputs.back());
  }
}

// What a callback of a program's own sees.
Status count_weights(void* context, linnet::Trainer& /*trainer*/, const Samples& batch) {
  for (const float w : batch.weights) *static_cast<double*>(context) += static_cast<double>(w);
  return Status::ok;
}

}  // namespace

TEST_CASE("fit on samples with weights makes the steps with these weights, watched or not") {
  for_each_run([](const WeightedCase& loss, std::size_t outputs) {
    Run by_hand(loss, outputs, linnet::optimizer::adam(0.01f));
    for (int epoch = 0; epoch < 3; ++epoch) {
      by_hand.random.shuffle(by_hand.order);
      for (std::size_t first = 0; first < kRows; first += kBatch) {
        const std::size_t rows = std::min(kBatch, kRows - first);
        const Data batch = part_of(by_hand.data, first, rows, by_hand.order);
        const std::vector<float> w = part_of(by_hand.weights, first, rows, by_hand.order);
        linnet::Trainer& trainer = by_hand.bench.trainer;
        REQUIRE((loss.labels ? trainer.step(batch.input_rows(), batch.label_rows(), w)
                             : trainer.step(batch.input_rows(), batch.target_rows(), w)) == Status::ok);
      }
    }
    for (const bool watched : {false, true}) {
      Run run(loss, outputs, linnet::optimizer::adam(0.01f));
      REQUIRE(run.fit(run.samples(), watched) == Status::ok);
      CHECK(same_bits(run.bench.parameters, by_hand.bench.parameters));
      CHECK(run.bench.trainer.loss() == by_hand.bench.trainer.loss());
    }
  });
}

TEST_CASE("samples that all weigh 1 have the bits of samples without weights") {
  for_each_run([](const WeightedCase& loss, std::size_t outputs) {
    for (const bool watched : {false, true}) {
      Run plain(loss, outputs, linnet::optimizer::adam(0.01f));
      Run ones(loss, outputs, linnet::optimizer::adam(0.01f));
      ones.weights.assign(kRows, 1.0f);
      REQUIRE(plain.fit(plain.plain(), watched) == Status::ok);
      REQUIRE(ones.fit(ones.samples(), watched) == Status::ok);
      CHECK(same_bits(ones.bench.parameters, plain.bench.parameters));
      CHECK(ones.diagnostics.unexplained() == plain.diagnostics.unexplained());
      // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): the same bits are asked for
      CHECK(std::memcmp(ones.seen.data(), plain.seen.data(), 2 * sizeof ones.seen[0]) == 0);
      float of_ones = 0.0f;
      float of_plain = 1.0f;
      REQUIRE(linnet::evaluate(ones.bench.trainer, ones.batches(ones.samples()), of_ones) == Status::ok);
      REQUIRE(linnet::evaluate(ones.bench.trainer, ones.batches(ones.plain()), of_plain) == Status::ok);
      CHECK(of_ones == of_plain);
    }
  });
}

TEST_CASE("evaluate on samples with weights gives the mean of weighted batches") {
  for_each_run([](const WeightedCase& loss, std::size_t outputs) {
    Run run(loss, outputs, linnet::optimizer::sgd(0.1f));
    const auto layers = oracle_of(run.bench.network, {"tanh", loss.activation});
    double expected = 0.0;
    for (std::size_t first = 0; first < kRows; first += kBatch) {
      const std::size_t rows = std::min(kBatch, kRows - first);
      const Data part = part_of(run.data, first, rows);
      const auto y = oracle_forward(layers, {part.x.begin(), part.x.end()}, rows, loss.logits);
      expected += weighted_oracle_loss(loss, y, rows, part, part_of(run.weights, first, rows)) *
                  static_cast<double>(rows) / static_cast<double>(kRows);
    }
    float found = 0.0f;
    REQUIRE(linnet::evaluate(run.bench.trainer, run.batches(run.samples()), found) == Status::ok);
    CHECK(static_cast<double>(found) == doctest::Approx(expected).epsilon(2e-6));  // as a single batch
  });
}

TEST_CASE("runs refuse a bad weight of any sample, by its number, before anything has changed") {
  const WeightedCase loss = weighted_cases().front();
  for (std::size_t sample = 0; sample < kRows; ++sample) {
    for (const float bad : {-0.5f, kNaN, 2e6f}) {
      Run run(loss, 3, linnet::optimizer::adam(0.1f));
      run.weights[sample] = bad;
      const std::vector<std::uint32_t> order = run.order;
      const std::vector<float> before = run.bench.parameters;
      Fault fault;
      FitPlan plan = run.plan(sample % 2 == 0);
      plan.fault = &fault;
      CHECK(linnet::fit(run.bench.trainer, run.batches(run.samples()), run.random, plan) == Status::bad_weight);
      CHECK(fault.sample == sample);
      CHECK(fault.column == linnet::kNowhere);
      float mean = 7.0f;
      CHECK(linnet::evaluate(run.bench.trainer, run.batches(run.samples()), mean) == Status::bad_weight);
      CHECK(mean == 7.0f);
      CHECK(run.order == order);
      CHECK(same_bits(run.bench.parameters, before));
      CHECK(run.random.state().state == linnet::Pcg32(3).state().state);
      // one that takes no part is not looked at
      run.order.erase(run.order.begin() + static_cast<std::ptrdiff_t>(sample));
      CHECK(run.fit(run.samples()) == Status::ok);
    }
  }
}

TEST_CASE("runs refuse weights that are not one per sample, nowhere, of an own loss, or that nobody would look at") {
  const WeightedCase loss = weighted_cases().front();
  Run run(loss, 3, linnet::optimizer::adam(0.1f));
  const std::vector<float> before = run.bench.parameters;
  const float* w = run.weights.data();
  CHECK(run.fit(run.plain().with_weights({w, kRows - 1})) == Status::bad_batch);
  CHECK(run.fit(run.plain().with_weights({nullptr, kRows})) == Status::null_memory);
  CHECK(run.fit(run.plain().with_weights({})) == Status::null_memory);
  Samples by_hand = run.plain();
  by_hand.weights = run.weights;
  CHECK(run.fit(by_hand) == Status::bad_setting);
  run.gathered.pop_back();
  CHECK(run.fit(run.samples()) == Status::too_little_memory);
  linnet::Batches batches = run.batches(run.samples());
  batches.weight_memory = {};
  CHECK(linnet::fit(run.bench.trainer, batches, run.random, run.plan(false)) == Status::null_memory);
  for (const Span<float> taken : {Span<float>(run.weights), Span<float>(run.rows), Span<float>(run.bench.parameters),
                                  Span<float>(run.data.x), Span<float>(run.data.t)}) {
    batches.weight_memory = taken;
    CHECK(linnet::fit(run.bench.trainer, batches, run.random, run.plan(false)) == Status::overlapping_memory);
  }
  batches = run.batches(run.samples());
  batches.weight_memory = {run.gathered.data(), kBatch};
  batches.memory = run.weights;
  CHECK(linnet::fit(run.bench.trainer, batches, run.random, run.plan(false)) ==
        (run.weights.size() < run.rows.size() ? Status::too_little_memory : Status::overlapping_memory));
  CHECK(same_bits(run.bench.parameters, before));

  WeightedCase own = loss;
  own.loss = linnet::loss::own;
  Run of_own(own, 3, linnet::optimizer::adam(0.1f));
  double sum = 0.0;
  FitPlan plan{1};
  plan.take_step = count_weights;
  plan.step_context = &sum;
  CHECK(linnet::fit(of_own.bench.trainer, of_own.batches(of_own.samples()), of_own.random, plan) == Status::bad_config);
  CHECK(sum == 0.0);
  CHECK(linnet::fit(run.bench.trainer, of_own.batches(of_own.samples()), of_own.random, plan) == Status::ok);
  double expected = 0.0;
  for (const float one : of_own.weights) expected += static_cast<double>(one);
  CHECK(sum == doctest::Approx(expected));
}

TEST_CASE("Diagnostics with weights make the same step, and refuse what a step refuses") {
  for_each_run([](const WeightedCase& loss, std::size_t outputs) {
    Run plain(loss, outputs, linnet::optimizer::adam(0.01f));
    Run watched(loss, outputs, linnet::optimizer::adam(0.01f));
    const Data batch = part_of(plain.data, 0, kBatch);
    std::vector<float> w = part_of(plain.weights, 0, kBatch);
    const auto step = [&](auto& by) {
      return loss.labels ? by.step(batch.input_rows(), batch.label_rows(), w)
                         : by.step(batch.input_rows(), batch.target_rows(), w);
    };
    for (int k = 0; k < 3; ++k) {
      REQUIRE(step(plain.bench.trainer) == Status::ok);
      REQUIRE(step(watched.diagnostics) == Status::ok);
    }
    CHECK(same_bits(watched.bench.parameters, plain.bench.parameters));
    const std::vector<float> before = watched.bench.parameters;
    w[3] = -1.0f;
    CHECK(step(watched.diagnostics) == Status::bad_weight);
    Samples samples = loss.labels ? Samples(batch.input_rows(), batch.label_rows())
                                  : Samples(batch.input_rows(), batch.target_rows());
    samples = samples.with_weights(w);
    CHECK(Diagnostics::take_step(&watched.diagnostics, watched.bench.trainer, samples) == Status::bad_weight);
    w.pop_back();
    CHECK(step(watched.diagnostics) == Status::bad_batch);
    CHECK(same_bits(watched.bench.parameters, before));
    Diagnostics unbound;
    CHECK(step(unbound) == Status::not_bound);
  });
}

TEST_CASE("what a network has not learnt goes by the weights of the rows, as double precision has it") {
  for (const WeightedCase& loss : weighted_cases()) {
    if (std::find(loss.outputs.begin(), loss.outputs.end(), 3U) == loss.outputs.end()) continue;
    CAPTURE(std::string(loss.name));
    Run run(loss, 3, linnet::optimizer::sgd(0.0f));
    const bool softmax = std::string(loss.name) == "softmax_cross_entropy";
    const Span<const float> c = loss.loss.class_weights;
    const double s = static_cast<double>(loss.loss.label_smoothing);
    const auto aim = [&](std::size_t b, std::size_t o) {
      const double t = loss.labels ? (run.data.labels[b] == o ? 1.0 : 0.0) : static_cast<double>(run.data.t[3 * b + o]);
      return (!softmax || c.empty() ? 1.0 : static_cast<double>(c[o])) * ((1.0 - s) * t + s / 3.0);
    };
    const auto met = [&](std::vector<double> aims) {
      const double sum = aims[0] + aims[1] + aims[2];
      for (std::size_t o = 0; o < 3; ++o) {
        double& a = aims[o];
        if (softmax) a = a > 0.0 ? std::log(a / sum) : -60.0;
        if (std::string(loss.name) != "binary_cross_entropy") continue;
        a = std::log((c.empty() ? 1.0 : static_cast<double>(c[o])) * a / (1.0 - a));
      }
      return aims;
    };
    std::vector<double> mean(3);
    double all = 0.0;
    const auto batches = [&](auto visit) {
      for (std::size_t first = 0; first < kRows; first += kBatch) visit(first, std::min(kBatch, kRows - first));
    };
    batches([&](std::size_t first, std::size_t rows) {
      double classes = 0.0;
      for (std::size_t b = first; b < first + rows; ++b) {
        classes += loss.labels && !c.empty() ? static_cast<double>(c[run.data.labels[b]]) : 1.0;
      }
      for (std::size_t b = first; b < first + rows; ++b) {
        const double w = static_cast<double>(run.weights[b]);
        for (std::size_t o = 0; o < 3; ++o) {
          mean[o] += w * aim(b, o) * (softmax ? static_cast<double>(rows) / classes : 1.0);
        }
        all += w;
      }
    });
    for (double& m : mean) m /= all;
    const auto mean_loss = [&](auto give) {
      double sum = 0.0;
      batches([&](std::size_t first, std::size_t rows) {
        std::vector<double> y;
        for (std::size_t b = first; b < first + rows; ++b) {
          const std::vector<double> row = give(b);
          y.insert(y.end(), row.begin(), row.end());
        }
        sum += static_cast<double>(rows) *
               weighted_oracle_loss(loss, y, rows, part_of(run.data, first, rows), part_of(run.weights, first, rows));
      });
      return sum;
    };
    const auto layers = oracle_of(run.bench.network, {"tanh", loss.activation});
    const auto y = oracle_forward(layers, {run.data.x.begin(), run.data.x.end()}, kRows, loss.logits);
    const double network = mean_loss([&](std::size_t b) {
      return std::vector<double>{y[3 * b], y[3 * b + 1], y[3 * b + 2]};
    });
    const double constant = mean_loss([&](std::size_t /*b*/) { return met(mean); });
    const double least = mean_loss([&](std::size_t b) { return met({aim(b, 0), aim(b, 1), aim(b, 2)}); });
    FitPlan plan = run.plan(true);
    plan.shuffle = false;
    plan.epochs = 1;
    for (int epoch = 0; epoch < 2; ++epoch) {
      run.diagnostics.begin_epoch();
      REQUIRE(linnet::fit(run.bench.trainer, run.batches(run.samples()), run.random, plan) == Status::ok);
    }
    // two losses in single precision, of which one is taken from the other
    CHECK(static_cast<double>(run.diagnostics.unexplained()) ==
          doctest::Approx((network - least) / (constant - least)).epsilon(1e-4));
  }
}

TEST_CASE("find_fault names the row of a bad weight, and the row that diverges by its weight") {
  const WeightedCase loss = weighted_cases().front();
  Run run(loss, 1, linnet::optimizer::sgd(0.1f));
  const Samples batch(run.data.input_rows().rows(0, kBatch), run.data.target_rows().rows(0, kBatch));
  const std::vector<float> before = run.bench.parameters;
  for (std::size_t b = 0; b < kBatch; ++b) {
    std::vector<float> w(kBatch, 1.0f);
    Fault fault{7, 7, 7};
    CHECK(find_fault(run.bench.trainer, batch.with_weights(w), fault) == Status::ok);
    CHECK(fault.sample == linnet::kNowhere);
    w[b] = w[kBatch - 1] = kNaN;
    CHECK(find_fault(run.bench.trainer, batch.with_weights(w), fault) == Status::bad_weight);
    CHECK(fault.sample == b);
    // (1e17 - y)^2 is finite, 2^20 times it is not
    std::vector<float> far(kBatch, 1e17f);
    Samples heavy(batch.inputs, linnet::ConstRows(far.data(), kBatch, 1));
    w.assign(kBatch, 1.0f);
    w[b] = linnet::kMaxRowWeight;
    CHECK(find_fault(run.bench.trainer, heavy.with_weights(w), fault) == Status::diverged);
    CHECK(fault.sample == b);
    CHECK(fault.layer == 1);
  }
  CHECK(same_bits(run.bench.parameters, before));
  linnet::Trainer unbound;
  Fault fault;
  const std::vector<float> ones(kBatch, 1.0f);
  CHECK(find_fault(unbound, batch.with_weights(ones), fault) == Status::not_bound);
  WeightedCase own = loss;
  own.loss = linnet::loss::own;
  Run of_own(own, 1, linnet::optimizer::sgd(0.1f));
  CHECK(find_fault(of_own.bench.trainer, batch.with_weights(ones), fault) == Status::bad_config);
}
