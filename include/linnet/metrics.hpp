#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// @file
/// How good predictions are: counted batch by batch, so that no row is kept. All work on what a network gave, whoever
/// ran it. What would be 0 / 0 is 0, as scikit-learn's zero_division=0 has it. A call looks at all rows before the
/// first one counts. Copies of the classes here would share what is lent: there are none.
namespace linnet {

/// Where a network's own decision lies, between a label and none: 0.5 where its last activation gives probabilities
/// (sigmoid, hard_sigmoid, softmax), else 0, as of logits (identity) and tanh. A network that learned targets of 0 and
/// 1 with identity and a mean squared error decides at 0.5: name that. 0 of a network that is not bound.
float decision_boundary(const Network& network) noexcept;

/// Precision, recall and F1, each in [0, 1].
struct Rates {
  float precision;  ///< share of those predicted that are right
  float recall;     ///< share of those there that were predicted
  float f1;         ///< 2 precision recall / (precision + recall)
};

/// How often one class or label was right and wrong. Plain data.
struct ClassCounts {
  std::uint32_t true_positives;   ///< there, and predicted
  std::uint32_t false_positives;  ///< predicted, and not there
  std::uint32_t false_negatives;  ///< there, and not predicted

  /// tp / (tp + fp), tp / (tp + fn), 2 tp / (2 tp + fp + fn)
  [[nodiscard]] Rates rates() const noexcept;
};

/// Counts that a Confusion borrows.
constexpr std::size_t confusion_counts(std::size_t classes) noexcept { return layout::product(classes, classes); }

/// Which class was taken for which: a confusion matrix.
class Confusion {
 public:
  Confusion() noexcept = default;
  Confusion(const Confusion&) = delete;
  Confusion& operator=(const Confusion&) = delete;

  /// Begins with no rows. `counts` has confusion_counts(classes) or more elements, which stay lent: afterwards element
  /// truth * classes + predicted.
  /// Returns ok, null_memory, too_little_memory, too_large or bad_columns (fewer than 2 classes).
  Status bind(std::size_t classes, const Span<std::uint32_t>& counts) noexcept;

  /// Counts `outputs` (rows, classes): the class with the largest output is predicted, of equal ones the first. Rows
  /// whose label is kIgnored do not count.
  /// Returns ok, not_bound, null_memory, bad_batch (no rows, more than kMaxFloats, not as many of each, or more than
  /// 2^32 - 1 in all), bad_columns, overlapping_memory, bad_label or bad_input (NaN or infinity in the outputs).
  Status add(const ConstRows& outputs, Labels labels) noexcept;
  /// The same of two classes and one output (rows, 1), or a row of them: class 1 is predicted where it is above
  /// `threshold`, such as decision_boundary().
  /// Returns what the call above returns, or bad_setting (the threshold is not finite).
  Status add(const ConstRows& outputs, Labels labels, float threshold) noexcept;

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return counts_ != nullptr; }
  /// Rows counted.
  [[nodiscard]] std::uint32_t total() const noexcept { return total_; }
  /// Rows of class `truth` that were taken for `predicted`; 0 where there are no such classes.
  [[nodiscard]] std::uint32_t count(std::size_t truth, std::size_t predicted) const noexcept;
  /// Of one class against all others; 0 where there is no such class.
  [[nodiscard]] ClassCounts of(std::size_t c) const noexcept;
  /// Share of rows that are right.
  [[nodiscard]] float accuracy() const noexcept;
  /// Means over the classes that are there or were predicted, each class once.
  [[nodiscard]] Rates macro() const noexcept;

 private:
  Status check(const ConstRows& outputs, Labels labels, std::size_t columns) const noexcept;

  std::uint32_t* counts_ = nullptr;  // (classes, classes)
  std::size_t classes_ = 0;
  std::uint32_t total_ = 0;
};

/// Share of rows whose label is among the k largest outputs. Of equal outputs the first are the larger.
class TopK {
 public:
  /// Begins with no rows.
  explicit constexpr TopK(std::size_t k) noexcept : k_(k) {}

  /// Counts `outputs` (rows, classes). Rows whose label is kIgnored do not count.
  /// Returns ok, null_memory, bad_batch (as of Confusion::add()), bad_columns (no outputs), bad_setting (k is 0, or
  /// more than there are classes), bad_label or bad_input (NaN or infinity in the outputs).
  Status add(const ConstRows& outputs, Labels labels) noexcept;

  /// Rows counted.
  [[nodiscard]] std::uint32_t total() const noexcept { return total_; }
  /// Their share that is right.
  [[nodiscard]] float accuracy() const noexcept;

 private:
  std::size_t k_;
  std::uint32_t right_ = 0;
  std::uint32_t total_ = 0;
};

/// Counts that a MultiLabel borrows.
constexpr std::size_t label_counts(std::size_t labels) noexcept { return layout::product(3, labels); }

/// Several labels a row, or none: each is predicted or not by itself.
class MultiLabel {
 public:
  MultiLabel() noexcept = default;
  MultiLabel(const MultiLabel&) = delete;
  MultiLabel& operator=(const MultiLabel&) = delete;

  /// Begins with no rows. `counts` has label_counts(labels) or more elements, which stay lent.
  /// Returns ok, null_memory, too_little_memory, too_large or bad_columns (no labels).
  Status bind(std::size_t labels, const Span<std::uint32_t>& counts) noexcept;

  /// Counts `outputs` and `targets` (rows, labels): a label is predicted where the output is above `threshold`, such as
  /// decision_boundary(), and there where the target is above 0.5.
  /// Returns ok, not_bound, null_memory, bad_batch (as of Confusion::add()), bad_columns, overlapping_memory,
  /// bad_setting (the threshold is not finite), bad_input or bad_target (NaN or infinity in the outputs, in the
  /// targets).
  Status add(const ConstRows& outputs, const ConstRows& targets, float threshold) noexcept;

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return counts_ != nullptr; }
  /// Rows counted.
  [[nodiscard]] std::uint32_t total() const noexcept { return total_; }
  /// Of one label; 0 where there is no such label.
  [[nodiscard]] ClassCounts of(std::size_t label) const noexcept;
  /// Share of rows in which this label is right; 0 where there is no such label.
  [[nodiscard]] float accuracy(std::size_t label) const noexcept;
  /// The mean of these over all labels.
  [[nodiscard]] float accuracy() const noexcept;
  /// Share of rows in which all labels are right.
  [[nodiscard]] float exact() const noexcept;
  /// Means over the labels that are there or were predicted, each label once.
  [[nodiscard]] Rates macro() const noexcept;

 private:
  std::uint32_t* counts_ = nullptr;  // (labels, 3): as in ClassCounts
  std::size_t labels_ = 0;
  std::uint32_t total_ = 0;
  std::uint32_t exact_ = 0;
};

/// Floats that a Regression borrows.
constexpr std::size_t regression_floats(std::size_t outputs) noexcept { return layout::product(8, outputs); }

/// Errors of numbers, in 64-bit floats: no row is kept, and targets may be far from 0 (Welford 1962).
class Regression {
 public:
  Regression() noexcept = default;
  Regression(const Regression&) = delete;
  Regression& operator=(const Regression&) = delete;

  /// Begins with no rows. `memory` has regression_floats(outputs) or more floats, which stay lent.
  /// Returns ok, null_memory, too_little_memory, too_large or bad_columns (no outputs).
  Status bind(std::size_t outputs, const Span<float>& memory) noexcept;

  /// Counts `outputs` and `targets` (rows, outputs); of one output, one row is understood as a column.
  /// Returns ok, not_bound, null_memory, bad_batch (as of Confusion::add()), bad_columns, overlapping_memory, bad_input
  /// or bad_target (NaN or infinity in the outputs, in the targets).
  Status add(const ConstRows& outputs, const ConstRows& targets) noexcept;

  /// Whether bind() was successful.
  [[nodiscard]] bool bound() const noexcept { return memory_ != nullptr; }
  /// Rows counted.
  [[nodiscard]] std::uint32_t total() const noexcept { return total_; }
  /// Of one output: the mean of (y - t)^2, that of |y - t|, and R2 = 1 - the sum of (y - t)^2 over that of (t - their
  /// mean)^2. Errors are the largest float where they would be larger. R2 of constant targets is 1 where all are met,
  /// else 0. All are 0 before the first row and where there is no such output.
  ///@{
  [[nodiscard]] float mean_squared_error(std::size_t o) const noexcept;
  [[nodiscard]] float mean_absolute_error(std::size_t o) const noexcept;
  [[nodiscard]] float r2(std::size_t o) const noexcept;
  ///@}
  /// The means over all outputs.
  ///@{
  [[nodiscard]] float mean_squared_error() const noexcept;
  [[nodiscard]] float mean_absolute_error() const noexcept;
  [[nodiscard]] float r2() const noexcept;
  ///@}

 private:
  float* memory_ = nullptr;  // (outputs, 4) 64-bit floats
  std::size_t outputs_ = 0;
  std::uint32_t total_ = 0;
};

}  // namespace linnet
