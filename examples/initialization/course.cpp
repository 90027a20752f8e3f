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

const StartName kStartNames[kStarts] = {{"default", "default"},
                                        {"xavier_uniform", "Xavier uniform"},
                                        {"xavier_normal", "Xavier normal"},
                                        {"kaiming_uniform", "Kaiming uniform"},
                                        {"kaiming_normal", "Kaiming normal"},
                                        {"kaiming_uniform_fan_out", "Kaiming uniform, fan_out"},
                                        {"kaiming_normal_fan_out", "Kaiming normal, fan_out"},
                                        {"orthogonal", "orthogonal"},
                                        {"zeros", "all zero"}};

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

static ln::Initializer initializer_of(const Model& model) {
  const float gain = model.activation.descriptor == ln::activation::leaky_relu.descriptor
                         ? ln::gain(model.activation)
                         : ln::initializer::kaiming_uniform.gain;
  switch (model.start) {
    case Start::xavier_uniform:
      return ln::initializer::xavier_uniform;
    case Start::xavier_normal:
      return ln::initializer::xavier_normal;
    case Start::kaiming_uniform:
      return ln::initializer::kaiming_uniform.with_gain(gain);
    case Start::kaiming_normal:
      return ln::initializer::kaiming_normal.with_gain(gain);
    case Start::kaiming_uniform_fan_out:
      return ln::initializer::kaiming_uniform.with_gain(gain).with_mode(ln::Mode::fan_out);
    case Start::kaiming_normal_fan_out:
      return ln::initializer::kaiming_normal.with_gain(gain).with_mode(ln::Mode::fan_out);
    case Start::orthogonal:
      return ln::initializer::orthogonal;
    case Start::zeros:
      return ln::initializer::zeros;
    case Start::standard:
      break;
  }
  return ln::initializer::linear_default;
}

static Status draw(ln::Network& network, const Model& model, ln::Pcg32& random) {
  const ln::Initializer again = initializer_of(model);
  if (auto s = ln::initialize(network, random, ln::initializer::linear_default); s != Status::ok) return s;
  if (model.start == Start::standard) return Status::ok;
  if (model.start == Start::zeros) return ln::initialize(network, random, again);
  for (std::size_t l = 0; l <= model.hidden; ++l)
    if (auto s = ln::initialize(network.weights(l), random, again); s != Status::ok) return s;
  return Status::ok;
}

static ln::TopologyOf<kMostLayers> shape_of(const Model& model) {
  ln::TopologyOf<kMostLayers> shape{kInputs, model.hidden + 1, {}};
  for (std::size_t l = 0; l < model.hidden; ++l) shape.layers[l] = {model.units[l], model.activation, model.biases};
  shape.layers[model.hidden] = {1, ln::activation::identity, model.biases && model.hidden > 0};
  return shape;
}

Status Run::start(const Model& model, Data& data, std::uint64_t seed, const ln::Optimizer& optimizer,
                  const ln::Gradients& gradients) {
  static const ln::KernelTable& kernels = fastest_kernels();
  return start(model, data, seed, optimizer, gradients, kernels);
}

Status Run::start(const Model& model, Data& data, std::uint64_t seed, const ln::Optimizer& optimizer,
                  const ln::Gradients& gradients, const ln::KernelTable& kernels) {
  data_ = &data;
  order_ = ln::Pcg32(seed, kOrderStream);
  topology_ = shape_of(model);
  const ln::TrainerConfig config{ln::loss::mean_squared_error, optimizer, kEvaluated, gradients};
  parameters_.assign(ln::parameter_floats(topology_), 0.0f);
  memory_.assign(ln::trainer_floats(topology_, config), 0.0f);
  if (auto s = network_.bind(topology_, parameters_); s != Status::ok) return s;
  ln::Pcg32 random(seed, kWeightStream);
  if (auto s = draw(network_, model, random); s != Status::ok) return s;
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
    if (run.start(model, data, 0, ln::optimizer::sgd(0.03f), ln::Gradients::fused, kernels) != Status::ok) return least;
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

Status Run::activations(std::size_t l, std::vector<float>& values) const {
  const ln::TopologyView lower{kInputs, {topology_.layers, l + 1}};
  const ln::Span<const float> parameters{parameters_.data(), ln::parameter_floats(lower)};
  std::vector<float> scratch(ln::predictor_floats(lower));
  ln::Predictor predictor;
  if (auto s = predictor.bind(lower, parameters, scratch); s != Status::ok) return s;
  values.assign(kSamples * lower.outputs(), 0.0f);
  return predictor.predict(data_->x, {values.data(), kSamples, lower.outputs()});
}

double mean_magnitude(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += std::abs(value);
  return sum / static_cast<double>(values.size());
}

}  // namespace course
