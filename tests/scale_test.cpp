// Steps on badly scaled numbers: what is refused had a bound near its limit, what is taken leaves everything finite.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

// From the promise of trainer.hpp: sums of gradients stay below 2^120, gradients that a rule takes as they are and what
// decay adds to them below 2^48. All else must be a float.
const double kMaxSum = std::ldexp(1.0, 120), kMaxGradient = std::ldexp(1.0, 48), kMaxFloat = std::ldexp(1.0, 128);
// Of the limit. Seen over 855,000 steps: 0.51, where only the sums of magnitudes were near theirs, and 0.9999.
const double kLeastRefused = 0.25, kMostTaken = 2.0;

bool all_finite(linnet::Span<const float> floats) {
  return std::all_of(floats.begin(), floats.end(), [](float x) { return std::isfinite(x); });
}

double largest_of(const std::vector<double>& numbers) {
  double largest = 0.0;
  for (const double x : numbers) largest = std::fmax(largest, std::fabs(x));
  return largest;
}

struct NamedLoss {
  const char* name;
  linnet::Loss loss;
};

struct Problem {
  linnet::Topology topology;
  std::vector<std::string> activations;
  NamedLoss loss;
  NamedOptimizer optimizer;
  TrainerConfig config;
};

// A step in double precision, as far as the decision goes.
class Judge {
 public:
  Judge(const Problem& problem, const linnet::Network& network, const Data& data)
      : problem_(problem), layers_(oracle_of(network, problem.activations)), batch_(data.rows) {
    forward(data);
    const double slopes = lose(data);
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const double input = std::fmax(1.0, largest_of(a_[l]));
      sums_ = std::fmax(sums_, static_cast<double>(batch_) * input * largest_of(d_));
      if (l > 0) backward(l);
    }
    gradient_ = clipped(sums_ * slopes / static_cast<double>(batch_ * layers_.back().units));
    for (const OracleLayer& layer : layers_) {
      weight_ = std::fmax(weight_, std::fmax(largest_of(layer.w), largest_of(layer.b)));
    }
  }

  // What the bounds are of their limits; 1 or more must be refused.
  [[nodiscard]] double bound() const {
    const linnet::Optimizer& rule = problem_.optimizer.optimizer;
    double most = sums_ / kMaxSum;
    if (takes_gradients_as_they_are()) most = std::fmax(most, gradient_ / kMaxGradient);
    if (rule.descriptor == &linnet::descriptor::adamw || rule.descriptor == &linnet::descriptor::adamw_amsgrad) {
      return most;
    }
    return std::fmax(most, static_cast<double>(rule.weight_decay) * weight_ / kMaxGradient);
  }
  // The sums of magnitudes on the way there, of the largest float: above 1 they may be refused.
  [[nodiscard]] double on_the_way() const { return magnitudes_ / kMaxFloat; }
  // In single precision the slope may be another: a pre-activation is small beside its terms, or 1 - tanh^2 beside 1.
  [[nodiscard]] bool is_close() const { return close_; }

 private:
  [[nodiscard]] bool takes_gradients_as_they_are() const {
    namespace d = linnet::descriptor;
    const linnet::OptimizerDescriptor* rule = problem_.optimizer.optimizer.descriptor;
    return rule == &d::sgd || rule == &d::sgd_momentum || rule == &d::sgd_nesterov;
  }
  [[nodiscard]] double clipped(double bound) const {
    const double value = static_cast<double>(problem_.config.clip_value);
    const double norm = 1.001 * static_cast<double>(problem_.config.clip_norm);
    if (value > 0.0) bound = std::fmin(bound, value);
    return norm > 0.0 ? std::fmin(bound, norm) : bound;
  }

  // a_[l]: (batch, inputs) of layer l, z_[l]: (batch, units)
  void forward(const Data& data) {
    a_.emplace_back(data.x.begin(), data.x.end());
    for (const OracleLayer& layer : layers_) {
      std::vector<double> z(batch_ * layer.units), a(batch_ * layer.units);
      for (std::size_t b = 0; b < batch_; ++b) {
        for (std::size_t o = 0; o < layer.units; ++o) {
          double sum = layer.b[o], magnitudes = std::fabs(layer.b[o]);
          for (std::size_t i = 0; i < layer.inputs; ++i) {
            const double term = layer.w[o * layer.inputs + i] * a_.back()[b * layer.inputs + i];
            sum += term;
            magnitudes += std::fabs(term);
          }
          z[b * layer.units + o] = sum;
          a[b * layer.units + o] = oracle_activation(layer.activation, sum, layer.parameter);
          magnitudes_ = std::fmax(magnitudes_, magnitudes);
          close_ = close_ || std::fabs(sum) < 1e-5 * magnitudes;
          close_ = close_ || (layer.activation == "tanh" && std::fabs(sum) > 7.5 && std::fabs(sum) < 10.0);
        }
      }
      z_.push_back(z);
      a_.push_back(a);
    }
  }

  // d_: (batch, units) of the last layer, without the mean. Returns what the mean's share is multiplied by.
  double lose(const Data& data) {
    OracleTargets targets;
    targets.t.assign(data.t.begin(), data.t.end());
    const std::string name = problem_.loss.name;
    for (std::size_t k = 0; k < a_.back().size(); ++k) {
      const double error = a_.back()[k] - targets.t[k];
      const double sign = error > 0.0 ? 1.0 : error < 0.0 ? -1.0 : 0.0;
      d_.push_back(name == "mean_squared_error"                              ? error
                   : name != "mean_absolute_error" && std::fabs(error) < 1.0 ? error
                                                                             : sign);
    }
    const double elements = static_cast<double>(a_.back().size());
    magnitudes_ = std::fmax(magnitudes_, elements * oracle_loss(name, a_.back(), batch_, targets));
    return name == "mean_squared_error" ? 2.0 : 1.0;
  }

  static double derivative(const std::string& activation, double z) {
    if (activation == "relu") return z > 0.0 ? 1.0 : 0.0;
    if (activation == "tanh") return std::fabs(z) < 9.0 ? 1.0 / (std::cosh(z) * std::cosh(z)) : 0.0;
    return 1.0;
  }

  // From the unit gradients of layer l to those of the layer below.
  void backward(std::size_t l) {
    const OracleLayer& layer = layers_[l];
    std::vector<double> below(batch_ * layer.inputs);
    for (std::size_t b = 0; b < batch_; ++b) {
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        double sum = 0.0, magnitudes = 0.0;
        for (std::size_t o = 0; o < layer.units; ++o) {
          const double term = d_[b * layer.units + o] * layer.w[o * layer.inputs + i];
          sum += term;
          magnitudes += std::fabs(term);
        }
        const std::size_t k = b * layer.inputs + i;
        below[k] = sum * derivative(layers_[l - 1].activation, z_[l - 1][k]);
        magnitudes_ = std::fmax(magnitudes_, magnitudes);
      }
    }
    d_ = below;
  }

  const Problem& problem_;
  std::vector<OracleLayer> layers_;
  std::size_t batch_;
  std::vector<std::vector<double>> a_, z_;
  std::vector<double> d_;
  double magnitudes_ = 0.0, sums_ = 0.0, gradient_ = 0.0, weight_ = 0.0;
  bool close_ = false;
};

// 10^low to 10^high, and a sign for nothing: what is scaled has both.
float any_scale(linnet::Pcg32& random, double low, double high) {
  return static_cast<float>(std::pow(10.0, low + (high - low) * static_cast<double>(random.uniform())));
}

constexpr std::size_t kMostRows = 8;

Problem problem_of(const NamedOptimizer& optimizer, std::size_t clips, const NamedActivation& hidden,
                   const NamedLoss& loss, std::size_t depth, linnet::Pcg32& random) {
  Problem problem{{}, {}, loss, optimizer, {loss.loss, optimizer.optimizer, kMostRows}};
  problem.topology.inputs = 1 + random.below(6);
  problem.topology.layer_count = depth;
  for (std::size_t l = 0; l < depth; ++l) {
    const bool last = l + 1 == depth;
    const std::size_t units = 1 + random.below(last ? 3 : 20);
    problem.topology.layers[l] = {units, last ? linnet::activation::identity : hidden.activation};
    problem.activations.emplace_back(last ? "identity" : hidden.name);
  }
  const float clip = random.below(2) == 0 ? 1.0f : 1e16f;
  problem.config.clip_value = clips % 2 == 1 ? clip : 0.0f;
  problem.config.clip_norm = clips >= 2 ? clip : 0.0f;
  problem.config.gradients = clips >= 2 ? Gradients::kept : Gradients::fused;
  return problem;
}

// Every column of inputs and targets has a scale of its own, or all have the same.
struct Scales {
  std::vector<float> inputs, targets;
  Scales(std::size_t ins, std::size_t outs, linnet::Pcg32& random) : inputs(ins), targets(outs) {
    const bool mixed = random.below(2) == 0;
    for (float& scale : inputs) scale = mixed || &scale == inputs.data() ? any_scale(random, -12, 12) : inputs[0];
    for (float& scale : targets) scale = mixed || &scale == targets.data() ? any_scale(random, -12, 12) : targets[0];
  }
  [[nodiscard]] Data draw(std::size_t rows, std::uint64_t seed) const {
    Data data(rows, inputs.size(), targets.size(), seed);
    for (std::size_t k = 0; k < data.x.size(); ++k) data.x[k] *= inputs[k % inputs.size()];
    for (std::size_t k = 0; k < data.t.size(); ++k) data.t[k] *= targets[k % targets.size()];
    return data;
  }
};

struct Counts {
  std::size_t taken = 0, refused = 0;
};

void check_step(const Problem& problem, Bench& bench, const Data& data, Counts& counts) {
  const Judge judge(problem, bench.network, data);
  const std::vector<float> parameters = bench.parameters, state = bench.state();
  const std::uint64_t steps = bench.trainer.steps();
  const float loss = bench.trainer.loss();
  const Status status = bench.trainer.step(data.input_rows(), data.target_rows());
  CAPTURE(judge.bound());
  CAPTURE(judge.on_the_way());
  if (status == Status::ok) {
    ++counts.taken;
    CHECK((judge.bound() < kMostTaken || judge.is_close()));
    CHECK(std::isfinite(bench.trainer.loss()));
  } else {
    ++counts.refused;
    CHECK(status == Status::diverged);
    CHECK(std::fmax(judge.bound(), judge.on_the_way()) >= kLeastRefused);
    CHECK(same_bits(parameters, bench.parameters));
    CHECK(same_bits(state, bench.state()));
    CHECK(bench.trainer.steps() == steps);
    CHECK(bench.trainer.loss() == loss);
  }
  CHECK(all_finite({bench.parameters.data(), bench.parameters.size()}));
  CHECK(all_finite(bench.trainer.optimizer_state()));
}

// Every layer has a scale of its own.
void scale_layers(linnet::Network& network, linnet::Pcg32& random) {
  for (std::size_t l = 0; l < network.topology().layer_count; ++l) {
    const float scale = any_scale(random, -18, 18);
    const linnet::Matrix weights = network.weights(l);
    for (std::size_t k = 0; k < weights.size(); ++k) weights.data()[k] *= scale;
    for (float& bias : network.biases(l)) bias *= scale;
  }
}

void check_problem(const Problem& problem, linnet::Pcg32& random, Counts& counts) {
  Bench bench(problem.topology, problem.config, random.bits());
  REQUIRE(bench.status == Status::ok);
  if (random.below(2) == 0) scale_layers(bench.network, random);
  const Scales scales(problem.topology.inputs, problem.topology.outputs(), random);
  for (int step = 0; step < 8; ++step) {
    const std::size_t rows = 1 + random.below(kMostRows);
    check_step(problem, bench, scales.draw(rows, random.bits()), counts);
  }
}

}  // namespace

TEST_CASE(
    "S6: whatever the scales, a step is refused where its bound in double precision nears the limit, else taken") {
  namespace l = linnet::loss;
  const NamedLoss losses[] = {{"mean_squared_error", l::mean_squared_error},
                              {"huber", l::huber},
                              {"smooth_l1", l::smooth_l1},
                              {"mean_absolute_error", l::mean_absolute_error}};
  const NamedActivation hidden[] = {{"identity", linnet::activation::identity},
                                    {"relu", linnet::activation::relu},
                                    {"tanh", linnet::activation::tanh}};
  linnet::Pcg32 random(20);
  for (const NamedOptimizer& optimizer : optimizers()) {
    CAPTURE(std::string(optimizer.name));
    Counts counts;
    for (std::size_t k = 0; k < 3 * 4 * 27; ++k) {
      const std::size_t clips = k / 27 % 4;  // none, by value, by norm, both
      const NamedActivation& activation = hidden[k / 9 % 3];
      const NamedLoss& loss = losses[k / 3 % 3];
      CAPTURE(k);
      check_problem(problem_of(optimizer, clips, activation, loss, 1 + k % 3, random), random, counts);
    }
    CHECK(counts.taken > 1000);
    CHECK(counts.refused > 20);
  }
}
