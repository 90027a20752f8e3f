#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// @file
/// Columns of inputs or targets on one scale. A network learns from columns whose mean is near 0 and whose deviation is
/// near 1; from others it often learns nothing but the mean.
namespace linnet {

/// What apply() makes of a column.
enum class Scaling : std::uint8_t {
  standard = 0,  ///< (x - mean) / deviation; the deviation is divided by the count of rows
  min_max = 1,   ///< (x - least) / (most - least): [0, 1] over the rows observed, beyond it where others are larger
};

/// Floats that a Normalizer borrows.
constexpr std::size_t normalizer_floats(std::size_t columns) noexcept { return layout::product(7, columns); }
/// Numbers that Normalizer::save() writes.
constexpr std::size_t normalizer_state(std::size_t columns) noexcept { return layout::beyond(3, 2, columns); }

/// No Normalizer counts more rows: a 64-bit float still tells each count from the next.
inline constexpr std::uint64_t kMostRows = std::uint64_t{1} << 53;

/// What a Normalizer keeps. Plain data for the library alone: it may look different in any version.
struct NormalizerData {
  float* memory = nullptr;  ///< three runs of floats, then two of 64-bit floats: (columns) each
  std::size_t columns = 0;  ///< floats of a row
  std::uint64_t count = 0;  ///< rows observed
  Scaling scaling{};        ///< what is made of them
  bool frozen = false;      ///< no more rows are counted

  /// Where the runs begin: x becomes (x - centre - rest) / deviation.
  ///@{
  [[nodiscard]] float* centres() const noexcept { return memory; }
  [[nodiscard]] float* rests() const noexcept { return memory + columns; }
  [[nodiscard]] float* deviations() const noexcept { return memory + 2 * columns; }
  /// The mean, or the least; of a column.
  [[nodiscard]] float* first(std::size_t i) const noexcept { return memory + 3 * columns + 2 * i; }
  /// The sum of squared differences from the mean, or the most; of a column.
  [[nodiscard]] float* second(std::size_t i) const noexcept { return memory + 5 * columns + 2 * i; }
  ///@}
};

/// Learns where each column lies from the rows that it observes, in 64-bit floats (Welford 1962: the same bits whether
/// rows come all at once or one by one), and puts rows on that scale, in floats. A column that was constant so far
/// becomes 0. After 2^24 rows, where a mean in floats would stall, each row still counts, up to kMostRows.
///
/// Where a Normalizer has one column, one row is understood as a column. A call for rows looks at all of them before
/// the first one counts or is written.
class Normalizer {
 public:
  Normalizer() noexcept = default;
  /// A copy would share the memory: there is none.
  ///@{
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;
  ///@}

  /// Begins with no rows. `memory` has normalizer_floats(columns) or more floats and stays lent.
  /// Returns ok, null_memory, too_little_memory, too_large, bad_columns (0 columns) or bad_setting (no such scaling).
  Status bind(std::size_t columns, const Span<float>& memory, Scaling scaling = Scaling::standard) noexcept;

  /// Counts `rows` (rows, columns); where frozen() it only looks at them.
  /// Returns ok, not_bound, null_memory, bad_batch (no rows, more than kMaxFloats, or more than kMostRows in all),
  /// bad_columns, overlapping_memory (rows in the memory of this), or bad_input (NaN or infinity; with min_max beyond
  /// 2^126, too).
  Status observe(const ConstRows& rows) noexcept;

  /// Counts all rows of another one, as of another device (Chan, Golub & LeVeque 1979); where frozen() none. The mean
  /// is that of all rows, but for the last bits of a 64-bit float.
  /// Returns ok, not_bound, overlapping_memory (as with itself), bad_columns, bad_setting (another scaling) or
  /// bad_batch (more than kMostRows in all).
  Status merge(const Normalizer& other) noexcept;

  /// From now on no row counts, until thaw(): inputs of a network that has learned must not move below it.
  ///@{
  void freeze() noexcept { data_.frozen = true; }
  void thaw() noexcept { data_.frozen = false; }
  [[nodiscard]] bool frozen() const noexcept { return data_.frozen; }
  ///@}

  /// Puts rows on the scale, into `to` (rows, columns), which is `from` itself or does not overlap it.
  /// Returns ok, not_bound, nothing_observed, null_memory, bad_batch (no rows, or not as many of each), bad_columns,
  /// overlapping_memory, bad_input (NaN or infinity) or diverged (a result beyond float).
  Status apply(const ConstRows& from, const Rows& to) const noexcept;
  /// The same in place. Returns what the call above returns.
  Status apply(const Rows& rows) const noexcept { return apply(rows, rows); }

  /// The way back: what a network gave for targets on the scale, in their own units.
  /// Returns what apply() returns.
  Status undo(const ConstRows& from, const Rows& to) const noexcept;
  /// The same in place. Returns what the call above returns.
  Status undo(const Rows& rows) const noexcept { return undo(rows, rows); }

  /// Writes what was learned, normalizer_state(columns()) numbers: the scaling (0 or 1), 1 where frozen() else 0, the
  /// count of rows, then of all columns the mean (or the least), then the sum of squared differences from it (or the
  /// most). A checkpoint keeps them, little-endian, as a Piece of width 8.
  /// Returns ok, not_bound, null_memory, too_little_memory or overlapping_memory.
  Status save(Span<double> state) const noexcept;
  /// Goes on where save() was called. Returns ok, not_bound, null_memory, overlapping_memory, or bad_state (of another
  /// length or scaling, or numbers that no rows give).
  Status restore(Span<const double> state) noexcept;

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return data_.memory != nullptr; }
  /// Floats of a row; 0 when not bound.
  [[nodiscard]] std::size_t columns() const noexcept { return data_.columns; }
  /// Rows observed.
  [[nodiscard]] std::uint64_t count() const noexcept { return data_.count; }
  /// What is subtracted from column `i`, the mean or the least, and what it is then divided by, never 0. Before the
  /// first row, and where there is no such column, 0 and 1.
  ///@{
  [[nodiscard]] float centre(std::size_t i) const noexcept { return i < columns() ? data_.centres()[i] : 0.0f; }
  [[nodiscard]] float deviation(std::size_t i) const noexcept { return i < columns() ? data_.deviations()[i] : 1.0f; }
  ///@}

  /// For the library alone.
  [[nodiscard]] const NormalizerData& inside() const noexcept { return data_; }

 private:
  NormalizerData data_;
};

/// What folding may cost, relative: two standard deviations of the error of pre-activations, over the root mean square
/// of the pre-activations themselves, both estimated over rows whose normalized columns are independent. Predictions
/// then agree within 2e-6 of 1 or of the row's largest output (measured over random networks).
inline constexpr float kFoldTolerance = 2e-6f;

/// Puts apply() into the weights and biases of the first layer: from then on the network takes rows as they come, at no
/// cost, and a model that is written needs no second file. With centre c and deviation s of each input
///
///     w = W / s,   b = B - sum of c w
///
/// The product then passes through numbers as large as c w on the way to a small sum, and each of its roundings costs
/// 2^-24 of them. A mean of ten deviations costs nothing that shows. One of a hundred needs a tolerance of about 2e-5.
/// One of ten thousand, as of a clock, would leave three digits: subtract a constant, in integers, before there is a
/// float, or call apply() on each row. What costs more than `tolerance` is refused with lost_precision.
///
/// Fold once, after training: a Trainer's state is of the weights before.
/// Returns ok, not_bound, nothing_observed, bad_columns, overlapping_memory, bad_setting (`tolerance` is not in [0,
/// 1]), bad_layer (the first layer is frozen, or has no biases and there is something to subtract), bad_parameter (one
/// that is not finite, before or after), or lost_precision.
Status fold(const Normalizer& inputs, const Network& network, float tolerance = kFoldTolerance) noexcept;

/// Puts undo() into the weights and biases of the last layer, whose activation is identity: w = s W, b = s B + c. Each
/// output has a cost of its own, relative to that output in its own unit.
/// Returns what fold() returns, or bad_activation (the last one is not identity); bad_layer is about the last layer.
Status fold_targets(const Normalizer& targets, const Network& network, float tolerance = kFoldTolerance) noexcept;

}  // namespace linnet
