// The names of what stored data has as numbers. Apart, since a program that prints none carries none.
#include <linnet/activation.hpp>
#include <linnet/training.hpp>

namespace linnet {

namespace {

// Number 1 is the first name.
template <std::size_t N>
const char* name(const char* const (&names)[N], std::size_t number) {
  return number - 1 < N ? names[number - 1] : "unknown";
}

}  // namespace

const char* to_string(ActivationId id) noexcept {
  static constexpr const char* kNames[] = {"identity",     "relu",       "leaky_relu", "relu6",    "elu",
                                           "selu",         "gelu",       "gelu_tanh",  "silu",     "mish",
                                           "sigmoid",      "tanh",       "softplus",   "softsign", "hard_tanh",
                                           "hard_sigmoid", "hard_swish", "softmax"};
  return name(kNames, static_cast<std::size_t>(id));
}

const char* to_string(LossId id) noexcept {
  static constexpr const char* kNames[] = {
      "mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy", "softmax_cross_entropy", "own",
      "smooth_l1"};
  return name(kNames, static_cast<std::size_t>(id));
}

const char* to_string(OptimizerId id) noexcept {
  static constexpr const char* kNames[] = {"sgd",   "sgd_momentum", "sgd_nesterov",     "adam",
                                           "adamw", "rmsprop",      "rmsprop_momentum", "adagrad",
                                           "rprop", "adam_amsgrad", "adamw_amsgrad"};
  return name(kNames, static_cast<std::size_t>(id));
}

}  // namespace linnet
