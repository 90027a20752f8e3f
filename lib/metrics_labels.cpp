// Of several labels a row.
#include "metrics.hpp"

namespace linnet {

namespace {

constexpr std::size_t kTruePositives = 0;
constexpr std::size_t kFalsePositives = 1;
constexpr std::size_t kFalseNegatives = 2;

// Whether all labels of a row are right.
//   y, t: (labels), counts: (labels, 3)
bool count_row(const float* y, const float* t, float threshold, std::uint32_t* counts, std::size_t labels) {
  std::size_t right = 0;
  for (std::size_t l = 0; l < labels; ++l, counts += 3) {
    const bool predicted = y[l] > threshold;
    const bool there = t[l] > 0.5f;
    right += predicted == there ? 1 : 0;
    counts[kTruePositives] += predicted && there ? 1U : 0U;
    counts[kFalsePositives] += predicted && !there ? 1U : 0U;
    counts[kFalseNegatives] += !predicted && there ? 1U : 0U;
  }
  return right == labels;
}

}  // namespace

Status MultiLabel::bind(std::size_t labels, const Span<std::uint32_t>& counts) noexcept {
  if (labels == 0) {
    return Status::bad_columns;
  }
  if (const Status status = start(counts, label_counts(labels)); status != Status::ok) {
    return status;
  }
  counts_ = counts.data();
  labels_ = labels;
  total_ = exact_ = 0;
  return Status::ok;
}

Status MultiLabel::add(const ConstRows& outputs, const ConstRows& targets, float threshold) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (const Status status = check_rows(outputs, targets.data(), targets.count(), total_); status != Status::ok) {
    return status;
  }
  if (outputs.columns() != labels_ || targets.columns() != labels_) {
    return Status::bad_columns;
  }
  const Bytes lent[] = {Span<std::uint32_t>(counts_, label_counts(labels_)), outputs, targets};
  if (overlaps(lent, 1)) {
    return Status::overlapping_memory;
  }
  if (!is_finite(threshold)) {
    return Status::bad_setting;
  }
  if (!all_finite(outputs) || !all_finite(targets)) {
    return all_finite(outputs) ? Status::bad_target : Status::bad_input;
  }
  for (std::size_t b = 0; b < outputs.count(); ++b) {
    const std::size_t at = b * labels_;
    const bool is_exact = count_row(outputs.data() + at, targets.data() + at, threshold, counts_, labels_);
    exact_ += is_exact ? 1U : 0U;
    ++total_;
  }
  return Status::ok;
}

ClassCounts MultiLabel::of(std::size_t label) const noexcept {
  if (label >= labels_) {
    return {0, 0, 0};
  }
  const std::uint32_t* counts = counts_ + 3 * label;
  return {counts[kTruePositives], counts[kFalsePositives], counts[kFalseNegatives]};
}

float MultiLabel::accuracy(std::size_t label) const noexcept {
  const ClassCounts counts = of(label);
  const double wrong = static_cast<double>(counts.false_positives) + static_cast<double>(counts.false_negatives);
  const double all = static_cast<double>(total_);
  return label < labels_ ? share_of(all - wrong, all) : 0.0f;
}

float MultiLabel::accuracy() const noexcept {
  double wrong = 0.0;
  for (std::size_t l = 0; l < labels_; ++l) {
    const ClassCounts counts = of(l);
    wrong += static_cast<double>(counts.false_positives) + static_cast<double>(counts.false_negatives);
  }
  const double all = static_cast<double>(total_) * static_cast<double>(labels_);
  return share_of(all - wrong, all);
}

float MultiLabel::exact() const noexcept { return share_of(static_cast<double>(exact_), static_cast<double>(total_)); }

Rates MultiLabel::macro() const noexcept { return macro_of(*this, labels_); }

}  // namespace linnet
