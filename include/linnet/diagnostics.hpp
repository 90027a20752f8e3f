#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/fit.hpp>
#include <linnet/memory.hpp>
#include <linnet/status.hpp>
#include <linnet/trainer.hpp>
#include <linnet/view.hpp>

/// @file
/// Why a network does not learn: what its activations, gradients and updates look like, layer by layer. A program that
/// does not name Diagnostics links none of it, and a trainer without it has no trace of it.
namespace linnet {

/// Mean, standard deviation (of all numbers: divided by their count), smallest and largest.
struct Moments {
  float mean;    ///< 0 of no numbers, as the others
  float stddev;  ///< >= 0
  float min;     ///< the smallest
  float max;     ///< the largest
};

/// Bins of a Histogram.
inline constexpr std::size_t kHistogramBins = 32;

/// Of one input or target. A network learns best where the mean is near 0 and the standard deviation near 1.
struct Column {
  float mean;    ///< 0 before the first row
  float stddev;  ///< divided by the count of rows
};

/// An interval, low < high.
struct Range {
  float low;   ///< where the first bin begins
  float high;  ///< where the last one ends
};

/// How many numbers fell into each of kHistogramBins bins of equal width over a Range, lower ends included. Numbers
/// below the range count in the first bin, those above in the last.
struct Histogram {
  std::uint32_t counts[kHistogramBins];  ///< from the lowest bin to the highest
};

/// What the last step saw of one layer, before its update. Numbers of frozen layers stay 0. Plain data.
struct LayerDiagnostics {
  Moments activations;        ///< (batch, units); the last layer before a cross-entropy counts as linear
  Moments unit_gradients;     ///< (batch, units): of the loss by pre-activations, what Glorot & Bengio 2010 compare
  Moments input_gradients;    ///< (batch, inputs): of the loss by what the layer reads
  Moments weight_gradients;   ///< as the optimizer gets them: clipped, without weight decay; biases apart
  float update_ratio;         ///< Euclidean length of the weights' change over that of the weights; 0 without change
  float dead_in_batch;        ///< share of units that were 0 for all rows of the batch; relu and relu6, else 0
  float dead_in_epoch;        ///< ... for all rows since begin_epoch()
  std::size_t rows_in_epoch;  ///< how many these are
  /// the last rows that count, one after the other, whose unit_gradients were all 0
  std::size_t rows_without_gradient;
  float saturated;                 ///< share of (row, unit) beyond `saturation`; sigmoid and tanh, else 0
  Histogram activation_bins;       ///< of what `activations` sums up
  Histogram input_gradient_bins;   ///< ... and `input_gradients`
  Histogram weight_gradient_bins;  ///< ... and `weight_gradients`
};

/// What counts as saturated, and where histograms begin and end.
struct DiagnosticsSettings {
  float saturation = 0.99f;             ///< |tanh|, and |2 sigmoid - 1|, from which on a unit is saturated; in (0, 1)
  Range activation_range{-1.0f, 1.0f};  ///< of activation_bins
  Range input_gradient_range{-1.0f, 1.0f};   ///< of input_gradient_bins
  Range weight_gradient_range{-1.0f, 1.0f};  ///< of weight_gradient_bins
};

/// Floats that Diagnostics borrow: one per trainable unit (the largest activation of the epoch), one row of the widest
/// trainable layer, its inputs included, two per column of inputs and four per column of targets. None per weight.
constexpr std::size_t diagnostics_floats(const TopologyView& t, std::size_t frozen = 0) noexcept {
  if (trainable_floats(t, frozen) == kTooLarge) {
    return kTooLarge;
  }
  std::size_t row = 0;
  for (std::size_t l = frozen; l < t.layer_count; ++l) {
    row = t.inputs_of(l) > row ? t.inputs_of(l) : row;
    row = t.layers[l].units > row ? t.layers[l].units : row;
  }
  const std::size_t columns = layout::beyond(t.inputs, 2, t.layers[t.layer_count - 1].units);
  return layout::sum(layout::units(t, frozen, t.layer_count), layout::sum(row, layout::product(2, columns)));
}

/// What is the matter with a layer.
enum class Verdict : std::uint8_t {
  healthy = 0,
  vanishing = 1,
  exploding = 2,
  dead = 3,
  saturated = 4,
  badly_scaled_inputs = 5,   ///< of the first layer, unless it is frozen
  badly_scaled_targets = 6,  ///< of the last layer, if its loss is a distance (cross-entropies check their targets)
  out_of_reach = 7,          ///< of the last layer: its activation cannot give the targets, as 3 by a sigmoid
  stuck = 8,  ///< of the last layer: the network is no better than the mean of its targets and learns no more
};

/// Returns the verdict's name; a string in read-only memory, never null.
const char* to_string(Verdict verdict) noexcept;

/// What to do about it, as a sentence in read-only memory; of healthy an empty one. Never null.
const char* remedy(Verdict verdict) noexcept;

/// When a layer is not healthy; the first that applies of badly_scaled_inputs, out_of_reach, badly_scaled_targets, dead,
/// saturated, exploding, vanishing, stuck: causes come first. All > 0.
///
/// A ReLU unit is 0 for half of the inputs, so a few rows do not tell whether it is dead: 1 in 1,024 is 0 for ten. A
/// gradient of exactly 0 below relu or relu6 was cut off by units that are 0: the layer is dead after `rows` such rows, and
/// never vanishing.
struct Thresholds {
  float dead = 0.5f;          ///< dead_in_epoch from here on, after `rows` rows of the epoch or more
  float saturated = 0.5f;     ///< saturated from here on
  float exploding = 10.0f;    ///< `reach` and `length` above this
  float vanishing = 0.1f;     ///< `reach` and `length` below this
  std::size_t rows = 10;      ///< of the epoch; after fewer nothing is dead, badly scaled or out of reach
  float too_large = 10.0f;    ///< badly scaled: a column whose mean or deviation is larger ...
  float too_small = 0.01f;    ///< ... or whose deviation is smaller, and not 0
  float out_of_reach = 0.1f;  ///< this share of the epoch's targets from here on
  float stuck = 0.99f;        ///< Diagnostics::unexplained() from here on, over `rows` rows or more ...
  float unchanged =
      0.99f;  ///< ... with a loss that is this share of that of the epoch before, or more: it does not learn
  std::size_t steps = 100;  ///< ... and after so many steps: a network needs some to get as far as the mean
};

/// Glorot's condition, of one layer: the variance of activations should stay the same from layer to layer on the way up,
/// that of gradients on the way down. The variance of gradients is about 0, their mean square: those of one row and one
/// output, or of one sign, deviate little from their mean however large they are.
///
/// `reach` compares gradients unit by unit, `length` layer by layer. A wide layer below a narrow one divides a gradient
/// among many units: `reach` gets small there, `length` does not, and nothing has vanished.
struct LayerReport {
  float activation_variance;   ///< of activations
  float gradient_mean_square;  ///< of unit_gradients
  float forward;               ///< activation_variance over that of the layer below; 1 for the lowest trainable layer
  float backward;              ///< gradient_mean_square over that of the layer above; 1 for the last layer
  float reach;                 ///< root mean square of unit_gradients over that of the last layer; 0 / 0 is 1
  float length;                ///< Euclidean length of unit_gradients over that of the last layer
  Verdict verdict;             ///< by the Thresholds
};

/// What Diagnostics keep. Plain data for the library alone: it may look different in any version.
struct DiagnosticsData {
  /// Sums over rows, of the network, of the mean of the targets, of the targets themselves.
  struct Losses {
    double network = 0.0;  ///< of what the network gave
    double mean = 0.0;     ///< of the mean
    double least = 0.0;    ///< of the targets
    double weight = 0.0;   ///< of the rows, 1 each without weights

    /// Diagnostics::unexplained(), of these
    [[nodiscard]] float unexplained() const noexcept;
  };
  /// Where an epoch stands.
  struct Standing {
    float unexplained = 0.0f;  ///< Diagnostics::unexplained()
    double loss = 0.0;         ///< the mean of the epoch ...
    double loss_before = 0.0;  ///< ... and of the one before
  };

  Trainer* trainer = nullptr;            ///< that it looks at
  std::uint64_t bound_to = 0;            ///< a fingerprint of what it was bound to
  Span<LayerDiagnostics> layers{};       ///< lent, one for each layer
  Span<float> memory{};                  ///< peaks, a row, columns, goals
  std::size_t steps = 0;                 ///< since bind()
  std::size_t rows_in_epoch = 0;         ///< since begin_epoch()
  std::size_t rows_before = 0;           ///< in the epoch before
  Losses losses{};                       ///< of the epoch; of mean and least from the second on
  Standing before{};                     ///< the epoch before
  std::size_t targets_out_of_reach = 0;  ///< in the epoch
  DiagnosticsSettings settings{};        ///< bind() was given them

  /// Whether the trainer is still as it was.
  [[nodiscard]] bool bound() const noexcept;
  /// The parts of `memory`.
  ///@{
  [[nodiscard]] Span<float> peaks() const noexcept;
  [[nodiscard]] Span<float> row() const noexcept;
  [[nodiscard]] float* columns() const noexcept;
  [[nodiscard]] float* goals() const noexcept;
  ///@}
  /// Whether it has as many rows as the one before.
  [[nodiscard]] bool epoch_is_whole() const noexcept { return rows_before > 0 && rows_in_epoch >= rows_before; }
  /// Where the epoch stands, of one with rows.
  [[nodiscard]] Standing this_epoch() const noexcept;
};

/// Takes training steps in the place of a Trainer and looks at every layer on the way. The same weights come out, bit by
/// bit. A step takes five to ten times as long.
class Diagnostics {
 public:
  /// Looks at the steps of `trainer`, which stays where it is. `layers` has an element per layer or more, `memory`
  /// diagnostics_floats() or more; both stay lent. Everything starts at 0, an epoch begins. Where the trainer is bound anew
  /// (to other layers, parameters, memory, loss or batch size) or unbound, this ends: every call below then answers as
  /// before a bind(), until the trainer is again as it was. Returns ok, not_bound, null_memory, too_little_memory,
  /// overlapping_memory, or bad_setting (a setting out of its range).
  Status bind(Trainer& trainer, Span<LayerDiagnostics> layers, Span<float> memory,
              const DiagnosticsSettings& settings = {}) noexcept;

  /// One training step, as Trainer::step(), and what it saw. Returns what Trainer::step() returns; without ok nothing
  /// has changed here either.
  ///@{
  Status step(ConstRows inputs, ConstRows targets) noexcept;
  Status step(ConstRows inputs, Labels targets) noexcept;
  ///@}
  /// The same for Trainer::step() with a weight per row, which counts in the loss and in unexplained(), not in how the
  /// columns are scaled. Returns what Trainer::step() with weights returns.
  ///@{
  Status step(ConstRows inputs, ConstRows targets, RowWeights weights) noexcept;
  Status step(ConstRows inputs, Labels targets, RowWeights weights) noexcept;
  ///@}
  /// The same for Trainer::step_from(), after Trainer::forward(); there are no targets to look at.
  /// Returns what Trainer::step_from() returns.
  Status step_from(ConstRows inputs, ConstRows d_outputs, float share = 1.0f) noexcept;
  /// The same for fit(): `context` is a Diagnostics, bound to `trainer`. Returns what step() with weights returns.
  static Status take_step(void* context, Trainer& trainer, const Samples& batch) noexcept;

  /// Counts dead_in_epoch, and looks at inputs, targets and the loss, from here on: call it before each epoch over the
  /// samples, or every so many rows of a stream.
  void begin_epoch() noexcept;

  /// What the last step saw, per layer; empty when not bound.
  [[nodiscard]] Span<const LayerDiagnostics> layers() const noexcept;

  /// Mean and deviation of a column, over the rows since begin_epoch(); 0 before, of no such column, and of targets that a
  /// cross-entropy takes or that step_from() does not know.
  ///@{
  [[nodiscard]] Column input_column(std::size_t input) const noexcept;
  [[nodiscard]] Column target_column(std::size_t output) const noexcept;
  ///@}

  /// What the network has not learnt, 1 where it is no better than a network that gives the same for every row, the mean of
  /// the targets, by their weights: over the rows of an epoch (loss - least) / (loss of the mean - least). All three are the trainer's loss,
  /// batch by batch: of the network before each step, of the mean over the epoch before (of each column; shares of the
  /// classes, weighed and smoothed as the loss does it), and of the targets themselves, which is 0 but for smoothing and
  /// for targets between 0 and 1 under a cross-entropy. With mean squared error it is the fraction of variance unexplained.
  ///
  /// The epoch is the one since begin_epoch() when it has as many rows as the one before, until then the one before: so it
  /// takes two epochs. 0 before, and where the targets are constant.
  [[nodiscard]] float unexplained() const noexcept;

  /// Writes a report per layer of the last step; `report` has as many elements as the network layers, or more. Frozen
  /// layers are healthy. Returns ok, not_bound, null_memory, too_little_memory or bad_setting (a threshold).
  Status report(Span<LayerReport> report, const Thresholds& thresholds = {}) const noexcept;

  /// For the library alone.
  [[nodiscard]] const DiagnosticsData& inside() const noexcept { return data_; }

 private:
  DiagnosticsData data_;
};

/// Exact quantiles of a matrix, of Network::read_weights() or, with Gradients::kept, of Trainer::gradients(): results[k]
/// is the quantile at shares[k], in [0, 1], by linear interpolation as NumPy's. `memory` has as many floats as the matrix
/// or more. Returns ok, null_memory, (also of an empty matrix, as of gradients that are not kept), too_little_memory (also of
/// results), overlapping_memory, bad_setting (a share out of range), or bad_input (a number that is not finite).
Status quantiles(ConstMatrix values, Span<const float> shares, Span<float> memory, Span<float> results) noexcept;

}  // namespace linnet
