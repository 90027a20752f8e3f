#pragma once

#include <cstddef>

#include <linnet/activation.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// The most layers that a network can have, the inputs not counted.
inline constexpr std::size_t kMaxLayers = 16;

/// A fully connected layer: a = f(W x + b).
struct Layer {
  std::size_t units;      ///< the width of what it gives, at least 1
  Activation activation;  ///< f, of each unit; softmax of all at once
  bool bias = true;       ///< false: there is no b, nor memory for it
};

/// The shape of a network of `N` layers: plain data, in flash or in RAM. What is bound to it keeps pointing to its
/// layers.
template <std::size_t N>
struct TopologyOf {
  std::size_t inputs;       ///< the width of what the network reads, at least 1
  std::size_t layer_count;  ///< at most N
  Layer layers[N];          ///< from the inputs on; behind `layer_count` they mean nothing

  /// The width of what layer `l` reads.
  [[nodiscard]] constexpr std::size_t inputs_of(std::size_t l) const noexcept {
    return l == 0 ? inputs : layers[l - 1].units;
  }
  /// The width of what the network gives.
  [[nodiscard]] constexpr std::size_t outputs() const noexcept { return layers[layer_count - 1].units; }

  /// The same shape with room for more layers.
  template <std::size_t M>
  constexpr operator TopologyOf<M>() const noexcept {
    static_assert(N < M && M <= kMaxLayers, "not enough room for the layers");
    TopologyOf<M> result{inputs, layer_count, {}};
    for (std::size_t l = 0; l < N; ++l) {
      result.layers[l] = layers[l];
    }
    return result;
  }
};

/// A shape with room for any network: to be built at run time.
using Topology = TopologyOf<kMaxLayers>;

/// A shape whose layers somebody else owns. Every TopologyOf converts to it by itself.
struct TopologyView {
  std::size_t inputs = 0;         ///< the width of what the network reads
  std::size_t layer_count = 0;    ///< 0: no network
  const Layer* layers = nullptr;  ///< (layer_count), from the inputs on

  constexpr TopologyView() noexcept = default;
  /// Looks at layers, which stay with their owner; no layers where there is no memory.
  constexpr TopologyView(std::size_t input_count, Span<const Layer> lent LINNET_LIFETIMEBOUND) noexcept
      : inputs(input_count), layer_count(lent.data() != nullptr ? lent.size() : 0), layers(lent.data()) {}
  /// Looks at the layers of a topology. Where that says it has more than N, no bind takes this.
  template <std::size_t N>
  constexpr TopologyView(const TopologyOf<N>& topology LINNET_LIFETIMEBOUND) noexcept
      : inputs(topology.inputs),
        layer_count(topology.layer_count > N ? kMaxLayers + 1 : topology.layer_count),
        layers(topology.layers) {}

  /// The width of what layer `l` reads.
  [[nodiscard]] constexpr std::size_t inputs_of(std::size_t l) const noexcept {
    return l == 0 ? inputs : layers[l - 1].units;
  }
  /// The width of what the network gives; there is a layer.
  [[nodiscard]] constexpr std::size_t outputs() const noexcept { return layers[layer_count - 1].units; }
};

/// Makes a topology: `topology(2, {{8, activation::tanh}, {1, activation::sigmoid}})`.
template <std::size_t N>
constexpr TopologyOf<N> topology(std::size_t inputs, const Layer (&layers)[N]) noexcept {
  static_assert(N <= kMaxLayers, "a topology has at most kMaxLayers layers");
  TopologyOf<N> result{inputs, N, {}};
  for (std::size_t l = 0; l < N; ++l) {
    result.layers[l] = layers[l];
  }
  return result;
}

/// Makes a topology of layers that are known only at run time. More than kMaxLayers give one that no bind takes.
constexpr Topology topology(std::size_t inputs, Span<const Layer> layers) noexcept {
  Topology result{inputs, layers.size(), {}};
  for (std::size_t l = 0; l < layers.size() && l < kMaxLayers && layers.data() != nullptr; ++l) {
    result.layers[l] = layers[l];
  }
  return result;
}

/// Returns bad_topology where the shape names no network (no inputs, no or too many layers, a layer without units),
/// else ok. What needs the descriptors (a missing activation, a parameter's range, softmax before the end) is seen by
/// bind().
constexpr Status check(const TopologyView& topology) noexcept {
  if (topology.inputs == 0 || topology.layer_count == 0 || topology.layer_count > kMaxLayers) {
    return Status::bad_topology;
  }
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    if (topology.layers[l].units == 0) {
      return Status::bad_topology;
    }
  }
  return Status::ok;
}

}  // namespace linnet
