// What whole runs and find_fault() ask of a trainer or a predictor and nobody else may. Of its own, so that a program
// without them carries none of it.
#pragma once

#include <linnet/predictor.hpp>
#include <linnet/trainer.hpp>

namespace linnet {

struct Insight {
  static bool bound(const Trainer& trainer) noexcept { return trainer.kernels_ != nullptr; }
  static const Network& network(const Trainer& trainer) noexcept { return trainer.network_; }
  // 0 where nothing is bound
  template <class Bound>
  static std::size_t outputs(const Bound& b) noexcept {
    return bound(b) ? network(b).topology().outputs() : 0;
  }
  static const TrainerConfig& config(const Trainer& trainer) noexcept { return trainer.config_; }
  static const KernelTable& kernels(const Trainer& trainer) noexcept { return *trainer.kernels_; }
  static Status run_back(Trainer::Step& step, const Trainer::Batch& batch) noexcept {
    return Trainer::run_back(step, batch);
  }
  static Status decide(Trainer::Step& step, Update& update) noexcept { return Trainer::decide(step, update); }
  static Span<const float> memory(const Trainer& trainer) noexcept {
    const Network& network = trainer.network_;
    return {trainer.memory_, trainer_floats(network.topology(), trainer.config_, network.frozen_layers())};
  }

  static bool bound(const Predictor& predictor) noexcept { return predictor.kernels_ != nullptr; }
  static const Network& network(const Predictor& predictor) noexcept { return predictor.network_; }
  static Span<const float> memory(const Predictor& predictor) noexcept {
    return {predictor.scratch_, 2 * predictor.widest_};
  }
};

}  // namespace linnet
