// Two losses that people bring along, a quantile regression and a policy gradient, against a small trainer in double
// precision that is written from PyTorch's formulas and shares nothing with the library but the first weights.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;

namespace {

// Tanh in all layers but the last, which is linear; torch.optim.Adam with its defaults.
class DoubleTrainer {
 public:
  explicit DoubleTrainer(std::vector<OracleLayer> layers) : layers_(std::move(layers)) {
    for (const OracleLayer& layer : layers_) {
      moments_.emplace_back(2 * (layer.w.size() + layer.b.size()));
    }
  }

  // What the network gives for x: (batch, inputs)
  std::vector<double> forward(const std::vector<double>& x, std::size_t batch) {
    batch_ = batch;
    activations_ = {x};
    for (const OracleLayer& layer : layers_) {
      const std::vector<double>& in = activations_.back();
      std::vector<double> out(batch * layer.units);
      for (std::size_t b = 0; b < batch; ++b) {
        for (std::size_t o = 0; o < layer.units; ++o) {
          double z = layer.b[o];
          for (std::size_t i = 0; i < layer.inputs; ++i) z += layer.w[o * layer.inputs + i] * in[b * layer.inputs + i];
          out[b * layer.units + o] = &layer == &layers_.back() ? z : std::tanh(z);
        }
      }
      activations_.push_back(out);
    }
    return activations_.back();
  }

  // loss.backward() and optimizer.step(), from the derivatives of the loss by every output
  void step(std::vector<double> d, double rate) {
    ++steps_;
    for (std::size_t l = layers_.size(); l-- > 0;) {
      OracleLayer& layer = layers_[l];
      const std::vector<double>& in = activations_[l];
      std::vector<double> d_w(layer.w.size()), d_b(layer.b.size()), d_in(in.size());
      for (std::size_t b = 0; b < batch_; ++b) {
        for (std::size_t o = 0; o < layer.units; ++o) {
          const double d_z = d[b * layer.units + o];
          d_b[o] += d_z;
          for (std::size_t i = 0; i < layer.inputs; ++i) {
            const double a = in[b * layer.inputs + i];
            d_w[o * layer.inputs + i] += d_z * a;
            d_in[b * layer.inputs + i] += d_z * layer.w[o * layer.inputs + i] * (l > 0 ? 1.0 - a * a : 1.0);
          }
        }
      }
      adam(layer.w, d_w, moments_[l], 0, rate);
      adam(layer.b, d_b, moments_[l], 2 * layer.w.size(), rate);
      d = d_in;
    }
  }

  [[nodiscard]] const std::vector<OracleLayer>& layers() const { return layers_; }

 private:
  void adam(std::vector<double>& w, const std::vector<double>& g, std::vector<double>& moments, std::size_t at,
            double rate) const {
    for (std::size_t k = 0; k < w.size(); ++k) {
      double& m = moments[at + 2 * k];
      double& v = moments[at + 2 * k + 1];
      m = 0.9 * m + 0.1 * g[k];
      v = 0.999 * v + 0.001 * g[k] * g[k];
      w[k] -= rate / (1.0 - std::pow(0.9, steps_)) * m / (std::sqrt(v / (1.0 - std::pow(0.999, steps_))) + 1e-8);
    }
  }

  std::vector<OracleLayer> layers_;
  std::vector<std::vector<double>> activations_;  // of every layer, the inputs first
  std::vector<std::vector<double>> moments_;
  std::size_t batch_ = 0;
  int steps_ = 0;
};

// The derivatives of a loss by the outputs y: (batch, outputs) of the batch that begins at row `first`; once in float,
// for the library, once in double.
template <class T>
using Slopes = std::function<std::vector<T>(const std::vector<T>& y, std::size_t first)>;

constexpr std::size_t kRows = 8;
constexpr float kRate = 0.01f;

// `steps` steps of 5-9-`outputs` both ways on batches of 8; the largest difference of a weight, in its root mean square.
double worst_weight(const Data& data, std::size_t outputs, int steps, float share, const Slopes<float>& in_float,
                    const Slopes<double>& in_double) {
  const auto shape = linnet::topology(5, {{9, linnet::activation::tanh}, {outputs, linnet::activation::identity}});
  Bench bench(shape, {linnet::loss::own, linnet::optimizer::adam(kRate), kRows}, 3);
  REQUIRE(bench.status == Status::ok);
  DoubleTrainer oracle(oracle_of(bench.network, {"tanh", "identity"}));
  for (int k = 0; k < steps; ++k) {
    const std::size_t first = static_cast<std::size_t>(k) * kRows % data.rows;
    const linnet::ConstRows x = data.input_rows().rows(first, kRows);
    std::vector<float> y(kRows * outputs);
    REQUIRE(bench.trainer.forward(x, {y.data(), kRows, outputs}) == Status::ok);
    const std::vector<float> d = in_float(y, first);
    REQUIRE(bench.trainer.step_from(x, {d.data(), kRows, outputs}, share) == Status::ok);
    oracle.step(in_double(oracle.forward({x.data(), x.data() + kRows * 5}, kRows), first), static_cast<double>(kRate));
  }
  const std::vector<OracleLayer> found = oracle_of(bench.network, {"tanh", "identity"});
  double worst = 0.0;
  double squares = 0.0;
  double count = 0.0;
  const auto compare = [&](const std::vector<double>& ours, const std::vector<double>& theirs) {
    for (std::size_t k = 0; k < ours.size(); ++k) {
      worst = std::fmax(worst, std::fabs(ours[k] - theirs[k]));
      squares += theirs[k] * theirs[k];
      count += 1.0;
    }
  };
  for (std::size_t l = 0; l < found.size(); ++l) {
    compare(found[l].w, oracle.layers()[l].w);
    compare(found[l].b, oracle.layers()[l].b);
  }
  return worst / std::sqrt(squares / count);
}

}  // namespace

// torch.max((q - 1) * (t - y), q * (t - y)).mean(): its derivative by y is 1 - q where y > t, else -q, over all elements.
TEST_CASE("a quantile regression with an own loss is what PyTorch's formulas give in double precision") {
  constexpr std::size_t kOutputs = 3;
  const double quantiles[kOutputs] = {0.125, 0.5, 0.875};
  const Data data(40, 5, kOutputs, 21);
  const auto slopes = [&](auto factor) {
    using T = decltype(factor);
    return Slopes<T>([&data, quantiles, factor](const std::vector<T>& y, std::size_t first) {
      std::vector<T> d(y.size());
      for (std::size_t k = 0; k < y.size(); ++k) {
        const T q = static_cast<T>(quantiles[k % kOutputs]);
        d[k] = factor * (y[k] > static_cast<T>(data.t[first * kOutputs + k]) ? T(1) - q : -q);
      }
      return d;
    });
  };
  const double n = kRows * kOutputs;
  // 100 steps of Adam, each of which rounds a weight a few times at 2^-24
  CHECK(worst_weight(data, kOutputs, 100, 1.0f / static_cast<float>(n), slopes(1.0f), slopes(1.0 / n)) < 1e-5);
}

// -(Categorical(logits=y).log_prob(action) * reward).mean(): its derivative by y is (softmax(y) - [o = action]) reward / n.
TEST_CASE("a policy gradient with an own loss is what PyTorch's formulas give in double precision") {
  constexpr std::size_t kActions = 4;
  const Data data(40, 5, kActions, 22);
  const std::vector<float> rewards = random_floats(40, 23);
  const auto slopes = [&](auto factor) {
    using T = decltype(factor);
    return Slopes<T>([&data, &rewards, factor](const std::vector<T>& y, std::size_t first) {
      std::vector<T> d(y.size());
      for (std::size_t b = 0; b < kRows; ++b) {
        const T* row = &y[b * kActions];
        T sum = 0;
        for (std::size_t o = 0; o < kActions; ++o) sum += std::exp(row[o]);
        for (std::size_t o = 0; o < kActions; ++o) {
          const T taken = data.labels[first + b] == o ? T(1) : T(0);
          d[b * kActions + o] = factor * (std::exp(row[o]) / sum - taken) * static_cast<T>(rewards[first + b]);
        }
      }
      return d;
    });
  };
  CHECK(worst_weight(data, kActions, 100, 1.0f / kRows, slopes(1.0f), slopes(1.0 / kRows)) < 1e-5);
}
