#pragma once

#include <cstdint>

#include <linnet/status.hpp>

namespace linnet {

/// The number of an activation in stored data. These never change.
enum class ActivationId : std::uint8_t {
  identity = 1,
  relu = 2,
  leaky_relu = 3,
  relu6 = 4,
  elu = 5,
  selu = 6,
  gelu = 7,
  gelu_tanh = 8,
  silu = 9,
  mish = 10,
  sigmoid = 11,
  tanh = 12,
  softplus = 13,
  softsign = 14,
  hard_tanh = 15,
  hard_sigmoid = 16,
  hard_swish = 17,
  softmax = 18,
};

/// What the library knows of one activation; each lives in a file of its own, and naming it is what links it.
struct ActivationDescriptor;

/// An activation function f(z), applied to every unit of a layer, with its parameter where it has one.
struct Activation {
  const ActivationDescriptor* descriptor;  ///< which one it is; null: bind() returns bad_topology
  float parameter;                         ///< slope of leaky_relu, alpha of elu, in [0, 100]; else 0

  /// leaky_relu with another slope, in [0, 100]: `activation::leaky_relu.with_slope(0.2f)`. Any other activation gets a
  /// parameter that bind() refuses.
  [[nodiscard]] constexpr Activation with_slope(float slope) const noexcept;
  /// elu with another alpha, in [0, 100]. Any other activation gets a parameter that bind() refuses.
  [[nodiscard]] constexpr Activation with_alpha(float alpha) const noexcept;
};

namespace descriptor {
extern const ActivationDescriptor identity, relu, leaky_relu, relu6, elu, selu, gelu, gelu_tanh, silu, mish, sigmoid,
    tanh, softplus, softsign, hard_tanh, hard_sigmoid, hard_swish, softmax;
}  // namespace descriptor

constexpr Activation Activation::with_slope(float slope) const noexcept {
  return {descriptor, descriptor == &descriptor::leaky_relu ? slope : -1.0f};
}
constexpr Activation Activation::with_alpha(float alpha) const noexcept {
  return {descriptor, descriptor == &descriptor::elu ? alpha : -1.0f};
}

/// The formulas are PyTorch's, derivatives at kinks included (f'(0) of ReLU is 0).
namespace activation {
inline constexpr Activation identity{&descriptor::identity, 0.0f};       ///< z
inline constexpr Activation relu{&descriptor::relu, 0.0f};               ///< max(z, 0)
inline constexpr Activation leaky_relu{&descriptor::leaky_relu, 0.01f};  ///< z > 0 ? z : slope z; slope in [0, 100]
inline constexpr Activation relu6{&descriptor::relu6, 0.0f};             ///< min(max(z, 0), 6)
inline constexpr Activation elu{&descriptor::elu, 1.0f};    ///< z > 0 ? z : alpha (e^z - 1); alpha in [0, 100]
inline constexpr Activation selu{&descriptor::selu, 0.0f};  ///< Klambauer et al. 2017
inline constexpr Activation gelu{&descriptor::gelu, 0.0f};  ///< z Phi(z), through erf
inline constexpr Activation gelu_tanh{&descriptor::gelu_tanh, 0.0f};        ///< its tanh approximation
inline constexpr Activation silu{&descriptor::silu, 0.0f};                  ///< z sigmoid(z)
inline constexpr Activation mish{&descriptor::mish, 0.0f};                  ///< z tanh(softplus(z))
inline constexpr Activation sigmoid{&descriptor::sigmoid, 0.0f};            ///< 1 / (1 + e^-z)
inline constexpr Activation tanh{&descriptor::tanh, 0.0f};                  ///< tanh(z)
inline constexpr Activation softplus{&descriptor::softplus, 0.0f};          ///< log(1 + e^z)
inline constexpr Activation softsign{&descriptor::softsign, 0.0f};          ///< z / (1 + |z|)
inline constexpr Activation hard_tanh{&descriptor::hard_tanh, 0.0f};        ///< min(max(z, -1), 1)
inline constexpr Activation hard_sigmoid{&descriptor::hard_sigmoid, 0.0f};  ///< min(max(z + 3, 0), 6) / 6
inline constexpr Activation hard_swish{&descriptor::hard_swish, 0.0f};      ///< z min(max(z + 3, 0), 6) / 6
inline constexpr Activation softmax{&descriptor::softmax,
                                    0.0f};  ///< e^z / sum of e^z; only in the last layer, over two units or more
}  // namespace activation

/// Finds an activation, with its default parameter, by its number. Links every activation.
/// Returns ok, or bad_activation for an unknown number.
Status activation_of(ActivationId id, Activation& found) noexcept;

/// "identity", "relu", ..., or "unknown": the name in namespace activation; a string in read-only memory, never null.
const char* to_string(ActivationId id) noexcept;

/// The number of an activation. The activation names a descriptor.
ActivationId id_of(const Activation& activation) noexcept;

}  // namespace linnet
