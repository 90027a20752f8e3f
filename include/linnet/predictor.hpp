#pragma once

#include <linnet/kernels.hpp>
#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// Inference. Parameters are only read and may lie in flash; the scratch memory means nothing between calls.
class Predictor {
 public:
  Predictor() noexcept = default;
  /// A copy would share the scratch memory: there is none. Moving leaves `other` unbound.
  ///@{
  Predictor(Predictor&& other) noexcept;
  Predictor& operator=(Predictor&& other) noexcept;
  ///@}

  /// Reads the network's parameters; `scratch` has predictor_floats(topology) or more floats.
  /// Returns ok, not_bound, null_memory, too_little_memory, too_large, overlapping_memory.
  Status bind(const Network& network, const Span<float>& scratch, const KernelTable& kernels = best_kernels()) noexcept;

  /// Reads parameters without a Network, in the order of the layout.
  /// Returns ok, null_memory, too_little_memory, bad_topology, bad_activation, too_large,
  /// overlapping_memory.
  Status bind(const TopologyView& topology, const Span<const float>& parameters, const Span<float>& scratch,
              const KernelTable& kernels = best_kernels()) noexcept;
  /// A temporary topology or parameters, which are kept, do not compile.
  ///@{
  template <std::size_t N>
  Status bind(const TopologyOf<N>&&, const Span<const float>&, const Span<float>&,
              const KernelTable& = best_kernels()) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }
  template <class C, class = container::IfTemporary<C>>
  Status bind(const TopologyView&, C&&, const Span<float>&, const KernelTable& = best_kernels()) noexcept {
    return refuse_temporary<C, Status>();
  }
  ///@}

  /// Computes `outputs` (rows, outputs) from `inputs` (rows, inputs), row by row; a row's result does not depend on the
  /// others. The outputs may not overlap anything else. Returns ok, not_bound, null_memory, bad_batch (no rows, or not
  /// as many of each), bad_columns, overlapping_memory, bad_input, or diverged (an overflow on the way: parameters or
  /// inputs too large, or parameters that are no numbers); then the rows before the one in question are done, it and
  /// the rest are not touched.
  Status predict(const ConstRows& inputs, const Rows& outputs) noexcept;

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return kernels_ != nullptr; }
  /// What bind() got; not bound before.
  [[nodiscard]] const Network& network() const noexcept { return network_; }
  /// What it works in; empty when not bound.
  [[nodiscard]] Span<float> scratch() const noexcept { return {scratch_, 2 * widest_}; }

 private:
  Predictor(const Predictor&) = default;
  Predictor& operator=(const Predictor&) = default;
  void unbind() noexcept;

  Status take(const Network& network, const Span<float>& scratch, const KernelTable& kernels) noexcept;
  Status check(const ConstRows& inputs, const Rows& outputs) const noexcept;
  [[nodiscard]] static bool finite(const ConstRows& inputs) noexcept;
  // The last activations for one row of inputs, in the scratch memory; null when it diverges.
  const float* run(const float* x) const noexcept;

  Network network_{};
  std::size_t widest_ = 0;  // units of a layer
  float* scratch_ = nullptr;
  const KernelTable* kernels_ = nullptr;
};

}  // namespace linnet
