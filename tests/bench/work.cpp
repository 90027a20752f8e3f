#include "work.hpp"

#include <cmath>

namespace bench {
namespace {

constexpr auto kTanh = Hidden::tanh;
constexpr auto kRelu = Hidden::relu;
constexpr auto kClasses = Loss::softmax_cross_entropy;
constexpr auto kSquares = Loss::mean_squared_error;

const std::vector<Work> kAll = {
    {"W1-step", 3, {4, 16, 16, 3}, kTanh, kClasses, Rule::sgd, 1, 0.01f},
    {"W1-adam", 3, {4, 16, 16, 3}, kTanh, kClasses, Rule::adam, 1, 1e-3f},
    {"W1-inference", 3, {4, 16, 16, 3}, kTanh, kClasses, Rule::inference, 1, 0.0f},
    {"W2-adam", 3, {64, 64, 32, 10}, kRelu, kClasses, Rule::adam, 32, 1e-3f},
    {"W3-momentum", 3, {784, 128, 64, 10}, kRelu, kClasses, Rule::momentum, 64, 0.01f},
    {"W3-adam", 3, {784, 128, 64, 10}, kRelu, kClasses, Rule::adam, 64, 1e-3f},
    {"W3-inference", 3, {784, 128, 64, 10}, kRelu, kClasses, Rule::inference, 1, 0.0f},
    {"W4-adam", 4, {256, 512, 512, 256, 10}, kRelu, kClasses, Rule::adam, 128, 1e-3f},
    {"W5-momentum", 3, {784, 512, 512, 10}, kRelu, kClasses, Rule::momentum, 128, 0.01f},
    {"W5-adam", 3, {784, 512, 512, 10}, kRelu, kClasses, Rule::adam, 128, 1e-3f},
    {"W6-adam", 3, {1024, 1024, 1024, 10}, kRelu, kClasses, Rule::adam, 128, 1e-3f},
    {"RL-adam", 3, {3, 64, 64, 1}, kRelu, kSquares, Rule::adam, 256, 1e-3f},
};

// SplitMix64 (Steele, Lea, Flood 2014): numbers of the benchmark's own, none of Linnet's.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  float uniform(float low, float high) {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return low + (high - low) * static_cast<float>((z ^ (z >> 31)) >> 40) * 0x1p-24f;
  }

 private:
  std::uint64_t state_;
};

// Xavier's bound before tanh, Kaiming's before ReLU; small biases.
void draw_parameters(const Work& work, Random& random, float* to) {
  for (std::size_t l = 0; l < work.layers; ++l) {
    const std::size_t inputs = work.widths[l];
    const std::size_t units = work.widths[l + 1];
    const bool relu = work.hidden == Hidden::relu && l + 1 < work.layers;
    const float bound = std::sqrt(6.0f / static_cast<float>(relu ? inputs : inputs + units));
    for (std::size_t k = 0; k < units * inputs; ++k) *to++ = random.uniform(-bound, bound);
    for (std::size_t o = 0; o < units; ++o) *to++ = random.uniform(-0.1f, 0.1f);
  }
}

// The class whose random direction the row lies along most; one row in ten has any class, so that no network learns
// the rows by heart within a sample and gradients stay what they are in training.
std::uint16_t draw_label(const Work& work, const float* row, const std::vector<float>& directions, Random& random) {
  std::size_t best = 0;
  float most = -1e30f;
  for (std::size_t o = 0; o < work.outputs(); ++o) {
    float sum = 0.0f;
    for (std::size_t i = 0; i < work.inputs(); ++i) sum += row[i] * directions[o * work.inputs() + i];
    if (sum > most) {
      most = sum;
      best = o;
    }
  }
  if (random.uniform(0.0f, 1.0f) < 0.1f) {
    best = static_cast<std::size_t>(random.uniform(0.0f, 1.0f) * static_cast<float>(work.outputs()));
  }
  return static_cast<std::uint16_t>(best);
}

}  // namespace

const std::vector<Work>& all_work() { return kAll; }

double matrix_operations(const Work& work) {
  double products = 0.0;
  for (std::size_t l = 0; l < work.layers; ++l) {
    const double times = work.rule == Rule::inference ? 1.0 : l == 0 ? 2.0 : 3.0;
    products += times * static_cast<double>(work.widths[l] * work.widths[l + 1] * work.batch);
  }
  return 2.0 * products;
}

Supply::Supply(const Work& work)
    : batches_(work.batch == 1 ? 1024 : 8),
      parameters_(std::make_unique<Floats>(parameter_count(work))),
      inputs_(std::make_unique<Floats>(batches_ * work.batch * work.inputs())),
      targets_(std::make_unique<Floats>(batches_ * work.batch * work.outputs())),
      labels_(batches_ * work.batch) {
  Random random(42);
  draw_parameters(work, random, parameters_->data());
  std::vector<float> directions(work.outputs() * work.inputs());
  for (float& d : directions) d = random.uniform(-1.0f, 1.0f);
  for (std::size_t b = 0; b < labels_.size(); ++b) {
    float* row = inputs_->data() + b * work.inputs();
    for (std::size_t i = 0; i < work.inputs(); ++i) row[i] = random.uniform(-1.0f, 1.0f);
    labels_[b] = draw_label(work, row, directions, random);
    for (std::size_t o = 0; o < work.outputs(); ++o) {
      (*targets_)[b * work.outputs() + o] = std::sin(3.0f * row[0]) + random.uniform(-0.1f, 0.1f);
    }
  }
}

}  // namespace bench
