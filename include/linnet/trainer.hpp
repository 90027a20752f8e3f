#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/kernels.hpp>
#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/training.hpp>
#include <linnet/version.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// Together with the floats of Trainer::optimizer_state() and the same TrainerConfig, all it takes to go on later with the same bits.
/// Plain data without padding.
struct TrainerProgress {
  std::uint64_t steps;           ///< taken
  float learning_rate;           ///< of the next step
  float bias_corrections[2];     ///< 1 - beta_1^steps and 1 - beta_2^steps of the Adam family
  std::uint32_t floats;          ///< of state
  std::uint16_t layout_version;  ///< kLayoutVersion
  OptimizerId optimizer;         ///< whose state it is
  Contract contract;             ///< of the library that made it
  std::uint32_t topology;        ///< a fingerprint of the shape, its activations and how many layers are frozen
};
static_assert(sizeof(TrainerProgress) == 32, "no padding, on any target");

/// What a Trainer keeps between calls. Plain data for the library alone: it may look different in any version.
struct TrainerData {
  Network network{};                     ///< a view of it
  const KernelTable* kernels = nullptr;  ///< null: not bound
  float* memory = nullptr;               ///< layout::TrainerLayout
  float* state = nullptr;                ///< of the optimizer
  void* stages = nullptr;                ///< where all lies, one for each layer
  TrainerConfig config{};                ///< behind the pointers: a Cortex-M reaches 124 bytes by a short instruction
  std::uint64_t steps = 0;               ///< TrainerProgress::steps
  float corrections[2] = {};             ///< TrainerProgress::bias_corrections
  float loss = 0.0f;                     ///< of the last batch
  bool gradients_seen = false;           ///< the kept gradients mean something ...
  bool accumulating = false;             ///< ... and wait for apply()
  const float* forwarded = nullptr;      ///< the inputs of which the workspace holds a forward pass for step_from()
  std::size_t forwarded_rows = 0;        ///< how many they are
};

/// Trains the layers of a network that are not frozen. Owns nothing; borrows trainer_floats() of memory.
///
/// A step decides before the first weight changes: inputs, targets, all pre-activations, the loss and every gradient must
/// be finite, or the Status says so and weights, optimizer state and step count keep every bit. A gradient, clipped, that
/// may be 2^48 or more is refused by SGD and momentum, which take it as it is; Adam, RMSprop and Adagrad cut it there;
/// Rprop takes any.
class Trainer {
 public:
  Trainer() noexcept = default;
  /// A copy would share the memory, and count its steps apart: there is none. Moving leaves `other` unbound; Diagnostics
  /// that look at it do not follow.
  ///@{
  Trainer(Trainer&& other) noexcept;
  Trainer& operator=(Trainer&& other) noexcept;
  ///@}

  /// Takes the optimizer's state to its start and step count 0. `memory` has trainer_floats(topology, config,
  /// frozen_layers) or more floats. Returns ok, not_bound, null_memory, too_little_memory, overlapping_memory,
  /// too_large, bad_config, bad_hyperparameter, or bad_batch (max_batch is 0).
  Status bind(const Network& network, const TrainerConfig& config, const Span<float>& memory,
              const KernelTable& kernels = best_kernels()) noexcept;

  /// One training step on `inputs` (batch, inputs), 1 <= batch <= max_batch, and `targets` (batch, outputs) or one
  /// label per row. Gradients accumulated before are discarded. Returns ok, not_bound, bad_config (loss::own),
  /// null_memory, bad_batch, bad_columns, bad_label, bad_input, bad_target or diverged.
  ///@{
  Status step(const ConstRows& inputs, const ConstRows& targets) noexcept;
  Status step(const ConstRows& inputs, const Labels& targets) noexcept;
  ///@}

  /// The loss of a batch, without a step. Same arguments as step(); `loss` is written only with ok. Returns what step()
  /// returns.
  ///@{
  Status evaluate(const ConstRows& inputs, const ConstRows& targets, float& loss) noexcept;
  Status evaluate(const ConstRows& inputs, const Labels& targets, float& loss) noexcept;
  ///@}

  /// The same with a weight per row: the loss is sum(w l) / batch, where l is the loss of a row, as PyTorch's mean of w
  /// times the unreduced loss. Labels whose classes have weights c keep their own mean: sum(w c l) / sum(c). Weights of 1
  /// give the same bits as none; where all are 0, the loss is 0 and every gradient. Returns what step() returns; null_memory
  /// and bad_batch for the weights, too; bad_weight; or bad_config (loss::own: they are the program's).
  ///@{
  Status step(const ConstRows& inputs, const ConstRows& targets, const RowWeights& weights) noexcept;
  Status step(const ConstRows& inputs, const Labels& targets, const RowWeights& weights) noexcept;
  Status evaluate(const ConstRows& inputs, const ConstRows& targets, const RowWeights& weights, float& loss) noexcept;
  Status evaluate(const ConstRows& inputs, const Labels& targets, const RowWeights& weights, float& loss) noexcept;
  ///@}

  /// A step with a loss of the program's own (loss::own), in two calls. forward() runs `inputs` (batch, inputs),
  /// 1 <= batch <= max_batch, through the network and copies what it gives to `outputs` (batch, outputs), which shares no
  /// float with the inputs, the network or the trainer's memory. The program works out its loss.
  /// Returns ok, not_bound, bad_config (another loss than loss::own), null_memory, bad_batch, bad_columns, bad_input,
  /// overlapping_memory, or diverged (a number on the way is not finite).
  Status forward(const ConstRows& inputs, const Rows& outputs) noexcept;
  /// The step that belongs to it, without a second forward pass and without more memory: `inputs` are the same rows at the
  /// same place, `d_outputs` (batch, outputs) the derivatives of the loss by every output. `share` >= 0, finite, multiplies
  /// the completed sums. With d_outputs = y - t and share = 2.0f / (batch * outputs) this is mean squared error, bit by bit.
  /// What forward() left is used up by this call, by accumulate_from(), apply(), restore(), bind() and a step of
  /// Diagnostics. Returns ok, not_bound, bad_config (another loss than loss::own), null_memory, bad_batch, bad_columns,
  /// bad_input, bad_target (a derivative that is NaN or infinite), bad_share, nothing_forwarded (used up, or not of these
  /// inputs), or diverged.
  Status step_from(const ConstRows& inputs, const ConstRows& d_outputs, float share = 1.0f) noexcept;

  /// The loss of the last batch that step() or accumulate() took, before its update; 0 before the first, and of loss::own.
  [[nodiscard]] float loss() const noexcept { return data_.loss; }

  /// Adds the gradients of a batch to those accumulated since the last apply(), discard() or step(), like PyTorch's
  /// backward(). Returns what step() returns, or gradients_not_kept.
  ///@{
  Status accumulate(const ConstRows& inputs, const ConstRows& targets) noexcept;
  Status accumulate(const ConstRows& inputs, const Labels& targets) noexcept;
  ///@}
  /// The same with a weight per row. Returns what step() with weights returns, or gradients_not_kept.
  ///@{
  Status accumulate(const ConstRows& inputs, const ConstRows& targets, const RowWeights& weights) noexcept;
  Status accumulate(const ConstRows& inputs, const Labels& targets, const RowWeights& weights) noexcept;
  ///@}
  /// The same for a loss of the program's own, after forward(). Returns what step_from() returns, or gradients_not_kept.
  Status accumulate_from(const ConstRows& inputs, const ConstRows& d_outputs, float share = 1.0f) noexcept;
  /// Clips `scale` times the accumulated gradients and makes one step with them: apply(1.0f / 4) after four batches of
  /// equal size is one step on all of them. Returns ok, not_bound, gradients_not_kept, nothing_accumulated,
  /// bad_share (`scale` is not in [2^-24, 1]) or diverged. The gradients stay to be seen, clipped, and are then
  /// replaced.
  Status apply(float scale = 1.0f) noexcept;
  /// Forgets what was accumulated. Returns ok, not_bound or gradients_not_kept.
  Status discard() noexcept;

  /// Kept gradients of layer `l`: after accumulate() their sum, after step() or apply() as they were used (clipped).
  /// Empty when there are none.
  ///@{
  [[nodiscard]] ConstMatrix gradients(std::size_t l) const noexcept;
  [[nodiscard]] Span<const float> bias_gradients(std::size_t l) const noexcept;
  ///@}

  /// The learning rate from the next step on (with ParameterGroups the one that factors multiply; Rprop, whose steps have a
  /// life of their own, takes it only at bind()). Returns ok, not_bound or bad_hyperparameter.
  Status set_learning_rate(float learning_rate) noexcept;
  /// That of the next step; 0 when not bound.
  [[nodiscard]] float learning_rate() const noexcept { return data_.config.optimizer.learning_rate; }
  /// Steps taken since bind(), or since the state that was restored.
  [[nodiscard]] std::uint64_t steps() const noexcept { return data_.steps; }

  /// The optimizer's memory: state_slots runs in the order of the trainable parameters.
  [[nodiscard]] Span<const float> optimizer_state() const noexcept;
  /// Looks at every float of it: a program calls this when it doubts its memory. (A step does not look: a NaN put into the
  /// state from outside may cost weights, and every later step says `diverged`.) Returns ok, not_bound, or bad_state (a
  /// number that is not finite, negative where the rule sums up squares, or a largest square below the last one).
  Status check_state() const noexcept;
  /// Describes the state; save it with a copy of optimizer_state() and of the parameters. Returns ok or not_bound.
  Status save(TrainerProgress& saved) const noexcept;
  /// Goes on from a saved state; `floats` is copied into the trainer's memory. Returns ok, not_bound, null_memory,
  /// overlapping_memory, or bad_state (saved with another optimizer, layout, contract, topology or size; or numbers that no
  /// training leaves behind: bias_corrections that are not those of `steps` up to their rounding, 2^63 steps and more, a state
  /// that is not at its start before the first step, Rprop's step sizes out of their range).
  Status restore(const TrainerProgress& saved, Span<const float> floats) noexcept;

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return data_.kernels != nullptr; }
  /// What bind() got, a view and a copy.
  ///@{
  [[nodiscard]] const Network& network() const noexcept { return data_.network; }
  [[nodiscard]] const TrainerConfig& config() const noexcept { return data_.config; }
  ///@}

  /// For the library alone.
  ///@{
  [[nodiscard]] TrainerData& inside() noexcept { return data_; }
  [[nodiscard]] const TrainerData& inside() const noexcept { return data_; }
  ///@}

 private:
  Trainer(const Trainer&) = default;
  Trainer& operator=(const Trainer&) = default;
  void unbind() noexcept;

  TrainerData data_;
};

}  // namespace linnet
