// Of one label a row.
#include "metrics.hpp"

namespace linnet {

namespace {

// One row of outputs for each label, where they are in a row.
ConstRows in_column(const ConstRows& outputs, Labels labels) {
  const bool is_row = outputs.count() == 1 && outputs.columns() == labels.size();
  return is_row ? ConstRows(outputs.data(), outputs.columns(), 1) : outputs;
}

// How many of n outputs are larger than the one at `label`; equal ones before it are.
std::size_t rank_of(const float* y, std::size_t n, std::size_t label) {
  std::size_t larger = 0;
  for (std::size_t c = 0; c < n; ++c) {
    larger += y[c] > y[label] || (y[c] == y[label] && c < label) ? 1 : 0;
  }
  return larger;
}

std::size_t place_of_largest(const float* y, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < n; ++c) {
    best = y[c] > y[best] ? c : best;
  }
  return best;
}

}  // namespace

Status Confusion::bind(std::size_t classes, const Span<std::uint32_t>& counts) noexcept {
  if (classes < 2) {
    return Status::bad_columns;
  }
  if (const Status status = start(counts, confusion_counts(classes)); status != Status::ok) {
    return status;
  }
  counts_ = counts.data();
  classes_ = classes;
  total_ = 0;
  return Status::ok;
}

Status Confusion::check(const ConstRows& outputs, Labels labels, std::size_t columns) const noexcept {
  if (const Status status = check_rows(outputs, labels.data(), labels.size(), total_); status != Status::ok) {
    return status;
  }
  if (outputs.columns() != columns) {
    return Status::bad_columns;
  }
  const Bytes lent[] = {Span<std::uint32_t>(counts_, confusion_counts(classes_)), outputs, labels};
  if (overlaps(lent, 1)) {
    return Status::overlapping_memory;
  }
  if (const Status status = check_labels(labels, classes_); status != Status::ok) {
    return status;
  }
  return all_finite(outputs) ? Status::ok : Status::bad_input;
}

Status Confusion::add(const ConstRows& outputs, Labels labels) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (const Status status = check(outputs, labels, classes_); status != Status::ok) {
    return status;
  }
  for (std::size_t b = 0; b < labels.size(); ++b) {
    if (!is_passed_over(labels[b], classes_)) {
      ++counts_[labels[b] * classes_ + place_of_largest(outputs.data() + b * classes_, classes_)];
      ++total_;
    }
  }
  return Status::ok;
}

Status Confusion::add(const ConstRows& outputs, Labels labels, float threshold) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (classes_ != 2) {
    return Status::bad_columns;
  }
  const ConstRows column = in_column(outputs, labels);
  if (const Status status = check(column, labels, 1); status != Status::ok) {
    return status;
  }
  if (!is_finite(threshold)) {
    return Status::bad_setting;
  }
  for (std::size_t b = 0; b < labels.size(); ++b) {
    if (!is_passed_over(labels[b], 2)) {
      ++counts_[labels[b] * std::size_t{2} + (column.data()[b] > threshold ? 1 : 0)];
      ++total_;
    }
  }
  return Status::ok;
}

std::uint32_t Confusion::count(std::size_t truth, std::size_t predicted) const noexcept {
  return truth < classes_ && predicted < classes_ ? counts_[truth * classes_ + predicted] : 0;
}

ClassCounts Confusion::of(std::size_t c) const noexcept {
  ClassCounts result{count(c, c), 0, 0};
  for (std::size_t other = 0; other < classes_; ++other) {
    result.false_positives += other != c ? count(other, c) : 0U;
    result.false_negatives += other != c ? count(c, other) : 0U;
  }
  return result;
}

float Confusion::accuracy() const noexcept {
  std::uint32_t right = 0;
  for (std::size_t c = 0; c < classes_; ++c) {
    right += count(c, c);
  }
  return share_of(static_cast<double>(right), static_cast<double>(total_));
}

Rates Confusion::macro() const noexcept { return macro_of(*this, classes_); }

Status TopK::add(const ConstRows& outputs, Labels labels) noexcept {
  if (const Status status = check_rows(outputs, labels.data(), labels.size(), total_); status != Status::ok) {
    return status;
  }
  const std::size_t classes = outputs.columns();
  if (classes == 0) {
    return Status::bad_columns;
  }
  if (k_ == 0 || k_ > classes) {
    return Status::bad_setting;
  }
  if (const Status status = check_labels(labels, classes); status != Status::ok) {
    return status;
  }
  if (!all_finite(outputs)) {
    return Status::bad_input;
  }
  for (std::size_t b = 0; b < labels.size(); ++b) {
    if (!is_passed_over(labels[b], classes)) {
      right_ += rank_of(outputs.data() + b * classes, classes, labels[b]) < k_ ? 1U : 0U;
      ++total_;
    }
  }
  return Status::ok;
}

float TopK::accuracy() const noexcept { return share_of(static_cast<double>(right_), static_cast<double>(total_)); }

}  // namespace linnet
