// The verdict of Diagnostics over thousands of networks, held against gradients in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Diagnostics;
using linnet::LayerReport;
using linnet::Verdict;

namespace {

enum class Kind { relu, tanh, sigmoid };
enum class Goal { squared, absolute, huber, binary, softmax };

struct Case {
  Kind kind = Kind::relu;
  float scale = 1.0f;                  // of the weights: 1 is Kaiming's rule for ReLU, Xavier's for the others
  std::size_t layers = 4, units = 16;  // the last layer included; it is linear
  Goal goal = Goal::squared;
  std::size_t rows = 10;
  float offset = 0.0f;  // of the targets, whose deviation is 1
  std::uint64_t seed = 0;

  [[nodiscard]] std::size_t outputs() const { return goal == Goal::softmax ? 3 : 1; }
  [[nodiscard]] bool offsets() const { return goal < Goal::binary; }
};

// An emulated board computes in double precision by software.
constexpr bool kSlow = sizeof(void*) < 8;
constexpr std::size_t kSeeds = kSlow ? 1 : 2;

// Everything but kind, scale, layers and units; `seeds` of each.
template <class Visit>
void for_each_batch(Case c, std::size_t seeds, Visit visit) {
  for (const Goal goal : {Goal::squared, Goal::absolute, Goal::huber, Goal::binary, Goal::softmax}) {
    for (const std::size_t rows : {std::size_t{1}, std::size_t{2}, std::size_t{10}, std::size_t{64}}) {
      for (const float offset : {0.0f, 10.0f, 340.0f}) {
        c.goal = goal;
        c.rows = rows;
        c.offset = offset;
        if ((offset != 0.0f && !c.offsets()) || (kSlow && rows > 10)) continue;
        for (c.seed = 0; c.seed < seeds; ++c.seed) visit(c);
      }
    }
  }
}

std::string text(const Case& c) {
  const char* const kinds[] = {"relu", "tanh", "sigmoid"};
  const char* const goals[] = {"squared", "absolute", "huber", "binary", "softmax"};
  return std::string(kinds[static_cast<int>(c.kind)]) + " x" + std::to_string(c.scale) + ", " +
         std::to_string(c.layers) + " layers of " + std::to_string(c.units) + ", " + goals[static_cast<int>(c.goal)] +
         ", " + std::to_string(c.rows) + " rows, offset " + std::to_string(c.offset) + ", seed " +
         std::to_string(c.seed);
}

linnet::Topology shape_of(const Case& c) {
  const linnet::Activation kinds[] = {linnet::activation::relu, linnet::activation::tanh, linnet::activation::sigmoid};
  std::vector<linnet::Layer> list(c.layers - 1, linnet::Layer{c.units, kinds[static_cast<int>(c.kind)]});
  list.push_back({c.outputs(), linnet::activation::identity});
  return linnet::topology(c.units, linnet::Span<const linnet::Layer>(list.data(), list.size()));
}

linnet::TrainerConfig training_of(const Case& c) {
  const linnet::Loss losses[] = {linnet::loss::mean_squared_error, linnet::loss::mean_absolute_error,
                                 linnet::loss::huber, linnet::loss::binary_cross_entropy,
                                 linnet::loss::softmax_cross_entropy};
  return {losses[static_cast<int>(c.goal)], linnet::optimizer::sgd(0.0f), c.rows};
}

// A network of the case, its batch, and what Diagnostics say of it.
struct Judged : Bench {
  Data data;
  std::vector<linnet::LayerDiagnostics> seen;
  std::vector<float> room;
  Diagnostics diagnostics;
  std::vector<LayerReport> report;

  explicit Judged(const Case& c)
      : Bench(shape_of(c), training_of(c), 1),
        data(c.rows, c.units, c.outputs(), 1000 + c.seed),
        seen(c.layers),
        room(linnet::diagnostics_floats(topology)),
        report(c.layers) {
    linnet::Pcg32 random(c.seed, 3);
    REQUIRE(status == Status::ok);
    REQUIRE((c.kind == Kind::relu
                 ? linnet::initialize(network, random, linnet::initializer::kaiming_normal)
                 : linnet::initialize(network, random, linnet::initializer::xavier_normal)) == Status::ok);
    for (std::size_t l = 0; l < c.layers; ++l) {
      const linnet::Matrix w = network.weights(l);
      for (std::size_t k = 0; k < w.size(); ++k) w.data()[k] *= c.scale;
    }
    if (c.offsets()) {
      for (float& t : data.t) t = random.normal(c.offset, 1.0f);
    }
    REQUIRE(diagnostics.bind(trainer, {seen.data(), seen.size()}, {room.data(), room.size()}) == Status::ok);
    step(c);
  }
  void step(const Case& c) {
    const bool labels = c.goal == Goal::softmax;
    REQUIRE((labels ? diagnostics.step(data.input_rows(), data.label_rows())
                    : diagnostics.step(data.input_rows(), data.target_rows())) == Status::ok);
    REQUIRE(diagnostics.report({report.data(), report.size()}) == Status::ok);
  }
};

// ---- The oracle: the root mean square of each layer's unit gradients, in double precision.

double value(Kind kind, double z) {
  return kind == Kind::relu ? (z > 0.0 ? z : 0.0) : kind == Kind::tanh ? std::tanh(z) : 1.0 / (1.0 + std::exp(-z));
}
double slope(Kind kind, double a) {  // from the activation
  return kind == Kind::relu ? (a > 0.0 ? 1.0 : 0.0) : kind == Kind::tanh ? 1.0 - a * a : a * (1.0 - a);
}

double root_mean_square(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) sum += v * v;
  return std::sqrt(sum / static_cast<double>(x.size()));
}

// Of the loss by the pre-activations y of the last layer (rows, outputs).
std::vector<double> loss_gradient(const Case& c, const Data& data, const std::vector<double>& y) {
  std::vector<double> d(y.size());
  const std::size_t outputs = c.outputs();
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double e = y[k] - static_cast<double>(data.t[k]);
    const double n = static_cast<double>(c.goal == Goal::softmax ? c.rows : y.size());
    if (c.goal == Goal::squared) d[k] = 2.0 * e / n;
    if (c.goal == Goal::absolute) d[k] = (e > 0.0 ? 1.0 : e < 0.0 ? -1.0 : 0.0) / n;
    if (c.goal == Goal::huber) d[k] = std::fmax(-1.0, std::fmin(e, 1.0)) / n;
    if (c.goal == Goal::binary) d[k] = (value(Kind::sigmoid, y[k]) - static_cast<double>(data.t[k])) / n;
    if (c.goal == Goal::softmax) {
      double sum = 0.0;
      const std::size_t row = k / outputs * outputs;
      for (std::size_t o = 0; o < outputs; ++o) sum += std::exp(y[row + o] - y[k]);
      d[k] = (1.0 / sum - (data.labels[k / outputs] == k % outputs ? 1.0 : 0.0)) / n;
    }
  }
  return d;
}

std::vector<double> gradient_sizes(const Case& c, const Judged& net) {
  std::vector<std::vector<double>> a = {{net.data.x.begin(), net.data.x.end()}};  // a[l]: what layer l reads
  for (std::size_t l = 0; l < c.layers; ++l) {
    const linnet::ConstMatrix w = net.network.read_weights(l);
    std::vector<double> y(c.rows * w.rows());
    for (std::size_t k = 0; k < y.size(); ++k) {
      const double* x = &a[l][k / w.rows() * w.columns()];
      for (std::size_t i = 0; i < w.columns(); ++i) y[k] += static_cast<double>(w(k % w.rows(), i)) * x[i];
      if (l + 1 < c.layers) y[k] = value(c.kind, y[k]);
    }
    a.push_back(y);
  }
  std::vector<double> sizes(c.layers);
  std::vector<double> d = loss_gradient(c, net.data, a.back());
  for (std::size_t l = c.layers; l-- > 0;) {
    sizes[l] = root_mean_square(d);
    if (l == 0) break;
    const linnet::ConstMatrix w = net.network.read_weights(l);
    std::vector<double> below(c.rows * w.columns());
    for (std::size_t k = 0; k < below.size(); ++k) {
      const std::size_t i = k % w.columns();
      const double* above = &d[k / w.columns() * w.rows()];
      for (std::size_t o = 0; o < w.rows(); ++o) below[k] += static_cast<double>(w(o, i)) * above[o];
      below[k] *= slope(c.kind, a[l][k]);
    }
    d = below;
  }
  return sizes;
}

// ---- What is asked of a verdict.

bool is_of_gradients(Verdict verdict) { return verdict == Verdict::exploding || verdict == Verdict::vanishing; }

// Never named where gradients are alike: within a factor of 3 of the last layer's, or hidden layers of each other.
void check_alike(const Case& c) {
  const Judged net(c);
  const std::vector<double> sizes = gradient_sizes(c, net);
  const auto ends = std::minmax_element(sizes.begin(), sizes.end() - 1);
  const bool hidden_alike = c.layers > 1 && *ends.second <= 3.0 * *ends.first;
  INFO(text(c));
  for (std::size_t l = 0; l < c.layers && sizes.back() > 0.0; ++l) {
    const double ratio = sizes[l] / sizes.back();
    const LayerReport& report = net.report[l];
    // single precision, through 16 layers: the largest difference seen is 2e-4
    CHECK(std::fabs(static_cast<double>(report.reach) - ratio) <= 2e-3 * ratio);
    if ((ratio > 1.0 / 3.0 && ratio < 3.0) || hidden_alike) {
      CHECK_MESSAGE(!is_of_gradients(report.verdict), "layer ", l, " is ", linnet::to_string(report.verdict));
    }
  }
}

void check_alike(std::size_t seeds, const std::vector<std::size_t>& depths) {
  for (const Kind kind : {Kind::relu, Kind::tanh, Kind::sigmoid}) {
    for (const std::size_t layers : depths) {
      for_each_batch({kind, 1.0f, layers, 16}, seeds, [](const Case& c) { check_alike(c); });
    }
    for_each_batch({kind, 1.0f, 2, 128}, 1 + seeds / 10, [](const Case& c) { check_alike(c); });
  }
}

// The loss of a softmax that is sure of its one row has no gradient: there is nothing to say anything of.
bool is_silent(const Judged& net) {
  const linnet::Moments& top = net.seen.back().unit_gradients;
  return top.min == 0.0f && top.max == 0.0f;
}

bool is_named(const Case& c, Verdict verdict) {
  const Judged net(c);
  const auto has = [&](const LayerReport& layer) { return layer.verdict == verdict; };
  return is_silent(net) || std::any_of(net.report.begin(), net.report.end(), has);
}

void check_named(const Case& shape, Verdict verdict, std::size_t seeds) {
  for_each_batch(shape, seeds, [&](const Case& c) { CHECK_MESSAGE(is_named(c, verdict), text(c)); });
}

void check_named(std::size_t seeds) {
  for (const std::size_t units : {std::size_t{16}, std::size_t{32}}) {
    check_named({Kind::relu, 0.5f, 13, units}, Verdict::vanishing, seeds);
    check_named({Kind::relu, 2.0f, 13, units}, Verdict::exploding, seeds);
    check_named({Kind::sigmoid, 1.0f, 16, units}, Verdict::vanishing, seeds);
  }
}

}  // namespace

TEST_CASE("no layer explodes or vanishes where gradients are alike, whatever the loss, the offset and the batch") {
  check_alike(kSeeds, {1, 2, 4, 16});
}

TEST_CASE("half and twice Kaiming through 12 ReLU layers and 16 sigmoid layers are always named") {
  check_named(kSeeds);
}

// tests/CMakeLists.txt runs it by itself
TEST_CASE("the verdict over thousands of networks" * doctest::skip()) {
  check_alike(50, {1, 2, 4, 8, 16});
  check_named(50);
}

TEST_CASE("gradients that narrow ReLU networks cut off are dead when ten rows say so, and never vanishing") {
  std::size_t cut_off = 0;
  for (const float scale : {0.5f, 2.0f}) {
    for (const std::size_t units : {std::size_t{2}, std::size_t{4}, std::size_t{8}}) {
      for_each_batch({Kind::relu, scale, 8, units}, 3 * kSeeds, [&](const Case& c) {
        const Judged net(c);
        if (is_silent(net)) return;
        const std::vector<double> sizes = gradient_sizes(c, net);
        const double ratio = sizes.front() / sizes.back();
        const Verdict verdict = net.report[0].verdict;
        INFO((text(c) + " is " + linnet::to_string(verdict)));
        if (c.rows >= 10 && net.seen[0].dead_in_epoch >= 0.5f) {
          CHECK(verdict == Verdict::dead);
        } else if (sizes.front() == 0.0) {
          CHECK(verdict == (c.rows < 10 ? Verdict::healthy : Verdict::dead));
          ++cut_off;
        } else if (ratio > 10.0 * std::sqrt(3.0)) {  // above 10 in `length` too: 2 units below 3 outputs
          CHECK(verdict == Verdict::exploding);
        } else if (ratio < 0.1 / std::sqrt(8.0)) {
          CHECK(verdict == Verdict::vanishing);
        }
      });
    }
  }
  CHECK(cut_off > 100 * kSeeds);
}

TEST_CASE("a fresh ReLU network is not dead after a few rows, and says how many it saw") {
  for (std::size_t rows = 1; rows < 10; ++rows) {
    for (std::uint64_t seed = 0; seed < 25 * kSeeds; ++seed) {
      const Judged net({Kind::relu, 1.0f, 3, 4, Goal::squared, rows, 0.0f, seed});
      for (std::size_t l = 0; l < 3; ++l) {
        CHECK(net.report[l].verdict != Verdict::dead);
        CHECK(net.seen[l].rows_in_epoch == rows);
      }
    }
  }
}

TEST_CASE("ten rows one by one say that a network is dead, as ten at once do") {
  for (const std::size_t rows : {std::size_t{1}, std::size_t{10}}) {
    const Case c{Kind::relu, 1.0f, 4, 8, Goal::squared, rows, 0.0f, 1};
    Judged net(c);
    for (float& bias : net.network.biases(1)) bias = -1000.0f;
    net.diagnostics.begin_epoch();
    for (std::size_t seen = rows; seen <= 10; seen += rows) {
      for (float& x : net.data.x) x += 0.01f;
      net.step(c);
      CHECK(net.seen[1].rows_in_epoch == seen);
      CHECK(net.seen[1].rows_without_gradient == seen);
      for (std::size_t l = 0; l < 2; ++l) {  // the layer itself, and the one that it cuts off
        CHECK(net.report[l].verdict == (seen < 10 ? Verdict::healthy : Verdict::dead));
      }
    }
    net.network.biases(1)[0] = 1000.0f;  // one of eight wakes
    net.step(c);
    CHECK(net.seen[1].rows_without_gradient == 0);
    CHECK(net.report[0].verdict != Verdict::dead);
  }
}

TEST_CASE("a fit whose last batch has one row ends with healthy layers") {
  for (std::uint64_t seed = 0; seed < 25 * kSeeds; ++seed) {
    Judged net({Kind::tanh, 1.0f, 3, 16, Goal::absolute, 10, 10.0f, seed});
    const Data data(31, 16, 1, seed);
    std::vector<std::uint32_t> order(31);
    std::vector<float> rows(linnet::batch_floats(16, 1, 10));
    linnet::Pcg32 random(seed);
    linnet::Split parts;
    REQUIRE(linnet::split({order.data(), 31}, 31, random, parts) == Status::ok);
    linnet::FitPlan plan{1};
    plan.take_step = Diagnostics::take_step;
    plan.step_context = &net.diagnostics;
    REQUIRE(linnet::fit(net.trainer,
                        {{data.input_rows(), data.target_rows()}, parts.train, {rows.data(), rows.size()}, 10}, random,
                        plan) == Status::ok);
    REQUIRE(net.diagnostics.report({net.report.data(), 3}) == Status::ok);
    for (const LayerReport& layer : net.report) CHECK(layer.verdict == Verdict::healthy);
  }
}

// ---- The data.

namespace {

// A layer of tanh under `last`, and rows of data as they are; the verdicts of both layers.
struct OfData : Bench {
  std::vector<linnet::LayerDiagnostics> seen = std::vector<linnet::LayerDiagnostics>(2);
  std::vector<float> room;
  Diagnostics diagnostics;
  LayerReport report[2];

  explicit OfData(const linnet::Activation& last, const linnet::Loss& loss = linnet::loss::mean_squared_error)
      : Bench(linnet::topology(3, {{8, linnet::activation::tanh}, {2, last}}), {loss, linnet::optimizer::sgd(0.0f), 20},
              1),
        room(linnet::diagnostics_floats(topology)) {
    REQUIRE(status == Status::ok);
    REQUIRE(diagnostics.bind(trainer, {seen.data(), 2}, {room.data(), room.size()}) == Status::ok);
  }
  void see(const Data& data, std::size_t first, std::size_t rows) {
    REQUIRE(diagnostics.step(data.input_rows().rows(first, rows), data.target_rows().rows(first, rows)) == Status::ok);
    REQUIRE(diagnostics.report(report) == Status::ok);
  }
};

// `scale` times the column, moved by `offset`.
void change(std::vector<float>& rows, std::size_t columns, std::size_t column, float scale, float offset) {
  for (std::size_t k = column; k < rows.size(); k += columns) rows[k] = rows[k] * scale + offset;
}

void check_column(const linnet::Column& column, const std::vector<float>& rows, std::size_t columns, std::size_t k) {
  double sum = 0.0;
  double squares = 0.0;
  const std::size_t count = rows.size() / columns;
  const double n = static_cast<double>(count);
  for (std::size_t b = k; b < rows.size(); b += columns) sum += static_cast<double>(rows[b]);
  for (std::size_t b = k; b < rows.size(); b += columns)
    squares += std::pow(static_cast<double>(rows[b]) - sum / n, 2.0);
  CHECK(static_cast<double>(column.mean) == doctest::Approx(sum / n).epsilon(1e-5));
  CHECK(static_cast<double>(column.stddev) == doctest::Approx(std::sqrt(squares / n)).epsilon(1e-4));
}

}  // namespace

TEST_CASE("mean and deviation of every column are those of the epoch, whatever the batches") {
  for (const std::size_t batch : {std::size_t{1}, std::size_t{7}, std::size_t{20}}) {
    OfData net(linnet::activation::identity);
    Data data(60, 3, 2, 5);
    change(data.x, 3, 1, 0.5f, -20.0f);
    net.see(data, 0, 20);
    net.diagnostics.begin_epoch();
    CHECK(net.diagnostics.input_column(1).mean == 0.0f);
    for (std::size_t first = 0; first < 60; first += batch) net.see(data, first, std::min(batch, 60 - first));
    for (std::size_t i = 0; i < 3; ++i) check_column(net.diagnostics.input_column(i), data.x, 3, i);
    for (std::size_t o = 0; o < 2; ++o) check_column(net.diagnostics.target_column(o), data.t, 2, o);
    CHECK(net.diagnostics.input_column(3).stddev == 0.0f);
    CHECK(net.diagnostics.target_column(2).stddev == 0.0f);
  }
  CHECK(Diagnostics().input_column(0).mean == 0.0f);
  CHECK(Diagnostics().target_column(0).mean == 0.0f);
}

TEST_CASE("a column of inputs or targets whose mean or deviation is far off is named, after ten rows") {
  struct Change {
    float scale, offset;
    bool bad;
  };
  const Change changes[] = {{1.0f, 0.0f, false}, {3.0f, 2.0f, false},   {0.0f, 1.0f, false},
                            {0.3f, 9.0f, false}, {1.0f, 100.0f, true},  {0.1f, -14.0f, true},
                            {60.0f, 0.0f, true}, {40.0f, -20.0f, true}, {1e-3f, 0.5f, true}};
  for (const Change& how : changes) {
    for (std::size_t column = 0; column < 2; ++column) {
      Data inputs(20, 3, 2, 7);
      change(inputs.x, 3, column, how.scale, how.offset);
      OfData net(linnet::activation::identity);
      net.see(inputs, 0, 9);
      CHECK(net.report[0].verdict != Verdict::badly_scaled_inputs);
      net.see(inputs, 9, 1);
      CHECK((net.report[0].verdict == Verdict::badly_scaled_inputs) == how.bad);
      CHECK(net.report[1].verdict == Verdict::healthy);
      Data targets(20, 3, 2, 7);
      change(targets.t, 2, column, how.scale, how.offset);
      OfData other(linnet::activation::identity, linnet::loss::huber);
      other.see(targets, 0, 20);
      CHECK(other.report[0].verdict == Verdict::healthy);
      CHECK((other.report[1].verdict == Verdict::badly_scaled_targets) == how.bad);
    }
  }
}

TEST_CASE("targets beyond what the last activation gives are out of reach, whatever the activation") {
  for (const NamedActivation& named : hidden_activations()) {
    double least = 0.0;  // that it gives, in double precision
    double most = 0.0;
    for (double z = -1e9; z <= 2e9; z += std::fabs(z) < 60.0 ? 1.0 / 64.0 : z < 0.0 ? 1e9 - 59.0 : 1e9) {
      const double y = oracle_activation(named.name, z, static_cast<double>(named.activation.parameter));
      least = std::fmin(least, y);
      most = std::fmax(most, y);
    }
    // `outside`: how far the targets are beyond the end
    const auto check = [&](double end, double outside, bool out_of_reach) {
      Data data(20, 3, 2, 3);
      for (std::size_t k = 0; k < 4; ++k) data.t[k] = static_cast<float>(end + outside);  // of 40: a tenth
      OfData net(named.activation);
      net.see(data, 0, 20);
      INFO((std::string(named.name) + ", a target of " + std::to_string(data.t[0])));
      CHECK((net.report[1].verdict == Verdict::out_of_reach) == out_of_reach);
    };
    for (const double inside : {0.0, 0.01}) {
      check(std::fmax(least, -7.5), inside, false);
      check(std::fmin(most, 7.5), -inside, false);
    }
    check(std::fmax(least, -7.5), -0.01, least > -7.5);
    check(std::fmin(most, 7.5), 0.01, most < 7.5);
  }
}

TEST_CASE("targets of 3 to 6 are out of reach of a sigmoid, and of nothing before ten rows or below a tenth") {
  Data data(20, 3, 2, 3);
  OfData net(linnet::activation::sigmoid);
  for (float& t : data.t) t = 3.0f + 3.0f * t;
  net.see(data, 0, 9);
  CHECK(net.report[1].verdict != Verdict::out_of_reach);
  net.see(data, 9, 1);
  CHECK(net.report[1].verdict == Verdict::out_of_reach);
  CHECK(linnet::to_string(net.report[1].verdict) == std::string("out of reach"));
  Data few(20, 3, 2, 3);
  for (std::size_t k = 0; k < 3; ++k) few.t[k] = 2.0f;  // of 40
  net.diagnostics.begin_epoch();
  net.see(few, 0, 20);
  CHECK(net.report[1].verdict == Verdict::healthy);
}

TEST_CASE("every verdict but healthy says what to do") {
  for (int k = 0; k < 9; ++k) {
    CHECK((std::string(linnet::remedy(static_cast<Verdict>(k))).size() > 20) == (k > 0));
  }
  CHECK(linnet::remedy(static_cast<Verdict>(99)) == std::string());
}
