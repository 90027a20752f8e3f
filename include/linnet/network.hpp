#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/memory.hpp>
#include <linnet/status.hpp>
#include <linnet/topology.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// What a Network points to. Plain data for the library alone: it may look different in any version.
struct NetworkData {
  const Layer* layers = nullptr;     ///< null: not bound
  std::size_t inputs = 0;            ///< columns of what the first layer reads
  const float* frozen = nullptr;     ///< parameters of the first layers, or null
  std::size_t frozen_floats = 0;     ///< counted once, by bind()
  float* trainable = nullptr;        ///< parameters of the others
  std::size_t trainable_floats = 0;  ///< counted once, too
  std::uint8_t layer_count = 0;      ///< at most kMaxLayers
  std::uint8_t frozen_layers = 0;    ///< how many of them are frozen

  /// Columns of what the last layer gives, of a bound network.
  [[nodiscard]] std::size_t outputs() const noexcept { return layers[layer_count - 1].units; }
};

/// A topology and the memory its parameters live in. Owns neither: the layers and the memory must stay where they are
/// and the layers must not change while anything is bound to them. Copies are safe: a network is a view, whose copies refer
/// to the same parameters, and binding one anew leaves the others as they are.
class Network {
 public:
  /// Puts the network on `parameters` (parameter_floats(topology) or more floats; their values are left as they are).
  /// Returns ok, null_memory, too_little_memory, bad_topology, bad_activation or too_large.
  Status bind(const TopologyView& topology, const Span<float>& parameters) noexcept;
  /// A temporary topology or frozen parameters, which are kept, do not compile.
  template <std::size_t N>
  Status bind(const TopologyOf<N>&&, const Span<float>&) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }

  /// A frozen backbone and a trainable head: the first `frozen_layers` layers read `frozen` (frozen_floats() or more,
  /// may lie in flash), the others use `trainable` (trainable_floats() or more). Returns what the call above
  /// returns; bad_topology also when there are not that many layers; or overlapping_memory.
  Status bind(const TopologyView& topology, const Span<const float>& frozen, const Span<float>& trainable,
              std::size_t frozen_layers) noexcept;
  /// A temporary topology or frozen parameters, which are kept, do not compile.
  template <std::size_t N>
  Status bind(const TopologyOf<N>&&, const Span<const float>&, const Span<float>&, std::size_t) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }
  /// The same of frozen parameters.
  template <class C, class = container::IfTemporary<C>>
  Status bind(const TopologyView&, C&&, const Span<float>&, std::size_t) noexcept {
    return refuse_temporary<C, Status>();
  }

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return data_.layers != nullptr; }
  /// Empty when not bound.
  [[nodiscard]] TopologyView topology() const noexcept {
    return {data_.inputs, Span<const Layer>(data_.layers, data_.layer_count)};
  }
  /// How many of the first layers are frozen.
  [[nodiscard]] std::size_t frozen_layers() const noexcept { return data_.frozen_layers; }

  /// The parameters that training changes, in the order of the layout: layer by layer its weights, then its biases.
  /// Weights lie as (inputs, units), but as (units, inputs) where units are fewer than 16 and fewer than inputs: the
  /// storage flips there, so copy matrices by take() and copy() of parameters.hpp or element by element through the
  /// views below. Empty when not bound.
  [[nodiscard]] Span<float> trainable() const noexcept { return {data_.trainable, data_.trainable_floats}; }
  /// The parameters that training only reads; empty when there are none.
  [[nodiscard]] Span<const float> frozen() const noexcept { return {data_.frozen, data_.frozen_floats}; }
  /// The weights of layer `l`, to be written; empty when the layer is frozen or there is none.
  [[nodiscard]] Matrix weights(std::size_t l) const noexcept;
  /// The biases of layer `l`, to be written; empty when the layer is frozen, has none, or there is no such layer.
  [[nodiscard]] Span<float> biases(std::size_t l) const noexcept;
  /// The same of any layer, frozen ones included, to be read.
  ///@{
  [[nodiscard]] ConstMatrix read_weights(std::size_t l) const noexcept;
  [[nodiscard]] Span<const float> read_biases(std::size_t l) const noexcept;
  ///@}

  /// For the library alone.
  [[nodiscard]] const NetworkData& inside() const noexcept { return data_; }

 private:
  NetworkData data_;
};

}  // namespace linnet
