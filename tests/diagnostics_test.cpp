#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Diagnostics;
using linnet::DiagnosticsSettings;
using linnet::Gradients;
using linnet::LayerDiagnostics;
using linnet::LayerReport;
using linnet::Moments;
using linnet::TrainerConfig;
using linnet::Verdict;

namespace {

// A trainer under watch, in memory of exactly the size the layout asks for.
struct Watched : Bench {
  std::vector<LayerDiagnostics> seen;
  std::vector<float> room;
  Diagnostics diagnostics;

  Watched(const linnet::Topology& shape, const TrainerConfig& how, std::uint64_t seed,
          const DiagnosticsSettings& settings = {})
      : Bench(shape, how, seed), seen(shape.layer_count), room(linnet::diagnostics_floats(shape)) {
    REQUIRE(status == Status::ok);
    REQUIRE(diagnostics.bind(trainer, {seen.data(), seen.size()}, {room.data(), room.size()}, settings) == Status::ok);
  }
};

constexpr auto kShape = linnet::topology(
    6, {{21, linnet::activation::tanh}, {18, linnet::activation::gelu, false}, {3, linnet::activation::identity}});

// ---- The oracle: numbers in double and what they come to.

struct Numbers {
  std::vector<double> x;

  [[nodiscard]] double mean() const {
    double sum = 0.0;
    for (const double v : x) sum += v;
    return sum / static_cast<double>(x.size());
  }
  [[nodiscard]] double deviation() const {
    const double m = mean();
    double sum = 0.0;
    for (const double v : x) sum += (v - m) * (v - m);
    return std::sqrt(sum / static_cast<double>(x.size()));
  }
  [[nodiscard]] double size() const {  // the largest magnitude: what single precision errs in proportion to
    double most = 0.0;
    for (const double v : x) most = std::fmax(most, std::fabs(v));
    return most;
  }
};

struct OracleLook {
  Numbers activations, unit_gradients, input_gradients, weight_gradients;
};

double slope(const OracleLayer& layer, double z) {
  const double h = 1e-6;
  return (oracle_activation(layer.activation, z + h, layer.parameter) -
          oracle_activation(layer.activation, z - h, layer.parameter)) /
         (2.0 * h);
}

std::vector<double> in_double(const std::vector<float>& x) { return {x.begin(), x.end()}; }

// A step of mean squared error: forward, backward.
std::vector<OracleLook> oracle_looks(const std::vector<OracleLayer>& layers, const Data& data) {
  std::vector<OracleLook> looks(layers.size());
  std::vector<std::vector<double>> inputs(layers.size()), z(layers.size());
  std::vector<double> x = in_double(data.x);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    inputs[l] = x;
    z[l] = oracle_forward({layers[l]}, x, data.rows, true);
    x = oracle_forward({layers[l]}, x, data.rows, false);
    looks[l].activations.x = x;
  }
  std::vector<double> d(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    d[k] = 2.0 * (x[k] - static_cast<double>(data.t[k])) / static_cast<double>(x.size());
  }
  for (std::size_t l = layers.size(); l-- > 0;) {
    const OracleLayer& layer = layers[l];
    for (std::size_t k = 0; k < d.size(); ++k) d[k] *= slope(layer, z[l][k]);
    looks[l].unit_gradients.x = d;
    std::vector<double> d_x(data.rows * layer.inputs), d_w(layer.w.size());
    for (std::size_t b = 0; b < data.rows; ++b) {
      for (std::size_t o = 0; o < layer.units; ++o) {
        for (std::size_t i = 0; i < layer.inputs; ++i) {
          d_x[b * layer.inputs + i] += d[b * layer.units + o] * layer.w[o * layer.inputs + i];
          d_w[o * layer.inputs + i] += d[b * layer.units + o] * inputs[l][b * layer.inputs + i];
        }
      }
    }
    looks[l].input_gradients.x = d_x;
    looks[l].weight_gradients.x = d_w;
    d = d_x;
  }
  return looks;
}

// Single precision loses some units in the last place of the largest numbers; 2e-6 are 17 of them, and the largest miss
// seen is 7e-7.
void check_moments(const Moments& seen, const Numbers& expected, const std::string& what) {
  const double bound = 2e-6 * expected.size() + 1e-30;
  INFO(what);
  CHECK(std::fabs(static_cast<double>(seen.mean) - expected.mean()) <= bound);
  CHECK(std::fabs(static_cast<double>(seen.stddev) - expected.deviation()) <= bound);
  CHECK(std::fabs(static_cast<double>(seen.min) - *std::min_element(expected.x.begin(), expected.x.end())) <= bound);
  CHECK(std::fabs(static_cast<double>(seen.max) - *std::max_element(expected.x.begin(), expected.x.end())) <= bound);
}

Status step(Diagnostics& diagnostics, const Data& data, bool labels, std::size_t first, std::size_t rows) {
  const linnet::ConstRows x = data.input_rows().rows(first, rows);
  return labels ? diagnostics.step(x, linnet::Labels{data.labels.data() + first, rows})
                : diagnostics.step(x, data.target_rows().rows(first, rows));
}
Status step(linnet::Trainer& trainer, const Data& data, bool labels, std::size_t first, std::size_t rows) {
  const linnet::ConstRows x = data.input_rows().rows(first, rows);
  return labels ? trainer.step(x, linnet::Labels{data.labels.data() + first, rows})
                : trainer.step(x, data.target_rows().rows(first, rows));
}

// Trains twice, with diagnostics and without, and expects the same bits.
void check_same_bits(const TrainerConfig& config, const Data& data, bool labels, const std::string& what) {
  Bench plain(kShape, config, 1);
  Watched watched(kShape, config, 1);
  REQUIRE(plain.status == Status::ok);
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (std::size_t first = 0; first < data.rows; first += config.max_batch) {
      const std::size_t rows = std::min(config.max_batch, data.rows - first);
      REQUIRE(step(plain.trainer, data, labels, first, rows) == Status::ok);
      REQUIRE(step(watched.diagnostics, data, labels, first, rows) == Status::ok);
    }
  }
  INFO(what);
  CHECK(same_bits(plain.parameters, watched.parameters));
  CHECK(same_bits(plain.state(), watched.state()));
  CHECK(plain.trainer.loss() == watched.trainer.loss());
  CHECK(plain.trainer.steps() == watched.trainer.steps());
}

// A ReLU net of three units: unit 0 lives, unit 1 is 0 for all inputs below 5, unit 2 always.
struct Dying : Watched {
  Dying()
      : Watched(linnet::topology(1, {{3, linnet::activation::relu}, {1, linnet::activation::identity}}),
                {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 4}, 1) {
    const float biases[3] = {1.0f, -5.0f, -1.0f};
    const float weights[3] = {0.0f, 1.0f, 0.0f};
    for (std::size_t o = 0; o < 3; ++o) {
      network.weights(0)(o, 0) = weights[o];
      network.biases(0)[o] = biases[o];
    }
  }
  void see(float input) {
    const float x[2][1] = {{input}, {0.0f}};
    const float t[2][1] = {};
    REQUIRE(diagnostics.step(x, t) == Status::ok);
  }
};

std::vector<LayerReport> report_of(Watched& watched, const Data& data) {
  std::vector<LayerReport> report(watched.seen.size());
  REQUIRE(step(watched.diagnostics, data, false, 0, data.rows) == Status::ok);
  REQUIRE(watched.diagnostics.report({report.data(), report.size()}) == Status::ok);
  return report;
}

linnet::Topology deep(const linnet::Activation& activation, std::size_t layers) {
  std::vector<linnet::Layer> list(layers, linnet::Layer{32, activation});
  list.push_back({1, linnet::activation::identity});
  return linnet::topology(32, linnet::Span<const linnet::Layer>(list.data(), list.size()));
}

const TrainerConfig kSlow{linnet::loss::mean_squared_error, linnet::optimizer::sgd(1e-3f), 64};

}  // namespace

static_assert(linnet::diagnostics_floats(kShape) == 21 + 18 + 3 + 21 + 2 * 6 + 4 * 3,
              "a float per unit, the widest row, two per input, four per target");
static_assert(linnet::diagnostics_floats(kShape, 2) == 3 + 18 + 2 * 6 + 4 * 3, "frozen layers take none");

TEST_CASE("the weights are the same bits with diagnostics and without, whatever the optimizer, loss and gradients") {
  const Data data(23, 6, 3, 1);
  for (const NamedOptimizer& named : optimizers()) {
    for (const Gradients& gradients : {Gradients::fused, Gradients::kept}) {
      for (const std::size_t batch : {std::size_t{1}, std::size_t{8}}) {
        TrainerConfig config{linnet::loss::softmax_cross_entropy, named.optimizer, batch, gradients};
        check_same_bits(config, data, true, named.name);
        config.clip_value = 0.01f;
        config.clip_norm = gradients.keeps ? 0.05f : 0.0f;
        check_same_bits(config, data, true, std::string(named.name) + ", clipped");
      }
    }
  }
  for (const linnet::Loss& loss : {linnet::loss::mean_squared_error, linnet::loss::huber, linnet::loss::smooth_l1,
                                   linnet::loss::binary_cross_entropy}) {
    check_same_bits({loss, linnet::optimizer::adam(0.01f), 7}, data, false, "loss");
  }
}

TEST_CASE("what a step saw agrees with double precision") {
  const Data data(9, 6, 3, 2);
  const linnet::Topology shape = linnet::topology(
      6, {{21, linnet::activation::tanh}, {5, linnet::activation::sigmoid}, {3, linnet::activation::tanh}});
  for (const Gradients& gradients : {Gradients::fused, Gradients::kept}) {
    Watched watched(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.25f), 9, gradients}, 3);
    const std::vector<OracleLayer> layers = oracle_of(watched.network, {"tanh", "sigmoid", "tanh"});
    const std::vector<OracleLook> looks = oracle_looks(layers, data);
    REQUIRE(step(watched.diagnostics, data, false, 0, data.rows) == Status::ok);
    for (std::size_t l = 0; l < looks.size(); ++l) {
      const LayerDiagnostics& seen = watched.diagnostics.layers()[l];
      const std::string layer = "layer " + std::to_string(l);
      check_moments(seen.activations, looks[l].activations, layer + " activations");
      check_moments(seen.unit_gradients, looks[l].unit_gradients, layer + " unit gradients");
      check_moments(seen.input_gradients, looks[l].input_gradients, layer + " input gradients");
      check_moments(seen.weight_gradients, looks[l].weight_gradients, layer + " weight gradients");
      double moved = 0.0;
      double size = 0.0;
      for (std::size_t k = 0; k < layers[l].w.size(); ++k) {
        moved += std::pow(0.25 * looks[l].weight_gradients.x[k], 2.0);
        size += layers[l].w[k] * layers[l].w[k];
      }
      // The change of a weight is rounded with the weight: 2^-24 of it.
      CHECK(static_cast<double>(seen.update_ratio) == doctest::Approx(std::sqrt(moved / size)).epsilon(1e-4));
    }
  }
}

TEST_CASE("the statistics of numbers far from zero with little spread keep their digits") {
  // sigmoid(20 + small): activations at 1 with a spread of some units in the last place
  const linnet::Topology shape =
      linnet::topology(1, {{2, linnet::activation::identity}, {1, linnet::activation::identity}});
  Watched watched(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 64}, 1);
  Numbers expected;
  std::vector<float> x(64), t(64);
  for (std::size_t b = 0; b < 64; ++b) {
    x[b] = 1000.0f + static_cast<float>(b % 7) * 0.0009765625f;
  }
  watched.network.weights(0)(0, 0) = 1.0f;
  watched.network.weights(0)(1, 0) = 1.0f;
  watched.network.biases(0)[0] = 0.0f;
  watched.network.biases(0)[1] = 0.0f;
  for (int twice = 0; twice < 2; ++twice) expected.x.insert(expected.x.end(), x.begin(), x.end());
  REQUIRE(watched.diagnostics.step(linnet::ConstRows(x.data(), 64, 1), linnet::ConstRows(t.data(), 64, 1)) ==
          Status::ok);
  const Moments& seen = watched.seen[0].activations;
  CHECK(static_cast<double>(seen.stddev) == doctest::Approx(expected.deviation()).epsilon(1e-6));
  CHECK(static_cast<double>(seen.mean) == doctest::Approx(expected.mean()).epsilon(1e-7));
}

TEST_CASE("a unit that is zero for a batch is dead in it, and dead in the epoch until it wakes") {
  Dying net;
  net.see(1.0f);
  const LayerDiagnostics& layer = net.seen[0];
  CHECK(layer.dead_in_batch == 2.0f / 3.0f);
  CHECK(layer.dead_in_epoch == 2.0f / 3.0f);
  net.see(6.0f);  // one row of two wakes unit 1
  CHECK(layer.dead_in_batch == 1.0f / 3.0f);
  CHECK(layer.dead_in_epoch == 1.0f / 3.0f);
  net.see(1.0f);  // it sleeps again, but not for the whole epoch
  CHECK(layer.dead_in_batch == 2.0f / 3.0f);
  CHECK(layer.dead_in_epoch == 1.0f / 3.0f);
  net.diagnostics.begin_epoch();
  net.see(1.0f);
  CHECK(layer.dead_in_epoch == 2.0f / 3.0f);
  CHECK(net.seen[1].dead_in_batch == 0.0f);  // a linear unit does not die
}

TEST_CASE("units near the ends of sigmoid and tanh are saturated") {
  for (const bool is_tanh : {false, true}) {
    const linnet::Topology shape = linnet::topology(
        1, {{4, is_tanh ? linnet::activation::tanh : linnet::activation::sigmoid}, {1, linnet::activation::identity}});
    DiagnosticsSettings settings;
    settings.saturation = 0.9f;
    Watched watched(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 4}, 1, settings);
    // |tanh z| and |2 sigmoid(2 z) - 1| reach 0.9 at z = 1.4722
    const float z[4] = {1.46f, 1.48f, -1.5f, -1.48f};
    for (std::size_t o = 0; o < 4; ++o) {
      watched.network.weights(0)(o, 0) = is_tanh ? z[o] : 2.0f * z[o];
      watched.network.biases(0)[o] = 0.0f;
    }
    const float x[2][1] = {{1.0f}, {0.0f}};
    const float t[2][1] = {};
    REQUIRE(watched.diagnostics.step(x, t) == Status::ok);
    CHECK(watched.seen[0].saturated == 3.0f / 8.0f);
    CHECK(watched.seen[1].saturated == 0.0f);
  }
}

TEST_CASE("a unit is saturated at the very number that the settings name") {
  for (const bool is_tanh : {false, true}) {
    const linnet::Topology shape = linnet::topology(
        1, {{1, is_tanh ? linnet::activation::tanh : linnet::activation::sigmoid}, {1, linnet::activation::identity}});
    const float x[1][1] = {{1.5f}};
    const float t[1][1] = {};
    float end = 0.5f;
    for (const float expected : {0.0f, 1.0f, 0.0f}) {  // ends: any, the unit's own, the next float
      DiagnosticsSettings settings;
      settings.saturation = expected == 0.0f && end == 0.5f ? 0.999f : end;
      Watched watched(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 1}, 1, settings);
      watched.network.weights(0)(0, 0) = 1.0f;
      watched.network.biases(0)[0] = 0.0f;
      REQUIRE(watched.diagnostics.step(x, t) == Status::ok);
      CHECK(watched.seen[0].saturated == expected);
      const float a = watched.seen[0].activations.max;
      end = expected == 0.0f ? (is_tanh ? a : 2.0f * a - 1.0f) : std::nextafter(end, 1.0f);
    }
  }
}

TEST_CASE("every number is counted in the bin it lies in, those outside in the last ones") {
  const Data data(16, 6, 3, 5);
  DiagnosticsSettings settings;
  settings.activation_range = {-0.5f, 0.25f};
  settings.input_gradient_range = {-0.01f, 0.02f};
  settings.weight_gradient_range = {-0.001f, 0.001f};
  const linnet::Topology shape = linnet::topology(6, {{21, linnet::activation::tanh}, {3, linnet::activation::tanh}});
  Watched watched(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 16, Gradients::kept}, 3,
                  settings);
  REQUIRE(step(watched.diagnostics, data, false, 0, 16) == Status::ok);
  const auto total = [](const linnet::Histogram& histogram) {
    std::size_t sum = 0;
    for (const std::uint32_t count : histogram.counts) sum += count;
    return sum;
  };
  CHECK(total(watched.seen[0].activation_bins) == 16 * 21);
  CHECK(total(watched.seen[0].input_gradient_bins) == 16 * 6);
  std::vector<std::uint32_t> expected(linnet::kHistogramBins);
  const linnet::ConstMatrix gradients = watched.trainer.gradients(0);
  std::size_t outside = 0;
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    const double place = (static_cast<double>(gradients.data()[k]) + static_cast<double>(0.001f)) /
                         (2.0 * static_cast<double>(0.001f)) * 32.0;
    const double bin = std::fmin(std::fmax(std::floor(place), 0.0), 31.0);
    outside += place < 0.0 || place >= 32.0 ? 1 : 0;
    ++expected[static_cast<std::size_t>(bin)];
  }
  CHECK(outside > 0);
  CHECK(std::vector<std::uint32_t>(watched.seen[0].weight_gradient_bins.counts,
                                   watched.seen[0].weight_gradient_bins.counts + 32) == expected);
}

TEST_CASE("a number at the lower end of a bin is counted in it") {
  const linnet::Topology shape = linnet::topology(1, {{1, linnet::activation::identity}});
  Watched watched(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 32}, 1);
  watched.network.weights(0)(0, 0) = 1.0f;
  watched.network.biases(0)[0] = 0.0f;
  float x[32][1];
  for (int bin = 0; bin < 32; ++bin) x[bin][0] = -1.0f + static_cast<float>(bin) * 0.0625f;
  const float t[32][1] = {};
  REQUIRE(watched.diagnostics.step(x, t) == Status::ok);
  CHECK(std::vector<std::uint32_t>(watched.seen[0].activation_bins.counts,
                                   watched.seen[0].activation_bins.counts + 32) == std::vector<std::uint32_t>(32, 1));
}

TEST_CASE("of a last layer that belongs to a cross-entropy the pre-activations are seen") {
  const Data data(9, 6, 3, 2);
  for (const bool softmax : {true, false}) {
    const linnet::Activation last = softmax ? linnet::activation::softmax : linnet::activation::sigmoid;
    const linnet::Topology shape = linnet::topology(6, {{21, linnet::activation::tanh}, {3, last}});
    Watched watched(shape,
                    {softmax ? linnet::loss::softmax_cross_entropy : linnet::loss::binary_cross_entropy,
                     linnet::optimizer::sgd(0.25f), 9},
                    3);
    const Numbers logits{oracle_forward(oracle_of(watched.network, {"tanh", "identity"}), in_double(data.x), 9, true)};
    REQUIRE(step(watched.diagnostics, data, softmax, 0, 9) == Status::ok);
    check_moments(watched.seen[1].activations, logits, "logits");
    CHECK(watched.seen[1].saturated == 0.0f);
  }
}

TEST_CASE("weight gradients are seen as the optimizer gets them, clipped") {
  const Data data(16, 6, 3, 2);
  for (const Gradients& gradients : {Gradients::fused, Gradients::kept}) {
    TrainerConfig config{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.1f), 16, gradients};
    config.clip_value = 0.004f;
    Watched watched(kShape, config, 1);
    REQUIRE(step(watched.diagnostics, data, true, 0, 16) == Status::ok);
    CHECK(watched.seen[2].weight_gradients.max == 0.004f);
    CHECK(watched.seen[2].weight_gradients.min == -0.004f);
  }
}

TEST_CASE("exact quantiles are those of the sorted numbers, as NumPy interpolates them") {
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
    std::vector<float> values = random_floats(n, n);
    if (n > 3) values[3] = values[2];
    const std::vector<float> before = values;
    std::vector<float> memory(n), results(5);
    const std::vector<float> shares = {0.0f, 0.25f, 0.5f, 0.9f, 1.0f};
    const linnet::ConstMatrix matrix(values.data(), 1, n, n, 1);
    REQUIRE(linnet::quantiles(matrix, {shares.data(), 5}, {memory.data(), n}, {results.data(), 5}) == Status::ok);
    CHECK(same_bits(values, before));
    std::sort(values.begin(), values.end());
    for (std::size_t k = 0; k < 5; ++k) {
      const double place = static_cast<double>(shares[k]) * static_cast<double>(n - 1);
      const std::size_t low = static_cast<std::size_t>(place);
      const std::size_t high = std::min(low + 1, n - 1);
      const double expected = static_cast<double>(values[low]) +
                              (place - std::floor(place)) * static_cast<double>(values[high] - values[low]);
      CHECK(static_cast<double>(results[k]) == doctest::Approx(expected).epsilon(1e-6));
    }
  }
}

TEST_CASE("quantiles are refused where there is nothing to order or no room for it") {
  float values[2][2] = {{1, 2}, {3, 4}};
  float memory[4];
  float results[2];
  const float shares[2] = {0.0f, 1.5f};
  const linnet::ConstMatrix matrix(values[0], 2, 2, 2, 1);
  const linnet::Span<const float> one(shares, 1);
  CHECK(linnet::quantiles({}, one, memory, results) == Status::null_memory);
  CHECK(linnet::quantiles(matrix, shares, memory, results) == Status::bad_setting);
  CHECK(linnet::quantiles(matrix, one, {memory, 3}, results) == Status::too_little_memory);
  CHECK(linnet::quantiles(matrix, shares, memory, {results, 1}) == Status::too_little_memory);
  CHECK(linnet::quantiles(matrix, one, {}, results) == Status::null_memory);
  CHECK(linnet::quantiles(matrix, one, {values[0], 4}, results) == Status::overlapping_memory);
  values[1][0] = std::numeric_limits<float>::quiet_NaN();
  CHECK(linnet::quantiles(matrix, one, memory, results) == Status::bad_input);
}

TEST_CASE("deep sigmoid networks by nn.Linear's rule vanish from below, tanh by Xavier's is healthy") {
  const Data data(64, 32, 1, 4);
  Watched sigmoid(deep(linnet::activation::sigmoid, 5), kSlow, 1);
  std::vector<LayerReport> report = report_of(sigmoid, data);
  CHECK(report[0].verdict == Verdict::vanishing);
  CHECK(report[2].verdict == Verdict::vanishing);
  CHECK(report[5].verdict == Verdict::healthy);
  CHECK(report[0].backward < 0.05f);
  Watched tanh(deep(linnet::activation::tanh, 5), kSlow, 1);
  linnet::Pcg32 random(2);
  REQUIRE(linnet::initialize(tanh.network, random, linnet::initializer::xavier_uniform) == Status::ok);
  report = report_of(tanh, data);
  for (const LayerReport& layer : report) {
    CHECK(layer.verdict == Verdict::healthy);
  }
  const auto size = [&](std::size_t l) {
    const Moments& moments = tanh.seen[l].unit_gradients;
    return std::hypot(static_cast<double>(moments.mean), static_cast<double>(moments.stddev));
  };
  CHECK(static_cast<double>(report[0].reach) == doctest::Approx(size(0) / size(5)));
  CHECK(static_cast<double>(report[0].length) == doctest::Approx(std::sqrt(32.0) * size(0) / size(5)));
  CHECK(static_cast<double>(report[1].backward) == doctest::Approx(std::pow(size(1) / size(2), 2.0)));
  CHECK(static_cast<double>(report[1].gradient_mean_square) == doctest::Approx(size(1) * size(1)));
  CHECK(report[1].forward == doctest::Approx(std::pow(static_cast<double>(tanh.seen[1].activations.stddev) /
                                                          static_cast<double>(tanh.seen[0].activations.stddev),
                                                      2.0)));
}

TEST_CASE("weights too large explode in relu and saturate tanh, dead layers are dead") {
  const Data data(64, 32, 1, 4);
  linnet::Pcg32 random(2);
  Watched relu(deep(linnet::activation::relu, 5), kSlow, 1);
  REQUIRE(linnet::initialize(relu.network, random, linnet::initializer::normal) == Status::ok);
  CHECK(report_of(relu, data)[0].verdict == Verdict::exploding);
  Watched tanh(deep(linnet::activation::tanh, 5), kSlow, 1);
  REQUIRE(linnet::initialize(tanh.network, random, linnet::initializer::normal.with_stddev(3.0f)) == Status::ok);
  CHECK(report_of(tanh, data)[1].verdict == Verdict::saturated);
  Watched dead(deep(linnet::activation::relu, 2), kSlow, 1);
  for (float& bias : dead.network.biases(1)) bias = -100.0f;
  std::vector<LayerReport> report = report_of(dead, data);
  CHECK(report[1].verdict == Verdict::dead);
  CHECK(report[1].activation_variance == 0.0f);
  CHECK(report[0].verdict == Verdict::dead);  // it lives, but every gradient is cut off above it
  CHECK(report[2].verdict == Verdict::healthy);
  linnet::Thresholds lenient;
  lenient.rows = 65;
  CHECK(dead.diagnostics.report({report.data(), report.size()}, lenient) == Status::ok);
  CHECK(report[0].verdict == Verdict::healthy);
  CHECK(report[1].verdict == Verdict::healthy);
  lenient.rows = 64;
  CHECK(dead.diagnostics.report({report.data(), report.size()}, lenient) == Status::ok);
  CHECK(report[1].verdict == Verdict::dead);
}

TEST_CASE("a threshold is met at its number, and one out of its range is refused") {
  Dying net;  // two of three units are 0
  for (int step = 0; step < 5; ++step) net.see(1.0f);
  LayerReport report[2];
  linnet::Thresholds thresholds;
  thresholds.dead = 2.0f / 3.0f;
  CHECK(net.diagnostics.report(report, thresholds) == Status::ok);
  CHECK(report[0].verdict == Verdict::dead);
  thresholds.dead = 0.67f;
  CHECK(net.diagnostics.report(report, thresholds) == Status::ok);
  CHECK(report[0].verdict != Verdict::dead);
  for (float linnet::Thresholds::*const which :
       {&linnet::Thresholds::dead, &linnet::Thresholds::saturated, &linnet::Thresholds::exploding,
        &linnet::Thresholds::vanishing, &linnet::Thresholds::too_large, &linnet::Thresholds::too_small,
        &linnet::Thresholds::out_of_reach, &linnet::Thresholds::stuck, &linnet::Thresholds::unchanged}) {
    for (const float bad : {0.0f, -1.0f, std::numeric_limits<float>::infinity()}) {
      thresholds = {};
      thresholds.*which = bad;
      CHECK(net.diagnostics.report(report, thresholds) == Status::bad_setting);
    }
  }
  thresholds = {};
  thresholds.rows = 0;
  CHECK(net.diagnostics.report(report, thresholds) == Status::bad_setting);
  thresholds = {};
  thresholds.steps = 0;
  CHECK(net.diagnostics.report(report, thresholds) == Status::bad_setting);
}

TEST_CASE("a layer without gradient below saturated units is not dead") {
  const linnet::Topology shape = linnet::topology(
      1, {{4, linnet::activation::tanh}, {4, linnet::activation::tanh}, {1, linnet::activation::relu}});
  Watched net(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), 16}, 1);
  linnet::Pcg32 random(1);
  REQUIRE(linnet::initialize(net.network, random, linnet::initializer::constant(0.1f)) == Status::ok);
  for (float& bias : net.network.biases(1)) bias = 100.0f;
  for (float& bias : net.network.biases(2)) bias = 1.0f;
  const std::vector<LayerReport> report = report_of(net, Data(16, 1, 1, 1));
  CHECK(net.seen[1].unit_gradients.max == 0.0f);
  CHECK(report[1].verdict == Verdict::saturated);
}

TEST_CASE("a refused step leaves what was seen as it was") {
  const Data data(4, 6, 3, 1);
  Watched watched(kShape, {linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.1f), 4}, 1);
  REQUIRE(step(watched.diagnostics, data, true, 0, 4) == Status::ok);
  const std::vector<LayerDiagnostics> before = watched.seen;
  const std::vector<float> parameters = watched.parameters;
  std::vector<float> x = data.x;
  x[5] = std::numeric_limits<float>::infinity();
  CHECK(watched.diagnostics.step(linnet::ConstRows(x.data(), 4, 6), data.label_rows()) == Status::bad_input);
  x[5] = 1e38f;
  CHECK(watched.diagnostics.step(linnet::ConstRows(x.data(), 4, 6), data.label_rows()) == Status::diverged);
  CHECK(std::memcmp(before.data(), watched.seen.data(), before.size() * sizeof(LayerDiagnostics)) == 0);
  CHECK(same_bits(parameters, watched.parameters));
  CHECK(watched.trainer.steps() == 1);
}

TEST_CASE("frozen layers are trained past and not looked at") {
  const linnet::Topology shape = linnet::topology(
      2, {{4, linnet::activation::tanh}, {5, linnet::activation::relu}, {1, linnet::activation::identity}});
  const TrainerConfig config{linnet::loss::mean_squared_error, linnet::optimizer::adam(), 4};
  std::vector<float> parameters(linnet::parameter_floats(shape), 0.1f);
  std::vector<float> copy = parameters;
  const std::size_t frozen = linnet::frozen_floats(shape, 1);
  const Data data(4, 2, 1, 1);
  std::vector<LayerDiagnostics> seen(3);
  std::vector<float> room(linnet::diagnostics_floats(shape, 1));
  std::vector<float> memory(linnet::trainer_floats(shape, config, 1)), other(memory.size());
  linnet::Network plain, network;
  linnet::Trainer plain_trainer, trainer;
  Diagnostics diagnostics;
  REQUIRE(plain.bind(shape, {copy.data(), frozen}, {copy.data() + frozen, copy.size() - frozen}, 1) == Status::ok);
  REQUIRE(network.bind(shape, {parameters.data(), frozen}, {parameters.data() + frozen, parameters.size() - frozen},
                       1) == Status::ok);
  REQUIRE(plain_trainer.bind(plain, config, {other.data(), other.size()}, kernels()) == Status::ok);
  REQUIRE(trainer.bind(network, config, {memory.data(), memory.size()}, kernels()) == Status::ok);
  REQUIRE(diagnostics.bind(trainer, {seen.data(), 3}, {room.data(), room.size()}) == Status::ok);
  for (int k = 0; k < 3; ++k) {
    REQUIRE(step(plain_trainer, data, false, 0, 4) == Status::ok);
    REQUIRE(step(diagnostics, data, false, 0, 4) == Status::ok);
  }
  CHECK(same_bits(parameters, copy));
  CHECK(seen[0].activations.max == 0.0f);
  CHECK(seen[0].update_ratio == 0.0f);
  CHECK(seen[1].activations.max > 0.0f);
  CHECK(seen[1].update_ratio > 0.0f);
}

TEST_CASE("diagnostics are refused memory that is not theirs") {
  Bench bench(kShape, {linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.1f), 4}, 1);
  std::vector<LayerDiagnostics> layers(3);
  std::vector<float> room(linnet::diagnostics_floats(kShape));
  Diagnostics diagnostics;
  linnet::Trainer unbound;
  const linnet::Span<LayerDiagnostics> seen(layers.data(), 3);
  const linnet::Span<float> memory(room.data(), room.size());
  LayerReport report[3];
  CHECK(diagnostics.report(report) == Status::not_bound);
  CHECK(step(diagnostics, Data(1, 6, 3, 1), true, 0, 1) == Status::not_bound);
  CHECK(diagnostics.layers().empty());
  diagnostics.begin_epoch();
  CHECK(diagnostics.bind(unbound, seen, memory) == Status::not_bound);
  CHECK(diagnostics.bind(bench.trainer, {}, memory) == Status::null_memory);
  CHECK(diagnostics.bind(bench.trainer, seen, {}) == Status::null_memory);
  CHECK(diagnostics.bind(bench.trainer, {layers.data(), 2}, memory) == Status::too_little_memory);
  CHECK(diagnostics.bind(bench.trainer, seen, {room.data(), room.size() - 1}) == Status::too_little_memory);
  CHECK(diagnostics.bind(bench.trainer, seen, {bench.parameters.data(), room.size()}) == Status::overlapping_memory);
  CHECK(diagnostics.bind(bench.trainer, seen, {bench.memory.data(), room.size()}) == Status::overlapping_memory);
  DiagnosticsSettings settings;
  settings.saturation = 1.0f;
  CHECK(diagnostics.bind(bench.trainer, seen, memory, settings) == Status::bad_setting);
  settings = {};
  settings.activation_range = {1.0f, 1.0f};
  CHECK(diagnostics.bind(bench.trainer, seen, memory, settings) == Status::bad_setting);
  CHECK(diagnostics.bind(bench.trainer, seen, memory) == Status::ok);
  CHECK(diagnostics.report({report, 2}) == Status::too_little_memory);
  CHECK(diagnostics.report({}) == Status::null_memory);
  CHECK(Diagnostics::take_step(&diagnostics, unbound, {}) == Status::not_bound);
  CHECK(Diagnostics::take_step(nullptr, unbound, {}) == Status::not_bound);
}

TEST_CASE("every verdict has a name of its own") {
  for (int a = 0; a < 9; ++a) {
    for (int b = 0; b < a; ++b) {
      CHECK(std::string(linnet::to_string(static_cast<Verdict>(a))) != linnet::to_string(static_cast<Verdict>(b)));
    }
  }
  CHECK(std::string(linnet::to_string(static_cast<Verdict>(9))) == "unknown verdict");
}

TEST_CASE("the deviation of gradients is seen where their squares are no floats any more") {
  const auto shape = linnet::topology(3, {{4, linnet::activation::identity}, {1, linnet::activation::identity}});
  Watched net(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 2}, 1);
  for (std::size_t i = 0; i < 4; ++i) net.network.weights(1)(0, i) = 1e-28f * static_cast<float>(i);
  const Data data(2, 3, 1, 9);
  const std::vector<OracleLook> wanted = oracle_looks(oracle_of(net.network, {"identity", "identity"}), data);
  REQUIRE(net.diagnostics.step(data.input_rows(), data.target_rows()) == Status::ok);
  const double deviation = wanted[1].input_gradients.deviation();
  CHECK(deviation < 1e-27);
  CHECK(static_cast<double>(net.diagnostics.layers()[1].input_gradients.stddev) / deviation ==
        doctest::Approx(1.0).epsilon(1e-5));
}
