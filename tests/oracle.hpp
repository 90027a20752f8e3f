// A naive multi-layer perceptron in double precision: the oracle. Written from the formulas, not from the library.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

namespace linnet_test {

inline double oracle_activation(const std::string& name, double z, double parameter) {
  const auto clamp = [](double x, double low, double high) { return x < low ? low : x > high ? high : x; };
  const auto sigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  if (name == "identity") return z;
  if (name == "relu") return z > 0 ? z : 0;
  if (name == "leaky_relu") return z > 0 ? z : parameter * z;
  if (name == "relu6") return clamp(z, 0, 6);
  if (name == "elu") return z > 0 ? z : parameter * std::expm1(z);
  if (name == "selu") return 1.0507009873554804934 * (z > 0 ? z : 1.6732632423543772848 * std::expm1(z));
  if (name == "gelu") return z * 0.5 * std::erfc(-z / std::sqrt(2.0));
  if (name == "gelu_tanh") {
    return 0.5 * z * (1.0 + std::tanh(std::sqrt(2.0 / 3.14159265358979323846) * (z + 0.044715 * z * z * z)));
  }
  if (name == "silu") return z * sigmoid(z);
  if (name == "mish") return z * std::tanh(std::log1p(std::exp(z)));
  if (name == "sigmoid") return sigmoid(z);
  if (name == "tanh") return std::tanh(z);
  if (name == "softplus") return z > 30 ? z : std::log1p(std::exp(z));
  if (name == "softsign") return z / (1.0 + std::fabs(z));
  if (name == "hard_tanh") return clamp(z, -1, 1);
  if (name == "hard_sigmoid") return clamp(z + 3, 0, 6) / 6;
  if (name == "hard_swish") return z * clamp(z + 3, 0, 6) / 6;
  return std::nan("");
}

// What a loss needs of one batch; t or labels, as the loss takes them.
struct OracleTargets {
  std::vector<double> t;
  std::vector<std::uint16_t> labels;
  std::vector<double> class_weights;
  double delta = 1.0, smoothing = 0.0;
};

inline double oracle_cross_entropy(const double* z, std::size_t outputs, std::size_t b, const OracleTargets& targets,
                                   double& weight) {
  double top = z[0];
  for (std::size_t o = 1; o < outputs; ++o) top = std::fmax(top, z[o]);
  double sum = 0.0;
  for (std::size_t o = 0; o < outputs; ++o) sum += std::exp(z[o] - top);
  double loss = 0.0;
  const auto w = [&](std::size_t o) { return targets.class_weights.empty() ? 1.0 : targets.class_weights[o]; };
  for (std::size_t o = 0; o < outputs; ++o) {
    const double target = targets.labels.empty() ? targets.t[b * outputs + o] : (targets.labels[b] == o ? 1.0 : 0.0);
    const double q = target * (1.0 - targets.smoothing) + targets.smoothing / static_cast<double>(outputs);
    loss += w(o) * q * (std::log(sum) - (z[o] - top));
  }
  weight = targets.labels.empty() ? 1.0 : w(targets.labels[b]);
  return loss;
}

// The loss of a batch. y: (batch, outputs) what the network gives, logits for the cross-entropies.
inline double oracle_loss(const std::string& name, const std::vector<double>& y, std::size_t batch,
                          const OracleTargets& targets) {
  const std::size_t outputs = y.size() / batch;
  double sum = 0.0;
  double weights = 0.0;
  if (name == "softmax_cross_entropy") {
    for (std::size_t b = 0; b < batch; ++b) {
      double weight = 0.0;
      sum += oracle_cross_entropy(&y[b * outputs], outputs, b, targets, weight);
      weights += weight;
    }
    return sum / weights;
  }
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double e = std::fabs(y[k] - targets.t[k]);
    if (name == "mean_squared_error") sum += e * e;
    if (name == "mean_absolute_error") sum += e;
    if (name == "huber") sum += e <= targets.delta ? 0.5 * e * e : targets.delta * (e - 0.5 * targets.delta);
    if (name == "smooth_l1") sum += e < targets.delta ? 0.5 * e * e / targets.delta : e - 0.5 * targets.delta;
    if (name == "binary_cross_entropy") {
      const double p = targets.class_weights.empty() ? 1.0 : targets.class_weights[k % outputs];
      const double rest = std::log1p(std::exp(-std::fabs(y[k])));
      sum += p * targets.t[k] * (std::fmax(-y[k], 0.0) + rest) + (1.0 - targets.t[k]) * (std::fmax(y[k], 0.0) + rest);
    }
  }
  return sum / static_cast<double>(y.size());
}

struct OracleLayer {
  std::size_t inputs, units;
  std::string activation;
  double parameter;
  std::vector<double> w, b;  // (units, inputs), (units)
};

// The network's output, without the activation of the last layer if `logits`.
inline std::vector<double> oracle_forward(const std::vector<OracleLayer>& layers, std::vector<double> x,
                                          std::size_t batch, bool logits) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const OracleLayer& layer = layers[l];
    std::vector<double> y(batch * layer.units);
    for (std::size_t b = 0; b < batch; ++b) {
      for (std::size_t o = 0; o < layer.units; ++o) {
        double z = layer.b.empty() ? 0.0 : layer.b[o];
        for (std::size_t i = 0; i < layer.inputs; ++i) z += layer.w[o * layer.inputs + i] * x[b * layer.inputs + i];
        y[b * layer.units + o] =
            logits && l + 1 == layers.size() ? z : oracle_activation(layer.activation, z, layer.parameter);
      }
    }
    x = y;
  }
  return x;
}

// The parameters of a network, taken over into double.
inline std::vector<OracleLayer> oracle_of(const linnet::Network& network, const std::vector<std::string>& activations) {
  std::vector<OracleLayer> layers;
  for (std::size_t l = 0; l < network.topology().layer_count; ++l) {
    const linnet::ConstMatrix w = network.read_weights(l);
    OracleLayer layer{
        w.columns(), w.rows(), activations[l], static_cast<double>(network.topology().layers[l].activation.parameter),
        {},          {}};
    for (std::size_t o = 0; o < w.rows(); ++o) {
      for (std::size_t i = 0; i < w.columns(); ++i) layer.w.push_back(static_cast<double>(w(o, i)));
    }
    for (const float bias : network.read_biases(l)) layer.b.push_back(static_cast<double>(bias));
    layers.push_back(layer);
  }
  return layers;
}

}  // namespace linnet_test
