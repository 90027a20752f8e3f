#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// @file
/// Parameters in an order that is stated, whatever the storage: their hash, and matrices from and to other programs.
namespace linnet {

/// How the weights of a layer follow each other in an array.
enum class Order : std::uint8_t {
  units_inputs,  ///< all weights of the first unit, then of the second: PyTorch's nn.Linear
  inputs_units,  ///< all weights of the first input, then of the second: Keras, scikit-learn
};

/// The hash of all parameters, frozen ones too: FNV-1a of 64 bits over the bytes of the floats, the lowest byte first,
/// layer by layer, weights as Order::units_inputs, then biases, whatever the storage. Equal on every board; people
/// print it as 16 hexadecimal digits. Without a bound network that of no bytes, 0xcbf29ce484222325.
std::uint64_t hash(const Network& network) noexcept;

/// Writes these weights and biases into layer `l`. `weights` has units x inputs floats, `biases` has units, or none
/// where the layer has none.
/// Returns ok, not_bound, null_memory, overlapping_memory (with the network's parameters), bad_layer (a frozen one, or
/// none), other_shape (not as many floats as the layer has) or bad_parameter (NaN or infinity).
Status take(const Network& network, std::size_t l, Span<const float> weights, Span<const float> biases,
            Order order) noexcept;

/// The way back: copies weights and biases of layer `l`, which may be frozen, to lent memory of exactly their size.
/// What they hold is copied, finite or not.
/// Returns ok, not_bound, null_memory, overlapping_memory (with each other or the network's parameters), bad_layer
/// (there is none) or other_shape.
Status copy(const Network& network, std::size_t l, Span<float> weights, Span<float> biases, Order order) noexcept;

}  // namespace linnet
