#include "course.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace course {

using ln::Status;

// Streams of the generator: what one seed draws for one purpose says nothing about the others.
constexpr std::uint64_t kDataStream = 1;
constexpr std::uint64_t kSplitStream = 2;
constexpr std::uint64_t kWeightStream = 3;
constexpr std::uint64_t kOrderStream = 4;

const Row kRows[9] = {
    {"sigmoid_x3_default", {ln::activation::sigmoid, 3, Start::standard}, 0.03f, 20, 0.300},
    {"sigmoid_x3_xavier_uniform", {ln::activation::sigmoid, 3, Start::xavier_uniform}, 0.03f, 20, 0.697},
    {"tanh_x3_default", {ln::activation::tanh, 3, Start::standard}, 0.03f, 20, 0.626},
    {"tanh_x3_xavier_uniform", {ln::activation::tanh, 3, Start::xavier_uniform}, 0.03f, 20, 0.611},
    {"relu_x3_default", {ln::activation::relu, 3, Start::standard}, 0.001f, 20, 0.510},
    {"relu_x3_kaiming_uniform", {ln::activation::relu, 3, Start::kaiming_uniform}, 0.001f, 20, 0.662},
    {"relu_x3_kaiming_normal", {ln::activation::relu, 3, Start::kaiming_normal}, 0.001f, 20, 0.637},
    {"sigmoid_x4_default", {ln::activation::sigmoid, 4, Start::standard}, 0.03f, 40, 0.110},
    {"sigmoid_x4_xavier_uniform", {ln::activation::sigmoid, 4, Start::xavier_uniform}, 0.03f, 40, 0.736},
};

// ---- Statistics.

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

double quantile(const std::vector<double>& sorted_values, double share) {
  if (sorted_values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double at = share * static_cast<double>(sorted_values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted_values.size()) return sorted_values.back();
  const double part = at - static_cast<double>(below);
  return sorted_values[below] + part * (sorted_values[below + 1] - sorted_values[below]);
}

// ---- Data.

void Data::draw(std::uint64_t seed) {
  ln::Pcg32 random(seed, kDataStream);
  for (auto& row : x)
    for (float& value : row) value = random.normal();
  for (std::size_t k = 0; k < kSamples; ++k)
    y[k][0] = 2.0f * x[k][0] * x[k][0] - x[k][1] * x[k][1] + 0.01f * random.normal();
  ln::Pcg32 splits(seed, kSplitStream);
  static_cast<void>(ln::split(order, kTrain, splits, parts));  // arguments that it takes
}

void Data::standardize() {
  for (std::size_t i = 0; i < kInputs; ++i) {
    double sum = 0.0;
    double squares = 0.0;
    for (const auto& row : x) sum += static_cast<double>(row[i]);
    const double mean = sum / kSamples;
    for (const auto& row : x) squares += (static_cast<double>(row[i]) - mean) * (static_cast<double>(row[i]) - mean);
    const double deviation = std::sqrt(squares / (kSamples - 1));
    for (auto& row : x) row[i] = static_cast<float>((static_cast<double>(row[i]) - mean) / deviation);
  }
}

// ---- A run.

static Status draw_again(ln::Matrix weights, ln::Pcg32& random, Start start) {
  static constexpr ln::Initializer kStarts[] = {ln::initializer::linear_default, ln::initializer::xavier_uniform,
                                                ln::initializer::xavier_normal, ln::initializer::kaiming_uniform,
                                                ln::initializer::kaiming_normal};
  if (start == Start::standard) return Status::ok;
  return ln::initialize(weights, random, kStarts[static_cast<std::size_t>(start)]);
}

static ln::TopologyOf<kMostLayers> shape_of(const Model& model) {
  ln::TopologyOf<kMostLayers> shape{kInputs, model.hidden + 1, {}};
  for (std::size_t l = 0; l < model.hidden; ++l) shape.layers[l] = {4, model.activation};
  shape.layers[model.hidden] = {1, ln::activation::identity, model.hidden > 0};
  return shape;
}

Status Run::start(const Model& model, Data& data, std::uint64_t seed, float rate, const ln::Gradients& gradients) {
  static const ln::KernelTable& kernels = fastest_kernels();
  return start(model, data, seed, rate, gradients, kernels);
}

Status Run::start(const Model& model, Data& data, std::uint64_t seed, float rate, const ln::Gradients& gradients,
                  const ln::KernelTable& kernels) {
  data_ = &data;
  order_ = ln::Pcg32(seed, kOrderStream);
  topology_ = shape_of(model);
  if (auto s = network_.bind(topology_, parameters_); s != Status::ok) return s;
  ln::Pcg32 random(seed, kWeightStream);
  if (auto s = ln::initialize(network_, random, ln::initializer::linear_default); s != Status::ok) return s;
  for (std::size_t l = 0; l < layers(); ++l)
    if (auto s = draw_again(network_.weights(l), random, model.start); s != Status::ok) return s;
  const ln::TrainerConfig config{ln::loss::mean_squared_error, ln::optimizer::sgd(rate), kEvaluated, gradients};
  return trainer_.bind(network_, config, memory_, kernels);
}

// Seconds of five passes, the least of three tries.
static double seconds_on(const ln::KernelTable& kernels) {
  using Clock = std::chrono::steady_clock;
  static Data data;
  static Run run;
  data.draw(0);
  double least = std::numeric_limits<double>::infinity();
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto start = Clock::now();
    const Model model{ln::activation::sigmoid, 3, Start::standard};
    if (run.start(model, data, 0, 0.03f, ln::Gradients::fused, kernels) != Status::ok) return least;
    if (run.train(5) != Status::ok) return least;
    least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return least;
}

const ln::KernelTable& fastest_kernels() {
  const ln::KernelTable* room[ln::kMaxKernelTables];
  const ln::KernelTable* best = &ln::best_kernels();
  double least = std::numeric_limits<double>::infinity();
  for (const ln::KernelTable* table : ln::runnable_kernels(room)) {
    const double seconds = seconds_on(*table);
    if (seconds < least) {
      least = seconds;
      best = table;
    }
  }
  return *best;
}

Status Run::train(std::size_t passes, ln::StepCallback take_step, void* context) {
  const ln::FitPlan plan{passes, true, nullptr, nullptr, take_step, context};
  return ln::fit(trainer_, {data_->samples(), data_->parts.train, batch_, kBatch}, order_, plan);
}

Status Run::measure(ln::Span<std::uint32_t> part, float& mse) {
  return ln::evaluate(trainer_, {data_->samples(), part, batch_, kEvaluated}, mse);
}

std::vector<double> Run::flat(ln::ConstMatrix matrix) {
  std::vector<double> values;
  for (std::size_t o = 0; o < matrix.rows(); ++o)
    for (std::size_t i = 0; i < matrix.columns(); ++i) values.push_back(static_cast<double>(matrix(o, i)));
  return values;
}

double mean_magnitude(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += std::abs(value);
  return sum / static_cast<double>(values.size());
}

// ---- A row.

// The first plot points, until the run is done or diverges.
static Status train_to_points(Run& run, const Row& row, Outcome& outcome) {
  for (std::size_t point = 0; point < row.points; ++point) {
    if (auto s = run.train(point); s != Status::ok) return s;
    if (auto s = run.train_mse(outcome.train[point]); s != Status::ok) return s;
    if (auto s = run.test_mse(outcome.test[point]); s != Status::ok) return s;
  }
  return Status::ok;
}

Status run_row(const Row& row, std::uint64_t seed, Outcome& outcome) {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  static Data data;
  static Run run;
  outcome.train.assign(row.points, kNone);
  outcome.test.assign(row.points, kNone);
  data.draw(seed);
  if (auto s = run.start(row.model, data, seed, row.rate, ln::Gradients::fused); s != Status::ok) return s;
  if (auto s = train_to_points(run, row, outcome); s != Status::ok && s != Status::diverged) return s;
  outcome.final_train = outcome.train.back();
  outcome.final_test = outcome.test.back();
  outcome.best_train = kNone;
  for (const float mse : outcome.train)
    if (!(outcome.best_train <= mse) && mse == mse) outcome.best_train = mse;
  return Status::ok;
}

}  // namespace course
