#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/memory.hpp>
#include <linnet/status.hpp>
#include <linnet/topology.hpp>
#include <linnet/view.hpp>

namespace linnet {

struct KeptGradients;
class Predictor;
class Trainer;

/// A topology and the memory its parameters live in. Owns neither: the layers and the memory must stay where they are
/// and the layers must not change while anything is bound to them. Copies are safe: a network is a view, whose copies refer
/// to the same parameters, and binding one anew leaves the others as they are.
class Network {
 public:
  /// Puts the network on `parameters` (parameter_floats(topology) or more floats; their values are left as they are).
  /// Returns ok, null_memory, too_little_memory, bad_topology, bad_activation or too_large.
  Status bind(const TopologyView& topology, const Span<float>& parameters) noexcept;
  template <std::size_t N>
  Status bind(const TopologyOf<N>&&, const Span<float>&) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }

  /// A frozen backbone and a trainable head: the first `frozen_layers` layers read `frozen` (frozen_floats() or more,
  /// may lie in flash), the others use `trainable` (trainable_floats() or more). Returns as above, also bad_topology when
  /// there are not that many layers, or overlapping_memory.
  Status bind(const TopologyView& topology, const Span<const float>& frozen, const Span<float>& trainable,
              std::size_t frozen_layers) noexcept;
  template <std::size_t N>
  Status bind(const TopologyOf<N>&&, const Span<const float>&, const Span<float>&, std::size_t) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }
  template <class C, class = container::IfTemporary<C>>
  Status bind(const TopologyView&, C&&, const Span<float>&, std::size_t) noexcept {
    return refuse_temporary<C, Status>();
  }

  [[nodiscard]] bool bound() const noexcept { return layers_ != nullptr; }
  /// Empty when not bound.
  [[nodiscard]] TopologyView topology() const noexcept { return {inputs_, Span<const Layer>(layers_, layer_count_)}; }
  /// How many of the first layers are frozen.
  [[nodiscard]] std::size_t frozen_layers() const noexcept { return frozen_layers_; }

  /// The parameters that training changes, in the order of the layout; empty when not bound. The vocabulary of
  /// initializers (initialize.hpp) works on the views below.
  [[nodiscard]] Span<float> trainable() const noexcept { return {trainable_, trainable_floats_}; }
  /// The parameters that training only reads; empty when there are none.
  [[nodiscard]] Span<const float> frozen() const noexcept { return {frozen_, frozen_floats_}; }
  /// The weights of layer `l`, to be written; empty when the layer is frozen or there is none.
  [[nodiscard]] Matrix weights(std::size_t l) const noexcept;
  /// The biases of layer `l`, to be written; empty when the layer is frozen, has none, or there is no such layer.
  [[nodiscard]] Span<float> biases(std::size_t l) const noexcept;
  /// The same of any layer, frozen ones included, to be read.
  [[nodiscard]] ConstMatrix read_weights(std::size_t l) const noexcept;
  [[nodiscard]] Span<const float> read_biases(std::size_t l) const noexcept;

 private:
  friend struct KeptGradients;
  friend class Predictor;
  friend class Trainer;

  // Whether something bound to this network can work in `memory`: ok, too_large, null_memory, too_little_memory or
  // overlapping_memory.
  [[nodiscard]] Status check_memory(const float* memory, std::size_t size, std::size_t needed) const noexcept;

  [[nodiscard]] const float* parameters(std::size_t l) const noexcept;
  [[nodiscard]] std::size_t outputs() const noexcept { return layers_[layer_count_ - 1].units; }

  const Layer* layers_ = nullptr;
  std::size_t inputs_ = 0;
  const float* frozen_ = nullptr;
  std::size_t frozen_floats_ = 0;  // counted once, by bind()
  float* trainable_ = nullptr;
  std::size_t trainable_floats_ = 0;
  std::uint8_t layer_count_ = 0;
  std::uint8_t frozen_layers_ = 0;
};

}  // namespace linnet
