// Whole runs: what they are lent may not overlap, and a refused call changes nothing.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include "nets.hpp"
#include "overlap.hpp"

using namespace linnet_test;
using linnet::Batches;
using linnet::Diagnostics;
using linnet::FitPlan;
using linnet::Samples;
using linnet::Span;
using linnet::TrainerConfig;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

// ---- Everything that a run is lent, in one room of zeros, each piece far from the next.

enum Place { inputs, goals, order, rows, gathered, frozen, trainable, memory, class_weights, layers };
constexpr int kPlaces = layers + 1;
const char* const kNames[kPlaces] = {"inputs", "targets or labels", "order",  "rows",          "gathered labels",
                                     "frozen", "trainable",         "memory", "class weights", "layers"};

struct Piece {
  std::size_t first, size;  // in bytes
};

struct Room {
  static constexpr std::size_t kApart = 8192;
  static constexpr std::size_t kBatch = 2, kSamples = 5, kInputs = 4, kOutputs = 3;
  alignas(64) unsigned char bytes[(kPlaces + 1) * kApart] = {};
  bool labelled;
  bool predicts;  // the room is a predictor's, "rows" are outputs, "memory" is scratch
  Piece pieces[kPlaces];
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  linnet::Pcg32 random{1};

  Room(bool with_labels, bool for_predictor) : labelled(with_labels), predicts(for_predictor) {
    static const linnet::Layer net[2] = {{6, linnet::activation::tanh},
                                         {kOutputs, linnet::activation::identity}};  // static: its padding is 0
    const linnet::TopologyView shape{kInputs, Span<const linnet::Layer>(net)};
    TrainerConfig config = training_on({});
    const std::size_t sizes[kPlaces] = {
        kSamples * kInputs * 4,
        labelled ? kSamples * 2 : kSamples * kOutputs * 4,
        kSamples * 4,
        predicts ? kOutputs * 4 : linnet::batch_floats(kInputs, labelled ? 0 : kOutputs, kBatch) * 4,
        labelled && !predicts ? kBatch * 2 : 0,
        linnet::frozen_floats(shape, 1) * 4,
        linnet::trainable_floats(shape, 1) * 4,
        predicts ? linnet::predictor_floats(shape) * 4 : linnet::trainer_floats(shape, config, 1) * 4,
        labelled && !predicts ? kOutputs * 4 : 0,
        sizeof net};
    for (std::size_t p = 0; p < kPlaces; ++p) {
      REQUIRE(sizes[p] < kApart / 4);
      pieces[p] = {p * kApart + kApart / 2, sizes[p]};
    }
    std::memcpy(at(layers), net, sizeof net);
    const linnet::TopologyView lent{kInputs, {reinterpret_cast<const linnet::Layer*>(at(layers)), 2}};
    REQUIRE(network.bind(lent, floats(frozen), floats(trainable), 1) == Status::ok);
    if (predicts) {
      REQUIRE(predictor.bind(network, floats(memory), kernels()) == Status::ok);
    } else {
      config = training_on(floats(class_weights));
      REQUIRE(trainer.bind(network, config, floats(memory), kernels()) == Status::ok);
    }
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  [[nodiscard]] TrainerConfig training_on(Span<const float> weights) const {
    return labelled ? TrainerConfig{linnet::loss::softmax_cross_entropy.with_class_weights(weights),
                                    linnet::optimizer::sgd(0.0f), kBatch}
                    : TrainerConfig{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), kBatch};
  }
  unsigned char* at(Place p) { return bytes + pieces[p].first; }
  Span<float> floats(Place p) { return {reinterpret_cast<float*>(at(p)), pieces[p].size / 4}; }
  Samples samples() {
    const linnet::ConstRows x(floats(inputs).data(), kSamples, kInputs);
    return labelled ? Samples(x, linnet::Labels(reinterpret_cast<std::uint16_t*>(at(goals)), kSamples))
                    : Samples(x, linnet::ConstRows(floats(goals).data(), kSamples, kOutputs));
  }
  Span<std::uint32_t> numbers() { return {reinterpret_cast<std::uint32_t*>(at(order)), kSamples}; }
  Batches lent() {
    return {samples(),
            numbers(),
            floats(rows),
            kBatch,
            {reinterpret_cast<std::uint16_t*>(at(gathered)), pieces[gathered].size / 2}};
  }
  Status fit() { return linnet::fit(trainer, lent(), random, FitPlan{1}); }
  Status measure() {
    float value = 7.0f;
    if (predicts) {
      linnet::Score score{7.0f, 7.0f};
      const Status status = linnet::score(predictor, samples(), numbers(), floats(rows), score);
      CHECK((score.accuracy == 7.0f) == (status != Status::ok));
      return status;
    }
    const Status status = linnet::evaluate(trainer, lent(), value);
    CHECK((value == 7.0f) == (status != Status::ok));
    return status;
  }
  // Refused, and not a bit has moved.
  void check_refused() {
    const std::vector<unsigned char> before(bytes, bytes + sizeof bytes);
    const std::uint64_t state = random.state().state;
    CHECK(measure() == Status::overlapping_memory);
    if (!predicts) CHECK(fit() == Status::overlapping_memory);
    CHECK(std::memcmp(bytes, before.data(), sizeof bytes) == 0);
    CHECK(random.state().state == state);
  }
  void check_taken() {
    CHECK(measure() == Status::ok);
    if (!predicts) CHECK(fit() == Status::ok);
  }
};

bool is_written(Place p, bool predicts) {
  return p == rows || p == gathered || p == memory || (!predicts && (p == order || p == trainable));
}

// The piece `moved`, lent to the run, against `other`: one element shared at either end, then none.
void check_pair(bool labelled, bool predicts, Place moved, Place other) {
  CAPTURE(kNames[moved]);
  CAPTURE(kNames[other]);
  CAPTURE(labelled);
  CAPTURE(predicts);
  const std::size_t element = moved == gathered || (moved == goals && labelled) ? 2 : 4;
  for (const bool behind : {false, true}) {
    for (const bool shared : {true, false}) {
      Room room(labelled, predicts);
      if (room.pieces[moved].size == 0 || room.pieces[other].size == 0) return;
      const Piece still = room.pieces[other];
      const std::size_t size = room.pieces[moved].size;
      std::size_t end = still.first + still.size;
      end -= end % element == 0 ? 0 : element - end % element;  // where an element may begin
      if (!shared) end = still.first + still.size + (still.first + still.size) % element;
      room.pieces[moved].first = behind ? end - (shared ? element : 0) : still.first - size + (shared ? element : 0);
      if (shared) {
        room.check_refused();
      } else {
        room.check_taken();
      }
    }
  }
}

}  // namespace

TEST_CASE("nothing that fit, evaluate and score write overlaps anything that is read or kept: all pairs") {
  for (const bool predicts : {false, true}) {
    for (const bool labelled : {false, true}) {
      Room(labelled, predicts).check_taken();
      for (const Place moved : {inputs, goals, order, rows, gathered}) {
        for (int other = 0; other < kPlaces; ++other) {
          const Place still = static_cast<Place>(other);
          if (still != moved && (is_written(moved, predicts) || is_written(still, predicts))) {
            check_pair(labelled, predicts, moved, still);
          }
        }
      }
    }
  }
}

TEST_CASE("inputs may be their own targets") {
  Data data(3, 3, 3, 1);
  Bench bench(linnet::topology(3, {{3, linnet::activation::identity}}),
              {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 3}, 1);
  linnet::Pcg32 random(1);
  std::uint32_t numbers[3] = {0, 1, 2};
  float gathered_rows[18];
  const Samples samples(data.input_rows(), data.input_rows());
  CHECK(linnet::fit(bench.trainer, {samples, numbers, gathered_rows, 3}, random, FitPlan{1}) == Status::ok);
}

TEST_CASE("overlap is found to the end of the address space, and of the most that can be lent") {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address that nothing has
  const auto at = [](std::uintptr_t address) { return reinterpret_cast<const float*>(address); };
  const std::uintptr_t top = ~std::uintptr_t{0} - 15;  // the last four floats
  using Floats = Span<const float>;
  CHECK(linnet::overlap(Floats(at(top), 4), Floats(at(top), 4)));
  CHECK(linnet::overlap(Floats(at(top), 4), Floats(at(top + 12), 1)));
  CHECK(linnet::overlap(Floats(at(top - 16), 5), Floats(at(top), 4)));
  CHECK_FALSE(linnet::overlap(Floats(at(top - 16), 4), Floats(at(top), 4)));
  CHECK_FALSE(linnet::overlap(Floats(at(top), 4), Floats(at(16), 4)));
  CHECK(linnet::overlap(Floats(at(64), linnet::kMaxFloats), Floats(at(4096), 1)));
  CHECK(linnet::overlap(Floats(at(4096), 1), Floats(at(64), linnet::kMaxFloats)));
  const linnet::Bytes runs[] = {Floats(at(64), 4), Floats(at(72), 0), Floats(at(80), 4), Floats(at(68), 0)};
  CHECK_FALSE(linnet::overlaps(runs, 4));
}

// ---- What the samples are.

namespace {

constexpr std::size_t kSamples = 11;

struct Run {
  Bench bench;
  Data data{kSamples, 4, 3, 3};
  std::vector<std::uint32_t> numbers = std::vector<std::uint32_t>(kSamples);
  linnet::Pcg32 random{9};
  std::vector<float> rows = std::vector<float>(linnet::batch_floats(5, 4, 8));
  std::vector<std::uint16_t> labels = std::vector<std::uint16_t>(8);
  Diagnostics diagnostics;
  std::vector<linnet::LayerDiagnostics> seen = std::vector<linnet::LayerDiagnostics>(2);
  std::vector<float> looks;
  std::size_t epochs = 0;

  explicit Run(const linnet::Loss& loss, std::size_t max_batch = 4)
      : bench(linnet::topology(4, {{5, linnet::activation::tanh}, {3, linnet::activation::identity}}),
              {loss, linnet::optimizer::adam(0.01f), max_batch}, 2) {
    REQUIRE(bench.status == Status::ok);
    for (std::size_t k = 0; k < kSamples; ++k) numbers[k] = static_cast<std::uint32_t>(kSamples - 1 - k);
    looks.resize(linnet::diagnostics_floats(bench.topology));
    REQUIRE(diagnostics.bind(bench.trainer, {seen.data(), 2}, {looks.data(), looks.size()}) == Status::ok);
  }

  static bool on_epoch(void* context, const linnet::Epoch&) {
    ++*static_cast<std::size_t*>(context);
    return true;
  }

  // fit(), also under diagnostics, and evaluate() refuse with `expected` and nothing has changed.
  void check_refused(linnet::Trainer& trainer, const Samples& samples, Status expected, std::size_t batch = 4) {
    const std::vector<std::uint32_t> order_before = numbers;
    const std::vector<float> parameters = bench.parameters, state = bench.state();
    const std::uint64_t state_before = random.state().state;
    for (const bool watched : {false, true}) {
      FitPlan plan{3};
      plan.on_epoch = on_epoch;
      plan.epoch_context = &epochs;
      if (watched) {
        plan.take_step = Diagnostics::take_step;
        plan.step_context = &diagnostics;
      }
      CHECK(linnet::fit(trainer,
                        {samples,
                         {numbers.data(), numbers.size()},
                         {rows.data(), rows.size()},
                         batch,
                         {labels.data(), labels.size()}},
                        random, plan) == expected);
    }
    float loss = 7.0f;
    CHECK(linnet::evaluate(trainer,
                           {samples,
                            {numbers.data(), numbers.size()},
                            {rows.data(), rows.size()},
                            batch,
                            {labels.data(), labels.size()}},
                           loss) == expected);
    CHECK(loss == 7.0f);
    CHECK(epochs == 0);
    CHECK(numbers == order_before);
    CHECK(random.state().state == state_before);
    CHECK(same_bits(parameters, bench.parameters));
    CHECK(same_bits(state, bench.state()));
    CHECK(bench.trainer.steps() == 0);
  }
  void check_refused(const Samples& samples, Status expected) { check_refused(bench.trainer, samples, expected); }
};

std::vector<linnet::Loss> losses() {
  return {linnet::loss::mean_squared_error, linnet::loss::mean_absolute_error,  linnet::loss::huber,
          linnet::loss::smooth_l1,          linnet::loss::binary_cross_entropy, linnet::loss::softmax_cross_entropy};
}

}  // namespace

TEST_CASE("fit and evaluate refuse a number in any sample as a step does, before anything has changed") {
  for (const linnet::Loss& loss : losses()) {
    for (const float bad : {kNaN, kInfinity, -kInfinity, 1.5f, -0.5f, 1.0f, 0.0f, 3e38f}) {
      for (const bool in_targets : {false, true}) {
        Run alone(loss);
        std::vector<float>& spoilt = in_targets ? alone.data.t : alone.data.x;
        spoilt[2 * (in_targets ? 3 : 4)] = bad;
        const Status expected =
            alone.bench.trainer.step(alone.data.input_rows().rows(2, 1), alone.data.target_rows().rows(2, 1));
        if (expected != Status::bad_input && expected != Status::bad_target) continue;
        for (std::size_t k = 0; k < spoilt.size(); ++k) {
          Run run(loss);
          (in_targets ? run.data.t : run.data.x)[k] = bad;
          run.check_refused(Samples(run.data.input_rows(), run.data.target_rows()), expected);
        }
      }
    }
  }
}

TEST_CASE("fit and evaluate refuse labels as a step does, before anything has changed") {
  for (const linnet::Loss& loss : losses()) {
    const bool takes_labels = id_of(loss) == linnet::LossId::softmax_cross_entropy;
    for (std::size_t k = 0; k < kSamples; ++k) {
      Run run(loss);
      run.data.labels[k] = 3;
      run.check_refused(Samples(run.data.input_rows(), run.data.label_rows()), Status::bad_label);
      run.data.labels[k] = 2;
      if (!takes_labels) run.check_refused(Samples(run.data.input_rows(), run.data.label_rows()), Status::bad_label);
    }
  }
}

TEST_CASE("fit and evaluate refuse columns, batches and an unbound trainer before anything has changed") {
  Run run(linnet::loss::mean_squared_error);
  const float* x = run.data.x.data();
  const float* t = run.data.t.data();
  const Samples good(run.data.input_rows(), run.data.target_rows());
  run.data.x.resize(kSamples * 5);
  run.data.t.resize(kSamples * 4);
  x = run.data.x.data();
  t = run.data.t.data();
  const auto samples = [&](std::size_t ins, std::size_t outs) {
    return Samples(linnet::ConstRows(x, kSamples, ins), linnet::ConstRows(t, kSamples, outs));
  };
  run.check_refused(samples(3, 3), Status::bad_columns);
  run.check_refused(samples(5, 3), Status::bad_columns);
  run.check_refused(samples(4, 2), Status::bad_columns);
  run.check_refused(samples(4, 4), Status::bad_columns);
  run.check_refused(samples(0, 3), Status::bad_columns);
  run.check_refused(run.bench.trainer, samples(4, 3), Status::bad_batch, 5);
  run.check_refused(run.bench.trainer, samples(4, 3), Status::bad_batch, 0);
  linnet::Trainer unbound;
  run.check_refused(unbound, samples(4, 3), Status::not_bound);
  run.numbers[3] = kSamples;
  run.check_refused(samples(4, 3), Status::bad_order);
  run.numbers[3] = 0;
  // a batch that no step will fill is as good as one that is full
  Run few(linnet::loss::mean_squared_error);
  few.numbers.resize(4);
  CHECK(linnet::fit(few.bench.trainer,
                    {Samples(few.data.input_rows(), few.data.target_rows()),
                     {few.numbers.data(), 4},
                     {few.rows.data(), few.rows.size()},
                     8},
                    few.random, FitPlan{1}) == Status::ok);
}

TEST_CASE("order that names more numbers than can be counted is refused") {
  Run run(linnet::loss::mean_squared_error);
  const Samples samples(run.data.input_rows(), run.data.target_rows());
  const std::vector<std::uint32_t> before = run.numbers;
  float loss = 7.0f;
  linnet::Split parts{};
  for (const std::size_t size : {~std::size_t{0}, linnet::kMaxFloats + 1}) {
    const Span<std::uint32_t> order_of_size(run.numbers.data(), size);
    const Span<float> all(run.rows.data(), run.rows.size());
    CHECK(linnet::fit(run.bench.trainer, {samples, order_of_size, all, 4}, run.random, FitPlan{1}) ==
          Status::bad_batch);
    CHECK(linnet::evaluate(run.bench.trainer, {samples, order_of_size, all, 4}, loss) == Status::bad_batch);
    CHECK(linnet::split(order_of_size, 1, run.random, parts) == Status::bad_order);
  }
  CHECK(run.numbers == before);
}

// ---- Means.

namespace {

// y = w x
struct Line {
  Bench bench;
  std::vector<float> x, t;
  std::vector<std::uint32_t> numbers;
  float rows[16] = {};
  Line(float w, std::size_t samples, float at)
      : bench(linnet::topology(1, {{1, linnet::activation::identity, false}}), config(), 1),
        x(samples, at),
        t(samples, 0.0f),
        numbers(samples) {
    REQUIRE(bench.status == Status::ok);
    bench.parameters[0] = w;
    for (std::size_t k = 0; k < samples; ++k) numbers[k] = static_cast<std::uint32_t>(k);
  }
  static TrainerConfig config() {
    TrainerConfig how{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 8};
    how.clip_value = 1.0f;
    return how;
  }
  [[nodiscard]] Samples samples() const {
    return {linnet::ConstRows(x.data(), x.size(), 1), linnet::ConstRows(t.data(), t.size(), 1)};
  }
};

bool keep_loss(void* context, const linnet::Epoch& epoch) {
  *static_cast<float*>(context) = epoch.loss;
  return true;
}

}  // namespace

TEST_CASE("the mean of finite losses is finite, of an epoch and of evaluate") {
  for (const std::size_t samples : {1u, 2u, 4u, 9u}) {
    Line line(1.5e19f, samples, 1.0f);  // each loss 2.25e38
    const float one = 1.5e19f * 1.5e19f;
    float loss = 0.0f;
    REQUIRE(linnet::evaluate(line.bench.trainer, {line.samples(), {line.numbers.data(), samples}, line.rows, 1},
                             loss) == Status::ok);
    CHECK(loss == one);
    FitPlan plan{1};
    plan.on_epoch = keep_loss;
    plan.epoch_context = &loss;
    loss = 0.0f;
    linnet::Pcg32 random(1);
    REQUIRE(linnet::fit(line.bench.trainer, {line.samples(), {line.numbers.data(), samples}, line.rows, 1}, random,
                        plan) == Status::ok);
    CHECK(loss == one);
  }
}

TEST_CASE("the mean of equal losses is that loss, and a tiny one keeps its digits") {
  for (const float w : {0.3f, 1e-15f, 7e8f}) {
    Line line(w, 7, 1.0f);
    float one = 0.0f;
    float loss = 0.0f;
    REQUIRE(linnet::evaluate(line.bench.trainer, {line.samples(), {line.numbers.data(), 1}, line.rows, 1}, one) ==
            Status::ok);
    for (const std::size_t batch : {1u, 2u, 3u}) {
      REQUIRE(linnet::evaluate(line.bench.trainer, {line.samples(), {line.numbers.data(), 7}, line.rows, batch},
                               loss) == Status::ok);
      CHECK(loss == doctest::Approx(static_cast<double>(one)).epsilon(3e-7));
      if (batch == 1) CHECK(loss == one);
    }
  }
}
