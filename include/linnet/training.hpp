#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// What the library knows of one loss; each lives in a file of its own, and naming it is what links it.
struct LossDescriptor;
/// The same of one optimizer.
struct OptimizerDescriptor;
/// The same of kept gradients.
struct GradientsDescriptor;

namespace descriptor {
extern const LossDescriptor mean_squared_error, mean_absolute_error, huber, smooth_l1, binary_cross_entropy,
    softmax_cross_entropy, weighted_softmax_cross_entropy, own, weighted_binary_cross_entropy,
    ignoring_softmax_cross_entropy;
extern const OptimizerDescriptor sgd, sgd_momentum, sgd_nesterov, adam, adamw, rmsprop, rmsprop_momentum, adagrad,
    rprop, adam_amsgrad, adamw_amsgrad;
extern const GradientsDescriptor kept_gradients;
}  // namespace descriptor

/// A loss, averaged as PyTorch averages it: over all elements of the batch, softmax cross-entropy over the rows.
/// Label smoothing and class weights have a descriptor of their own, so that a program without them does not carry
/// them. The functions below see to it; smoothing or weights that the descriptor does not know end in bad_config, a
/// delta in bad_hyperparameter, for they would do nothing. So does softmax cross-entropy over one output: bad_config.
struct Loss {
  /// Which one it is; null: bind() returns bad_config.
  const LossDescriptor* descriptor;
  float delta = 0.0f;            ///< huber, smooth_l1 (its beta): where the square turns into a line; in [1e-6, 1e6]
  float label_smoothing = 0.0f;  ///< softmax_cross_entropy: in [0, 1]
  Span<const float>
      class_weights{};  ///< softmax_cross_entropy: one per output, 0 or in [1e-6, 1e6], lent; empty = all 1
                        ///< A batch of labels that all weigh 0 has loss 0 and gradient 0.
                        ///< binary_cross_entropy: its positive weights, one per output in the same range, lent

  /// The same with another delta: huber.
  [[nodiscard]] constexpr Loss with_delta(float value) const noexcept {
    return {descriptor, value, label_smoothing, class_weights};
  }
  /// The same for smooth_l1, whose beta it is.
  [[nodiscard]] constexpr Loss with_beta(float value) const noexcept { return with_delta(value); }
  /// The same with label smoothing: softmax_cross_entropy.
  [[nodiscard]] constexpr Loss with_label_smoothing(float value) const noexcept {
    return {weighted(), delta, value, class_weights};
  }
  /// The same with a weight for each class: softmax_cross_entropy. They stay where they are while a trainer is bound.
  [[nodiscard]] constexpr Loss with_class_weights(Span<const float> weights) const noexcept {
    return {is_weighted_binary() ? nullptr : weighted(), delta, label_smoothing, weights};
  }
  /// Refused when compiled: the weights are kept, not copied, and a temporary ends with the call.
  template <class C, class = container::IfTemporary<C>>
  constexpr Loss with_class_weights(C&&) const noexcept {
    return refuse_temporary<C, Loss>();
  }
  /// Binary cross-entropy whose positive targets weigh p, PyTorch's pos_weight: one p per output. Of another loss bind()
  /// returns bad_config; with label smoothing, or where they are not one per output and in range, bad_hyperparameter.
  [[nodiscard]] constexpr Loss with_positive_weights(Span<const float> weights) const noexcept {
    const bool knows_them = descriptor == &descriptor::binary_cross_entropy || is_weighted_binary();
    return {knows_them ? &descriptor::weighted_binary_cross_entropy : nullptr, delta, label_smoothing, weights};
  }
  /// Refused when compiled, as above.
  template <class C, class = container::IfTemporary<C>>
  constexpr Loss with_positive_weights(C&&) const noexcept {
    return refuse_temporary<C, Loss>();
  }
  /// Softmax cross-entropy that passes over rows whose label is kIgnored, as PyTorch's ignore_index: they count neither in
  /// the sum nor in the mean, and a batch of no others has loss 0 and gradient 0. Of another loss bind() returns
  /// bad_config.
  [[nodiscard]] constexpr Loss with_ignored_labels() const noexcept {
    const bool softmax = descriptor == &descriptor::softmax_cross_entropy ||
                         descriptor == &descriptor::weighted_softmax_cross_entropy ||
                         descriptor == &descriptor::ignoring_softmax_cross_entropy;
    return {softmax ? &descriptor::ignoring_softmax_cross_entropy : nullptr, delta, label_smoothing, class_weights};
  }

 private:
  [[nodiscard]] constexpr bool is_weighted_binary() const noexcept {
    return descriptor == &descriptor::weighted_binary_cross_entropy;
  }
  [[nodiscard]] constexpr const LossDescriptor* weighted() const noexcept {
    return descriptor == &descriptor::softmax_cross_entropy ? &descriptor::weighted_softmax_cross_entropy : descriptor;
  }
};

/// The losses; y is an output, t its target.
namespace loss {
inline constexpr Loss mean_squared_error{&descriptor::mean_squared_error};    ///< mean of (y - t)^2
inline constexpr Loss mean_absolute_error{&descriptor::mean_absolute_error};  ///< mean of |y - t|
inline constexpr Loss huber{&descriptor::huber,
                            1.0f};  ///< (y - t)^2 / 2 up to |y - t| = delta, then delta (|y - t| - delta / 2)
/// (y - t)^2 / (2 beta) below |y - t| = beta, then |y - t| - beta / 2: huber over its delta, with slopes of at most 1.
/// (PyTorch's beta of 0 is mean_absolute_error; here bad_hyperparameter.)
inline constexpr Loss smooth_l1{&descriptor::smooth_l1, 1.0f};
/// -(p t log(s) + (1 - t) log(1 - s)), s = sigmoid of the last pre-activation, p = 1 but for with_positive_weights().
/// Targets t in [0, 1]; of a single output also labels 0 and 1. The last activation is sigmoid, or identity (logits).
inline constexpr Loss binary_cross_entropy{&descriptor::binary_cross_entropy};
/// Targets are labels, or rows of probabilities in [0, 1]. The last activation is softmax, or identity (logits).
inline constexpr Loss softmax_cross_entropy{&descriptor::softmax_cross_entropy};
/// The program's own: Trainer::forward() gives it the outputs, Trainer::step_from() takes their gradients. The last
/// activation is any but softmax; with identity the network gives logits.
inline constexpr Loss own{&descriptor::own};
}  // namespace loss

/// A rule that turns gradients into new weights, with its hyper-parameters; made by the functions of namespace optimizer.
/// w: a weight, g: its gradient plus weight_decay w (AdamW apart), both floats; t counts steps from 1. Betas and alpha
/// are given in double, because 1 - beta is kept beside beta: from 0.999f alone it would be off by 1.3e-5 of its size.
/// A field that the rule does not know must be 0; else bind() returns bad_hyperparameter, for it would do nothing.
struct Optimizer {
  /// Which rule it is; null: bind() returns bad_config.
  const OptimizerDescriptor* descriptor;
  std::uint8_t state_slots;      ///< floats of optimizer state a trainable parameter takes: 0 to 3
  float learning_rate;           ///< in [0, 1e6]; can be changed between steps
  float momentum = 0.0f;         ///< mu, or Adam's beta_1; in [0, 1)
  float one_minus_beta1 = 0.0f;  ///< 1 - beta_1
  float beta2 = 0.0f;            ///< Adam's beta_2, RMSprop's alpha; in [0, 1)
  float one_minus_beta2 = 0.0f;  ///< 1 - beta_2, 1 - alpha
  float epsilon = 0.0f;          ///< in [1e-20, 1] where the rule divides
  float weight_decay = 0.0f;     ///< L2 (AdamW: decoupled, learning_rate * weight_decay <= 1); in [0, 1e6]
  float eta_minus = 0.0f;        ///< Rprop, in (0, 1)
  float eta_plus = 0.0f;         ///< Rprop, in (1, 10]
  float min_step = 0.0f;         ///< Rprop, in [1e-20, max_step]
  float max_step = 0.0f;         ///< Rprop, up to 1e6

  /// The same with L2 weight decay; of AdamW with another decoupled one.
  [[nodiscard]] constexpr Optimizer with_weight_decay(float value) const noexcept {
    Optimizer result = *this;
    result.weight_decay = value;
    return result;
  }
  static_assert(sizeof(0.9) == sizeof(double), "linnet: with -fsingle-precision-constant 1 - beta has other bits");
  /// The same with other betas, each in [0, 1): the Adam family.
  [[nodiscard]] constexpr Optimizer with_betas(double beta_1, double beta_2) const noexcept {
    Optimizer result = *this;
    result.momentum = static_cast<float>(beta_1);
    result.one_minus_beta1 = static_cast<float>(1.0 - beta_1);
    return result.with_alpha(beta_2);
  }
  /// The same with another alpha, in [0, 1): RMSprop.
  [[nodiscard]] constexpr Optimizer with_alpha(double alpha) const noexcept {
    Optimizer result = *this;
    result.beta2 = static_cast<float>(alpha);
    result.one_minus_beta2 = static_cast<float>(1.0 - alpha);
    return result;
  }
  /// The same with another epsilon: rules that divide.
  [[nodiscard]] constexpr Optimizer with_epsilon(float value) const noexcept {
    Optimizer result = *this;
    result.epsilon = value;
    return result;
  }
};

/// The rules, each with PyTorch's defaults.
namespace optimizer {

/// w -= learning_rate g
constexpr Optimizer sgd(float learning_rate) noexcept { return {&descriptor::sgd, 0, learning_rate}; }

/// v = momentum v + g;  w -= learning_rate v
constexpr Optimizer sgd(float learning_rate, float momentum) noexcept {
  return {&descriptor::sgd_momentum, 1, learning_rate, momentum};
}

/// v = momentum v + g;  w -= learning_rate (g + momentum v)
constexpr Optimizer sgd_nesterov(float learning_rate, float momentum) noexcept {
  return {&descriptor::sgd_nesterov, 1, learning_rate, momentum};
}

/// m = beta_1 m + (1 - beta_1) g;  v = beta_2 v + (1 - beta_2) g^2;
/// w -= learning_rate / (1 - beta_1^t) m / (sqrt(v) / sqrt(1 - beta_2^t) + epsilon)      (Kingma & Ba 2015)
constexpr Optimizer adam(float learning_rate = 1e-3f, double beta1 = 0.9, double beta2 = 0.999,
                         float epsilon = 1e-8f) noexcept {
  return Optimizer{&descriptor::adam, 2, learning_rate}.with_betas(beta1, beta2).with_epsilon(epsilon);
}

/// w *= 1 - learning_rate weight_decay, then Adam with the bare gradient      (Loshchilov & Hutter 2019)
constexpr Optimizer adamw(float learning_rate = 1e-3f, float weight_decay = 1e-2f, double beta1 = 0.9,
                          double beta2 = 0.999, float epsilon = 1e-8f) noexcept {
  return Optimizer{&descriptor::adamw, 2, learning_rate}
      .with_betas(beta1, beta2)
      .with_epsilon(epsilon)
      .with_weight_decay(weight_decay);
}

/// Adam, but the denominator never shrinks: largest = max(largest, v), a third float of state, takes the place of v in it.
/// w -= learning_rate / (1 - beta_1^t) m / (sqrt(largest) / sqrt(1 - beta_2^t) + epsilon)      (AMSGrad, Reddi et al. 2018)
constexpr Optimizer adam_amsgrad(float learning_rate = 1e-3f, double beta1 = 0.9, double beta2 = 0.999,
                                 float epsilon = 1e-8f) noexcept {
  return Optimizer{&descriptor::adam_amsgrad, 3, learning_rate}.with_betas(beta1, beta2).with_epsilon(epsilon);
}

/// w *= 1 - learning_rate weight_decay, then adam_amsgrad with the bare gradient
constexpr Optimizer adamw_amsgrad(float learning_rate = 1e-3f, float weight_decay = 1e-2f, double beta1 = 0.9,
                                  double beta2 = 0.999, float epsilon = 1e-8f) noexcept {
  return Optimizer{&descriptor::adamw_amsgrad, 3, learning_rate}
      .with_betas(beta1, beta2)
      .with_epsilon(epsilon)
      .with_weight_decay(weight_decay);
}

/// v = alpha v + (1 - alpha) g^2;  w -= learning_rate g / (sqrt(v) + epsilon)
constexpr Optimizer rmsprop(float learning_rate = 1e-2f, double alpha = 0.99, float epsilon = 1e-8f) noexcept {
  return Optimizer{&descriptor::rmsprop, 1, learning_rate}.with_alpha(alpha).with_epsilon(epsilon);
}

/// v as above;  u = momentum u + g / (sqrt(v) + epsilon);  w -= learning_rate u
constexpr Optimizer rmsprop_momentum(float learning_rate, float momentum, double alpha = 0.99,
                                     float epsilon = 1e-8f) noexcept {
  Optimizer result = Optimizer{&descriptor::rmsprop_momentum, 2, learning_rate}.with_alpha(alpha).with_epsilon(epsilon);
  result.momentum = momentum;
  return result;
}

/// s = s + g^2;  w -= learning_rate g / (sqrt(s) + epsilon)      (Duchi et al. 2011)
constexpr Optimizer adagrad(float learning_rate = 1e-2f, float epsilon = 1e-10f) noexcept {
  return Optimizer{&descriptor::adagrad, 1, learning_rate}.with_epsilon(epsilon);
}

/// A step per weight, `learning_rate` at first: times eta_plus while g keeps its sign, times eta_minus when it turns (and
/// then no move); w -= sign(g) step      (Riedmiller & Braun 1993). For full batches.
constexpr Optimizer rprop(float learning_rate = 1e-2f, float eta_minus = 0.5f, float eta_plus = 1.2f,
                          float min_step = 1e-6f, float max_step = 50.0f) noexcept {
  Optimizer result{&descriptor::rprop, 2, learning_rate};
  result.eta_minus = eta_minus;
  result.eta_plus = eta_plus;
  result.min_step = min_step;
  result.max_step = max_step;
  return result;
}

}  // namespace optimizer

/// Whether a step uses each weight gradient as it is completed, or keeps them all in memory.
struct Gradients {
  const GradientsDescriptor* descriptor;  ///< null where they are not kept
  bool keeps;                             ///< whether they are kept; other pairs than the two below are bad_config

  static const Gradients fused;  ///< no gradient buffer
  /// One more float per trainable parameter; gives Trainer::gradients(), accumulate(), apply(), discard() and clip_norm.
  static const Gradients kept;
};
inline constexpr Gradients Gradients::fused{nullptr, false};
inline constexpr Gradients Gradients::kept{&descriptor::kept_gradients, true};

/// How a network is trained. Plain data; bind() copies it (class weights stay lent).
struct TrainerConfig {
  Loss loss;                               ///< one that goes with the last activation
  Optimizer optimizer;                     ///< with the learning rate to begin with
  std::size_t max_batch;                   ///< the most rows a step gets, at least 1; memory grows with it
  Gradients gradients = Gradients::fused;  ///< kept, where they are accumulated, looked at or clipped by norm
  float clip_norm = 0.0f;   ///< > 0 (with Gradients::kept): gradients times min(1, clip_norm / (their norm + 1e-6))
  float clip_value = 0.0f;  ///< > 0: every gradient is cut to [-clip_value, clip_value], before the norm
};

/// The number of a loss in stored data. These never change.
enum class LossId : std::uint8_t {
  mean_squared_error = 1,
  mean_absolute_error = 2,
  huber = 3,
  binary_cross_entropy = 4,
  softmax_cross_entropy = 5,
  own = 6,
  smooth_l1 = 7,
};
/// The number of an optimizer in stored data. These never change.
enum class OptimizerId : std::uint8_t {
  sgd = 1,
  sgd_momentum = 2,
  sgd_nesterov = 3,
  adam = 4,
  adamw = 5,
  rmsprop = 6,
  rmsprop_momentum = 7,
  adagrad = 8,
  rprop = 9,
  adam_amsgrad = 10,
  adamw_amsgrad = 11,
};

/// The name in namespace loss, or "unknown"; a string in read-only memory, never null.
const char* to_string(LossId id) noexcept;
/// The name in namespace optimizer ("sgd_momentum" for sgd with one), or "unknown"; as above.
const char* to_string(OptimizerId id) noexcept;

/// The number of a loss. The loss names a descriptor.
LossId id_of(const Loss& loss) noexcept;
/// The number of an optimizer. The optimizer names a descriptor.
OptimizerId id_of(const Optimizer& optimizer) noexcept;

}  // namespace linnet
