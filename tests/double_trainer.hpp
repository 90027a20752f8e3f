// A trainer of multi-layer perceptrons in double precision, an oracle for whole runs. Written from PyTorch's documentation
// (torch.nn, torch.optim, torch.nn.utils.clip_grad_norm_) and the formulas of the headers, not from the library. Parameters
// and state lie in the order of the library, so that they can be compared and taken over.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "oracle.hpp"

namespace linnet_test {

// The derivative of oracle_activation() by z; at a kink PyTorch's.
inline double oracle_slope(const std::string& name, double z, double parameter) {
  const double s = 1.0 / (1.0 + std::exp(-z));
  if (name == "identity") return 1.0;
  if (name == "relu") return z > 0 ? 1.0 : 0.0;
  if (name == "leaky_relu") return z > 0 ? 1.0 : parameter;
  if (name == "relu6") return z > 0 && z < 6 ? 1.0 : 0.0;
  if (name == "elu") return z > 0 ? 1.0 : parameter * std::exp(z);
  if (name == "selu") return 1.0507009873554804934 * (z > 0 ? 1.0 : 1.6732632423543772848 * std::exp(z));
  if (name == "gelu") {
    return 0.5 * std::erfc(-z / std::sqrt(2.0)) + z * std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979323846);
  }
  if (name == "gelu_tanh") {
    const double c = std::sqrt(2.0 / 3.14159265358979323846);
    const double t = std::tanh(c * (z + 0.044715 * z * z * z));
    return 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * c * (1.0 + 3.0 * 0.044715 * z * z);
  }
  if (name == "silu") return s + z * s * (1.0 - s);
  if (name == "mish") {
    const double t = std::tanh(std::log1p(std::exp(z)));
    return t + z * (1.0 - t * t) * s;
  }
  if (name == "sigmoid") return s * (1.0 - s);
  if (name == "tanh") return 1.0 - std::tanh(z) * std::tanh(z);
  if (name == "softplus") return s;
  if (name == "softsign") return 1.0 / ((1.0 + std::fabs(z)) * (1.0 + std::fabs(z)));
  if (name == "hard_tanh") return z > -1 && z < 1 ? 1.0 : 0.0;
  if (name == "hard_sigmoid") return z > -3 && z < 3 ? 1.0 / 6.0 : 0.0;
  if (name == "hard_swish") return z < -3 ? 0.0 : z > 3 ? 1.0 : z / 3.0 + 0.5;
  return std::nan("");
}

inline double sign_of(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }

class DoubleTrainer {
 public:
  struct Layer {
    std::size_t inputs, units;
    std::string activation;
    double parameter;
    std::ptrdiff_t weights, by_unit, by_input;  // weight (o, i) is parameter weights + o * by_unit + i * by_input
    std::ptrdiff_t biases;                      // -1: none
  };

  std::vector<double> w;          // parameters
  std::vector<double> state;      // (slots, parameters)
  std::vector<double> gradients;  // of the last step, as the rule got them: clipped, with L2 decay

  // From the network's parameters and the trainer's state. `loss` as oracle_loss() has it, "optimizer" as to_string().
  DoubleTrainer(const linnet::Network& network, const linnet::Trainer& trainer,
                const std::vector<std::string>& activations)
      : config_(trainer.config()),
        loss_(linnet::to_string(linnet::id_of(config_.loss))),
        rule_(linnet::to_string(linnet::id_of(config_.optimizer))) {
    const linnet::TopologyView topology = network.topology();
    const float* first = network.trainable().data();
    for (std::size_t l = 0; l < topology.layer_count; ++l) {
      const linnet::ConstMatrix m = network.read_weights(l);
      const linnet::Span<const float> b = network.read_biases(l);
      layers_.push_back({m.columns(), m.rows(), activations[l],
                         static_cast<double>(topology.layers[l].activation.parameter), m.data() - first,
                         static_cast<std::ptrdiff_t>(m.row_stride()), static_cast<std::ptrdiff_t>(m.column_stride()),
                         b.empty() ? -1 : b.data() - first});
    }
    take_over(network, trainer);
  }

  // What the library has now, rounded as it is.
  void take_over(const linnet::Network& network, const linnet::Trainer& trainer) {
    w.assign(network.trainable().begin(), network.trainable().end());
    state.assign(trainer.optimizer_state().begin(), trainer.optimizer_state().end());
    steps_ = trainer.steps();
  }

  // One step. x: (batch, inputs); row_weights: (batch), or empty.
  void step(const std::vector<double>& x, std::size_t batch, const OracleTargets& targets,
            const std::vector<double>& row_weights) {
    find_gradients(x, batch, targets, row_weights);
    clip();
    ++steps_;
    for (std::size_t k = 0; k < w.size(); ++k) {
      update(k);
    }
  }

 private:
  double& weight(const Layer& layer, std::size_t o, std::size_t i, std::vector<double>& of) const {
    return of[static_cast<std::size_t>(layer.weights + static_cast<std::ptrdiff_t>(o) * layer.by_unit +
                                       static_cast<std::ptrdiff_t>(i) * layer.by_input)];
  }

  void find_gradients(const std::vector<double>& x, std::size_t batch, const OracleTargets& targets,
                      const std::vector<double>& row_weights) {
    std::vector<std::vector<double>> a{x}, z(1);
    for (const Layer& layer : layers_) {
      std::vector<double> sums(batch * layer.units), values(sums.size());
      for (std::size_t b = 0; b < batch; ++b) {
        for (std::size_t o = 0; o < layer.units; ++o) {
          double sum = layer.biases < 0 ? 0.0 : w[static_cast<std::size_t>(layer.biases) + o];
          for (std::size_t i = 0; i < layer.inputs; ++i) {
            sum += weight(layer, o, i, w) * a.back()[b * layer.inputs + i];
          }
          sums[b * layer.units + o] = sum;
          values[b * layer.units + o] = oracle_activation(layer.activation, sum, layer.parameter);
        }
      }
      z.push_back(sums);
      a.push_back(values);
    }
    std::vector<double> d = loss_slopes(z.back(), a.back(), batch, targets, row_weights);
    gradients.assign(w.size(), 0.0);
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const Layer& layer = layers_[l];
      if (l + 1 < layers_.size() || !from_logits()) {
        for (std::size_t k = 0; k < d.size(); ++k) {
          d[k] *= oracle_slope(layer.activation, z[l + 1][k], layer.parameter);
        }
      }
      std::vector<double> below(batch * layer.inputs, 0.0);
      for (std::size_t b = 0; b < batch; ++b) {
        for (std::size_t o = 0; o < layer.units; ++o) {
          const double unit = d[b * layer.units + o];
          if (layer.biases >= 0) {
            gradients[static_cast<std::size_t>(layer.biases) + o] += unit;
          }
          for (std::size_t i = 0; i < layer.inputs; ++i) {
            weight(layer, o, i, gradients) += unit * a[l][b * layer.inputs + i];
            below[b * layer.inputs + i] += unit * weight(layer, o, i, w);
          }
        }
      }
      d = below;
    }
  }

  [[nodiscard]] bool from_logits() const { return loss_ == "softmax_cross_entropy" || loss_ == "binary_cross_entropy"; }

  // The derivatives of the loss by the outputs, of cross-entropies by the logits: (batch, outputs).
  [[nodiscard]] std::vector<double> loss_slopes(const std::vector<double>& z, const std::vector<double>& y,
                                                std::size_t batch, const OracleTargets& targets,
                                                const std::vector<double>& row_weights) const {
    const std::size_t outputs = y.size() / batch;
    std::vector<double> d(y.size());
    double count = loss_ == "softmax_cross_entropy" ? 0.0 : static_cast<double>(y.size());
    for (std::size_t b = 0; b < batch; ++b) {
      const double row = row_weights.empty() ? 1.0 : row_weights[b];
      double sum = 0.0;
      double sum_of_q = 0.0;
      double top = z[b * outputs];
      for (std::size_t o = 0; o < outputs; ++o) top = std::fmax(top, z[b * outputs + o]);
      for (std::size_t o = 0; o < outputs; ++o) {
        sum += std::exp(z[b * outputs + o] - top);
        sum_of_q += q(b, o, outputs, targets);
      }
      if (loss_ == "softmax_cross_entropy") {
        count +=
            targets.labels.empty() || targets.class_weights.empty() ? 1.0 : targets.class_weights[targets.labels[b]];
      }
      for (std::size_t o = 0; o < outputs; ++o) {
        const std::size_t k = b * outputs + o;
        d[k] = row * (loss_ == "softmax_cross_entropy"
                          ? sum_of_q * std::exp(z[k] - top) / sum - q(b, o, outputs, targets)
                          : element_slope(loss_ == "binary_cross_entropy" ? z[k] : y[k], o, targets.t[k], targets));
      }
    }
    for (double& slope : d) slope /= count;
    return d;
  }

  // What the cross-entropy of a row weighs log p of a class with.
  [[nodiscard]] static double q(std::size_t b, std::size_t o, std::size_t outputs, const OracleTargets& targets) {
    const double t = targets.labels.empty() ? targets.t[b * outputs + o] : targets.labels[b] == o ? 1.0 : 0.0;
    const double smoothed = t * (1.0 - targets.smoothing) + targets.smoothing / static_cast<double>(outputs);
    return targets.class_weights.empty() ? smoothed : targets.class_weights[o] * smoothed;
  }

  [[nodiscard]] double element_slope(double y, std::size_t o, double t, const OracleTargets& targets) const {
    const double error = y - t;
    if (loss_ == "mean_squared_error") return 2.0 * error;
    if (loss_ == "mean_absolute_error") return sign_of(error);
    if (loss_ == "huber") return std::fabs(error) <= targets.delta ? error : targets.delta * sign_of(error);
    if (loss_ == "smooth_l1") return std::fabs(error) < targets.delta ? error / targets.delta : sign_of(error);
    const double p = targets.class_weights.empty() ? 1.0 : targets.class_weights[o];
    const double s = 1.0 / (1.0 + std::exp(-y));
    return (1.0 - t) * s - p * t * (1.0 - s);
  }

  void clip() {
    if (config_.clip_value > 0.0f) {
      const double most = static_cast<double>(config_.clip_value);
      for (double& g : gradients) g = std::fmin(std::fmax(g, -most), most);
    }
    if (config_.clip_norm > 0.0f) {
      double squares = 0.0;
      for (const double g : gradients) squares += g * g;
      const double factor = static_cast<double>(config_.clip_norm) / (std::sqrt(squares) + 1e-6);
      for (double& g : gradients) g *= std::fmin(factor, 1.0);
    }
  }

  void update(std::size_t k) {
    const linnet::Optimizer& o = config_.optimizer;
    const double rate = static_cast<double>(o.learning_rate), decay = static_cast<double>(o.weight_decay),
                 mu = static_cast<double>(o.momentum);
    const double beta2 = static_cast<double>(o.beta2), rest1 = static_cast<double>(o.one_minus_beta1),
                 rest2 = static_cast<double>(o.one_minus_beta2);
    const double epsilon = static_cast<double>(o.epsilon);
    const bool adamw = rule_.rfind("adamw", 0) == 0;
    double* const s0 = state.empty() ? nullptr : &state[k];
    double* const s1 = state.size() > w.size() ? &state[w.size() + k] : nullptr;
    double* const s2 = state.size() > 2 * w.size() ? &state[2 * w.size() + k] : nullptr;
    const double g = gradients[k] += adamw ? 0.0 : decay * w[k];
    if (rule_ == "sgd") {
      w[k] -= rate * g;
    } else if (rule_ == "sgd_momentum" || rule_ == "sgd_nesterov") {
      *s0 = mu * *s0 + g;
      w[k] -= rate * (rule_ == "sgd_nesterov" ? g + mu * *s0 : *s0);
    } else if (rule_.rfind("adam", 0) == 0) {
      if (adamw) w[k] *= 1.0 - rate * decay;
      *s0 = mu * *s0 + rest1 * g;
      *s1 = beta2 * *s1 + rest2 * g * g;
      double square = *s1;
      if (s2 != nullptr) square = *s2 = std::fmax(*s2, *s1);
      const double first = 1.0 - std::pow(mu, static_cast<double>(steps_)),
                   second = 1.0 - std::pow(beta2, static_cast<double>(steps_));
      w[k] -= rate / first * *s0 / (std::sqrt(square) / std::sqrt(second) + epsilon);
    } else if (rule_ == "rmsprop" || rule_ == "rmsprop_momentum") {
      *s0 = beta2 * *s0 + rest2 * g * g;
      const double change = g / (std::sqrt(*s0) + epsilon);
      if (s1 != nullptr) *s1 = mu * *s1 + change;
      w[k] -= rate * (s1 != nullptr ? *s1 : change);
    } else if (rule_ == "adagrad") {
      *s0 += g * g;
      w[k] -= rate * g / (std::sqrt(*s0) + epsilon);
    } else {  // rprop: the gradient before, the step size
      const double agreement = sign_of(g) * sign_of(*s0);
      const double factor = agreement > 0   ? static_cast<double>(o.eta_plus)
                            : agreement < 0 ? static_cast<double>(o.eta_minus)
                                            : 1.0;
      *s1 = std::fmin(std::fmax(*s1 * factor, static_cast<double>(o.min_step)), static_cast<double>(o.max_step));
      *s0 = agreement < 0 ? 0.0 : g;
      w[k] -= sign_of(*s0) * *s1;
    }
  }

  linnet::TrainerConfig config_;
  std::string loss_, rule_;
  std::vector<Layer> layers_;
  std::uint64_t steps_ = 0;
};

}  // namespace linnet_test
