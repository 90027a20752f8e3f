#pragma once

#include <linnet/network.hpp>
#include <linnet/predictor.hpp>
#include <linnet/trainer.hpp>

namespace linnet {

/// A Network with its own array, as large as `Capacity` (a constexpr topology with static storage) needs, which begins
/// where kAlignment says. bind() puts it on that topology or on any other whose parameters fit.
template <const auto& Capacity>
class FixedNetwork {
  static_assert(check(Capacity) == Status::ok, "the topology names no network");

 public:
  FixedNetwork() noexcept = default;
  FixedNetwork(const FixedNetwork&) = delete;
  FixedNetwork& operator=(const FixedNetwork&) = delete;

  /// Returns ok, too_little_memory (`topology` has more parameters), bad_topology, bad_activation or too_large.
  Status bind(const TopologyView& topology = Capacity) noexcept { return network_.bind(topology, memory_); }
  /// Refused when compiled: a topology is kept, not copied, and a temporary ends with the call.
  template <std::size_t N>
  Status bind(const TopologyOf<N>&&) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }

  /// The network inside, which lives as long as this. Where a Network is expected, this converts to it by itself.
  ///@{
  [[nodiscard]] Network& network() noexcept { return network_; }
  operator Network&() noexcept { return network_; }
  ///@}

 private:
  alignas(kAlignment) float memory_[parameter_floats(Capacity)] = {};
  Network network_;
};

/// A Trainer with its own array, as large as `Capacity` and `Plan` (constexpr, with static storage) need, which begins
/// where kAlignment says.
template <const auto& Capacity, const TrainerConfig& Plan>
class FixedTrainer {
 public:
  FixedTrainer() noexcept = default;
  FixedTrainer(const FixedTrainer&) = delete;
  FixedTrainer& operator=(const FixedTrainer&) = delete;

  /// Returns ok, not_bound, too_little_memory (it needs more than `Capacity` and `Plan`), too_large, bad_config,
  /// bad_hyperparameter, or bad_batch (max_batch is 0).
  Status bind(const Network& network, const TrainerConfig& config = Plan,
              const KernelTable& kernels = best_kernels()) noexcept {
    return trainer_.bind(network, config, memory_, kernels);
  }

  /// The trainer inside, which lives as long as this. Where a Trainer is expected, this converts to it by itself.
  ///@{
  [[nodiscard]] Trainer& trainer() noexcept { return trainer_; }
  operator Trainer&() noexcept { return trainer_; }
  Trainer* operator->() noexcept { return &trainer_; }
  ///@}

 private:
  alignas(kAlignment) float memory_[trainer_floats(Capacity, Plan)] = {};
  Trainer trainer_;
};

}  // namespace linnet
