#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Batches;
using linnet::Diagnostics;
using linnet::FitPlan;
using linnet::Samples;
using linnet::Span;
using linnet::TrainerConfig;

namespace {

constexpr auto kShape = linnet::topology(4, {{7, linnet::activation::tanh}, {3, linnet::activation::identity}});
const TrainerConfig kWithLabels{linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(0.01f), 8};
const TrainerConfig kWithRows{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.05f), 8};

std::vector<std::uint32_t> numbers_to(std::size_t n) {
  std::vector<std::uint32_t> numbers(n);
  for (std::size_t k = 0; k < n; ++k) numbers[k] = static_cast<std::uint32_t>(k);
  return numbers;
}

// Lent memory of exactly the size that the layout asks for.
struct Lent {
  std::vector<float> rows;
  std::vector<std::uint16_t> labels;
  Lent(std::size_t inputs, std::size_t targets, std::size_t batch)
      : rows(linnet::batch_floats(inputs, targets, batch)), labels(targets == 0 ? batch : 0) {}
  Batches batches(const Samples& samples, Span<std::uint32_t> order, std::size_t batch) {
    return {samples, order, rows, batch, labels};
  }
};

Samples samples_of(const Data& data, bool labelled) {
  return labelled ? Samples(data.input_rows(), data.label_rows()) : Samples(data.input_rows(), data.target_rows());
}

Span<std::uint32_t> span(std::vector<std::uint32_t>& numbers) { return {numbers.data(), numbers.size()}; }

struct Seen {
  std::vector<linnet::Epoch> epochs;
  std::size_t stop_after;
};
bool on_epoch(void* context, const linnet::Epoch& epoch) {
  Seen& seen = *static_cast<Seen*>(context);
  seen.epochs.push_back(epoch);
  return epoch.number < seen.stop_after;
}

}  // namespace

static_assert(linnet::batch_floats(4, 3, 8) == 56, "inputs and targets of every row");
static_assert(linnet::batch_floats(linnet::kMaxFloats, 2, 2) == linnet::kTooLarge, "counted without overflow");

TEST_CASE("fit is the loop a program would write: shuffled by the generator, in batches, the last one smaller") {
  const Data data(21, 4, 3, 1);
  for (const bool labelled : {false, true}) {
    const TrainerConfig& config = labelled ? kWithLabels : kWithRows;
    Bench by_hand(kShape, config, 1);
    Bench fitted(kShape, config, 1);
    linnet::Pcg32 random(5);
    std::vector<std::uint32_t> order = numbers_to(21);
    std::vector<double> losses;
    for (int epoch = 0; epoch < 4; ++epoch) {
      random.shuffle(span(order));
      double sum = 0.0;
      for (std::size_t first = 0; first < 21; first += 8) {
        const std::size_t rows = std::min<std::size_t>(8, 21 - first);
        std::vector<float> x, t;
        std::vector<std::uint16_t> labels;
        for (std::size_t b = 0; b < rows; ++b) {
          const std::size_t n = order[first + b];
          x.insert(x.end(), data.x.begin() + static_cast<long>(n * 4), data.x.begin() + static_cast<long>(n * 4 + 4));
          t.insert(t.end(), data.t.begin() + static_cast<long>(n * 3), data.t.begin() + static_cast<long>(n * 3 + 3));
          labels.push_back(data.labels[n]);
        }
        const linnet::ConstRows inputs(x.data(), rows, 4);
        REQUIRE((labelled ? by_hand.trainer.step(inputs, linnet::Labels(labels.data(), rows))
                          : by_hand.trainer.step(inputs, linnet::ConstRows(t.data(), rows, 3))) == Status::ok);
        sum += static_cast<double>(by_hand.trainer.loss()) * static_cast<double>(rows);
      }
      losses.push_back(sum / 21.0);
    }
    linnet::Pcg32 again(5);
    std::vector<std::uint32_t> fitted_order = numbers_to(21);
    Lent lent(4, labelled ? 0 : 3, 8);
    Seen seen{{}, 100};
    FitPlan plan{4};
    plan.on_epoch = on_epoch;
    plan.epoch_context = &seen;
    REQUIRE(linnet::fit(fitted.trainer, lent.batches(samples_of(data, labelled), span(fitted_order), 8), again, plan) ==
            Status::ok);
    CHECK(same_bits(by_hand.parameters, fitted.parameters));
    CHECK(order == fitted_order);
    CHECK(again.state().state == random.state().state);
    CHECK(fitted.trainer.steps() == 12);
    REQUIRE(seen.epochs.size() == 4);
    for (std::size_t epoch = 0; epoch < 4; ++epoch) {
      CHECK(seen.epochs[epoch].number == epoch + 1);
      CHECK(static_cast<double>(seen.epochs[epoch].loss) == doctest::Approx(losses[epoch]).epsilon(1e-6));
    }
  }
}

TEST_CASE("fit stops when told, keeps the order when told, and trains on the samples named alone") {
  Data data(10, 4, 3, 1);
  Bench bench(kShape, kWithRows, 1);
  std::vector<std::uint32_t> order = {7, 2, 5};
  for (std::size_t k = 0; k < 10; ++k) {  // whoever reads another sample meets NaN
    if (k != 7 && k != 2 && k != 5) data.x[k * 4] = std::numeric_limits<float>::quiet_NaN();
  }
  Lent lent(4, 3, 2);
  Seen seen{{}, 2};
  FitPlan plan{50};
  plan.shuffle = false;
  plan.on_epoch = on_epoch;
  plan.epoch_context = &seen;
  linnet::Pcg32 random(1);
  const std::uint64_t state = random.state().state;
  REQUIRE(linnet::fit(bench.trainer, lent.batches(samples_of(data, false), span(order), 2), random, plan) ==
          Status::ok);
  CHECK(seen.epochs.size() == 2);
  CHECK(bench.trainer.steps() == 4);
  CHECK(order == std::vector<std::uint32_t>{7, 2, 5});
  CHECK(random.state().state == state);
}

TEST_CASE("a run under diagnostics ends with the same bits") {
  const Data data(21, 4, 3, 1);
  for (const bool labelled : {false, true}) {
    const TrainerConfig& config = labelled ? kWithLabels : kWithRows;
    Bench plain(kShape, config, 1), watched(kShape, config, 1);
    std::vector<linnet::LayerDiagnostics> layers(2);
    std::vector<float> room(linnet::diagnostics_floats(kShape));
    Diagnostics diagnostics;
    REQUIRE(diagnostics.bind(watched.trainer, {layers.data(), 2}, {room.data(), room.size()}) == Status::ok);
    FitPlan plan{3};
    for (Bench* bench : {&plain, &watched}) {
      std::vector<std::uint32_t> order = numbers_to(21);
      linnet::Pcg32 random(5);
      Lent lent(4, labelled ? 0 : 3, 8);
      REQUIRE(linnet::fit(bench->trainer, lent.batches(samples_of(data, labelled), span(order), 8), random, plan) ==
              Status::ok);
      plan.take_step = Diagnostics::take_step;
      plan.step_context = &diagnostics;
    }
    CHECK(same_bits(plain.parameters, watched.parameters));
    CHECK(diagnostics.layers()[1].update_ratio > 0.0f);
  }
}

TEST_CASE("a split names every sample once, and the seed decides it") {
  std::vector<std::uint32_t> a(100), b(100), c(100);
  linnet::Split parts{}, same{}, other{};
  linnet::Pcg32 random(3), again(3), another(4);
  REQUIRE(linnet::split(span(a), 70, random, parts) == Status::ok);
  REQUIRE(linnet::split(span(b), 70, again, same) == Status::ok);
  REQUIRE(linnet::split(span(c), 70, another, other) == Status::ok);
  CHECK(a == b);
  CHECK(a != c);
  CHECK(parts.train.size() == 70);
  CHECK(parts.test.size() == 30);
  CHECK(parts.test.data() == a.data() + 70);
  std::sort(a.begin(), a.end());
  CHECK(a == numbers_to(100));
  CHECK(linnet::split(span(a), 0, random, parts) == Status::bad_order);
  CHECK(linnet::split(span(a), 101, random, parts) == Status::bad_order);
  CHECK(linnet::split({}, 1, random, parts) == Status::null_memory);
}

TEST_CASE("loss, squared error and accuracy are those of all samples, in double precision") {
  const Data data(23, 4, 3, 6);
  Bench bench(kShape, kWithRows, 2);
  std::vector<std::uint32_t> order = numbers_to(23);
  order.resize(19);
  const std::vector<double> y = oracle_forward(oracle_of(bench.network, {"tanh", "identity"}),
                                               {data.x.begin(), data.x.begin() + 19 * 4}, 19, false);
  double squares = 0.0;
  double squares_of_labels = 0.0;
  std::size_t right = 0;
  std::size_t right_labels = 0;
  for (std::size_t b = 0; b < 19; ++b) {
    const auto place = [](auto first) { return static_cast<std::size_t>(std::max_element(first, first + 3) - first); };
    const std::size_t read_as = place(y.begin() + static_cast<long>(b * 3));
    right += read_as == place(data.t.begin() + static_cast<long>(b * 3)) ? 1 : 0;
    right_labels += read_as == data.labels[b] ? 1 : 0;
    for (std::size_t o = 0; o < 3; ++o) {
      squares += std::pow(y[b * 3 + o] - static_cast<double>(data.t[b * 3 + o]), 2.0);
      squares_of_labels += std::pow(y[b * 3 + o] - (data.labels[b] == o ? 1.0 : 0.0), 2.0);
    }
  }
  Lent lent(4, 3, 8);
  float loss = 0.0f;
  REQUIRE(linnet::evaluate(bench.trainer, lent.batches(samples_of(data, false), span(order), 8), loss) == Status::ok);
  CHECK(static_cast<double>(loss) == doctest::Approx(squares / 57.0).epsilon(1e-5));
  CHECK(bench.trainer.steps() == 0);

  std::vector<float> scratch(linnet::predictor_floats(kShape)), outputs(3);
  linnet::Predictor predictor;
  linnet::Score score{};
  REQUIRE(predictor.bind(bench.network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  REQUIRE(linnet::score(predictor, samples_of(data, false), span(order), {outputs.data(), 3}, score) == Status::ok);
  CHECK(static_cast<double>(score.mean_squared_error) == doctest::Approx(squares / 57.0).epsilon(1e-5));
  CHECK(score.accuracy == static_cast<float>(right) / 19.0f);
  REQUIRE(linnet::score(predictor, samples_of(data, true), span(order), {outputs.data(), 3}, score) == Status::ok);
  CHECK(static_cast<double>(score.mean_squared_error) == doctest::Approx(squares_of_labels / 57.0).epsilon(1e-5));
  CHECK(score.accuracy == static_cast<float>(right_labels) / 19.0f);
}

TEST_CASE("with one output a sample is right on the same side of the threshold") {
  const auto shape = linnet::topology(1, {{1, linnet::activation::identity}});
  std::vector<float> parameters = {1.0f, 0.0f}, scratch(linnet::predictor_floats(shape));
  linnet::Network network;
  linnet::Predictor predictor;
  REQUIRE(network.bind(shape, {parameters.data(), 2}) == Status::ok);
  REQUIRE(predictor.bind(network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  const float x[4][1] = {{0.2f}, {0.6f}, {-0.3f}, {0.9f}};
  const float t[4][1] = {{0.0f}, {1.0f}, {1.0f}, {0.0f}};
  const std::uint16_t labels[4] = {0, 1, 1, 0};
  std::vector<std::uint32_t> order = numbers_to(4);
  float output[1];
  linnet::Score score{};
  REQUIRE(linnet::score(predictor, Samples(x, t), span(order), output, score) == Status::ok);
  CHECK(score.accuracy == 0.5f);
  const double by_rows = static_cast<double>(score.mean_squared_error);
  CHECK(by_rows == doctest::Approx((0.04 + 0.16 + 1.69 + 0.81) / 4.0));
  REQUIRE(linnet::score(predictor, Samples(x, linnet::Labels(labels)), span(order), output, score) == Status::ok);
  CHECK(static_cast<double>(score.mean_squared_error) == by_rows);
  REQUIRE(linnet::score(predictor, Samples(x, t), span(order), output, score, 0.0f) == Status::ok);
  CHECK(score.accuracy == 0.25f);
}

TEST_CASE("the mean over many samples keeps its digits") {
  const std::size_t n = 20000;
  const auto shape = linnet::topology(1, {{1, linnet::activation::identity}});
  std::vector<float> parameters = {1.0f, 0.0f}, scratch(linnet::predictor_floats(shape));
  linnet::Network network;
  linnet::Predictor predictor;
  REQUIRE(network.bind(shape, {parameters.data(), 2}) == Status::ok);
  REQUIRE(predictor.bind(network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  const std::vector<float> x(n, 0.1f), t(n, 0.0f);
  std::vector<std::uint32_t> order = numbers_to(n);
  float output[1];
  linnet::Score score{};
  REQUIRE(linnet::score(predictor, Samples(linnet::ConstRows(x.data(), n, 1), linnet::ConstRows(t.data(), n, 1)),
                        span(order), output, score) == Status::ok);
  CHECK(static_cast<double>(score.mean_squared_error) ==
        doctest::Approx(static_cast<double>(0.1f * 0.1f)).epsilon(1e-6));
}

TEST_CASE("fit and evaluate say what is wrong before anything changes") {
  const Data data(10, 4, 3, 1);
  Bench bench(kShape, kWithRows, 1);
  const std::vector<float> before = bench.parameters;
  std::vector<std::uint32_t> order = numbers_to(10);
  Lent lent(4, 3, 8);
  linnet::Pcg32 random(1);
  const Samples good = samples_of(data, false);
  const auto run = [&](const Batches& batches) {
    const Status status = linnet::fit(bench.trainer, batches, random, FitPlan{2});
    float loss = 7.0f;
    CHECK(linnet::evaluate(bench.trainer, batches, loss) == status);
    CHECK(loss == 7.0f);
    return status;
  };
  CHECK(run(lent.batches({}, order, 8)) == Status::null_memory);
  CHECK(run(lent.batches(good, {}, 8)) == Status::null_memory);
  CHECK(run(lent.batches(good, {order.data(), 0}, 8)) == Status::bad_batch);
  CHECK(run(lent.batches(good, order, 0)) == Status::bad_batch);
  CHECK(run({good, order, {}, 8}) == Status::null_memory);
  CHECK(run({good, order, {lent.rows.data(), 55}, 8}) == Status::too_little_memory);
  CHECK(run(lent.batches(samples_of(data, true), order, 8)) == Status::null_memory);
  CHECK(run(lent.batches(Samples(data.input_rows(), data.target_rows().rows(0, 9)), order, 8)) == Status::bad_batch);
  std::vector<float> x = data.x;
  CHECK(run({Samples(linnet::ConstRows(x.data(), 10, 4), data.target_rows()), order, x, 5}) ==
        Status::overlapping_memory);
  order[9] = 10;
  CHECK(run(lent.batches(good, order, 8)) == Status::bad_order);
  order[9] = 9;
  CHECK(order == numbers_to(10));
  CHECK(bench.trainer.steps() == 0);
  CHECK(same_bits(before, bench.parameters));

  linnet::Trainer unbound;
  CHECK(linnet::fit(unbound, lent.batches(good, span(order), 8), random, FitPlan{1}) == Status::not_bound);
  Lent large(4, 3, 9);
  CHECK(linnet::fit(bench.trainer, large.batches(good, span(order), 9), random, FitPlan{1}) == Status::bad_batch);
}

TEST_CASE("a step that diverges ends the run there") {
  Data data(10, 4, 3, 1);
  Bench bench(kShape, kWithRows, 1);
  data.x[9 * 4] = 3e38f;
  std::vector<std::uint32_t> order = numbers_to(10);
  Lent lent(4, 3, 2);
  FitPlan plan{1};
  plan.shuffle = false;
  linnet::Pcg32 random(1);
  data.x[9 * 4 + 1] = 3e38f;
  CHECK(linnet::fit(bench.trainer, lent.batches(samples_of(data, false), span(order), 2), random, plan) ==
        Status::diverged);
  CHECK(bench.trainer.steps() == 4);
}

TEST_CASE("a score is refused for what does not fit") {
  const Data data(10, 4, 3, 1);
  Bench bench(kShape, kWithRows, 1);
  std::vector<float> scratch(linnet::predictor_floats(kShape)), outputs(3);
  std::vector<std::uint32_t> order = numbers_to(10);
  linnet::Predictor predictor;
  linnet::Score score{7.0f, 7.0f};
  const auto run = [&](const Samples& samples, Span<float> room) {
    return linnet::score(predictor, samples, span(order), room, score);
  };
  CHECK(run(samples_of(data, false), {outputs.data(), 3}) == Status::not_bound);
  REQUIRE(predictor.bind(bench.network, {scratch.data(), scratch.size()}, kernels()) == Status::ok);
  CHECK(run(samples_of(data, false), {}) == Status::null_memory);
  CHECK(run(samples_of(data, false), {outputs.data(), 2}) == Status::too_little_memory);
  CHECK(run(samples_of(data, true), {outputs.data(), 2}) != Status::ok);
  const std::vector<std::uint16_t> labels(10, 3);
  CHECK(run(Samples(data.input_rows(), linnet::Labels(labels.data(), 10)), {outputs.data(), 3}) == Status::bad_label);
  CHECK(score.accuracy == 7.0f);
  CHECK(run(samples_of(data, true), {outputs.data(), 3}) == Status::ok);
}
