#pragma once

#include <cstddef>

#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/topology.hpp>
#include <linnet/view.hpp>

namespace linnet {

class Trainer;

/// What ParameterGroups keep. Plain data for the library alone: it may look different in any version.
struct GroupsData {
  const void* rule[12] = {};       ///< room for the optimizer that the trainer gets (step/groups.cpp)
  const float* memory = nullptr;   ///< of the trainer
  Network network{};               ///< whose layers the groups are
  float factors[kMaxLayers] = {};  ///< of each layer
  float before[2] = {};            ///< the bias corrections that the step began with
  bool decay_biases = true;        ///< GroupSettings::decay_biases
  bool ascend = false;             ///< GroupSettings::ascend
};

/// What is special about a trainer's updates. The groups are those of PyTorch's param_groups: the weights of each layer,
/// and its biases. Plain data; as it stands nothing is special.
struct GroupSettings {
  /// Learning rates: one factor per layer of the network, times the trainer's rate; empty = all 1. In [0, 1e6], and the
  /// product is in the range of a rate: up to 1e6, AdamW's times weight_decay up to 1. With 0 a layer keeps its weights and
  /// biases while its state goes on, as a group of PyTorch with lr = 0. A frozen layer's factor is not used.
  Span<const float> rate_factors{};
  bool decay_biases = true;  ///< false: weight decay, L2 and AdamW's, leaves biases alone
  bool ascend = false;  ///< true: up the loss, PyTorch's maximize: the sign of each gradient is turned before all else
};

/// Parameter groups of one trainer. The program owns it and keeps it where it is as long as the trainer makes steps, for
/// the trainer gets its optimizer from here. A program without one carries nothing of it.
///
/// All that a step does stays as it is: fused and kept gradients (which are seen unturned, as PyTorch's .grad), clipping,
/// accumulate() and apply(), Diagnostics, fit(), set_learning_rate(), save() and restore(), and what is refused. With L2 decay a step
/// looks at all weights and biases before, also where decay leaves biases alone.
class ParameterGroups {
 public:
  ParameterGroups() noexcept = default;
  /// The trainer knows where it is.
  ///@{
  ParameterGroups(const ParameterGroups&) = delete;
  ParameterGroups& operator=(const ParameterGroups&) = delete;
  ///@}

  /// From the next step on `trainer`, which is bound, learns by these settings, which are copied: by those instead of
  /// earlier ones, so that layers can thaw one by one. Default settings, or Trainer::bind(), take them back. One object
  /// serves one trainer, also when that is moved or bound anew in its memory. From then on set_learning_rate() and restore() refuse
  /// rates that are too large for a factor, with bad_hyperparameter and bad_state.
  /// Returns ok, not_bound, null_memory, bad_config (it serves a trainer in other memory), or bad_hyperparameter (another
  /// number of factors than layers; a factor that is NaN or out of range; factors for Rprop, which takes the rate as its
  /// first step alone; decay_biases = false without any weight decay, for it would do nothing).
  Status bind(Trainer& trainer, const GroupSettings& settings) noexcept;

  /// For the library alone.
  [[nodiscard]] GroupsData& inside() noexcept { return data_; }

 private:
  GroupsData data_;
};

}  // namespace linnet
