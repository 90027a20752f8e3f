// Metrics of a world, in order.
#pragma once

#include <linnet/linnet.hpp>

#include "fuzz/lent.hpp"

namespace linnet_refusals {

struct Metrics {
  static constexpr std::size_t kWidth = 2;  // classes, labels, outputs

  linnet_fuzz::Lent<std::uint32_t> matrix{linnet::confusion_counts(kWidth), 1, 0};
  linnet_fuzz::Lent<std::uint32_t> counts{linnet::label_counts(kWidth), 1, 0};
  linnet_fuzz::Lent<float> memory{linnet::regression_floats(kWidth), 1, 0};

  // Arguments, which faults change.
  std::size_t width = kWidth;
  linnet::Span<std::uint32_t> matrix_lent = matrix.span(), counts_lent = counts.span();
  linnet::Span<float> lent = memory.span();

  // Objects.
  linnet::Confusion confusion, unbound_confusion;
  linnet::MultiLabel labels, unbound_labels;
  linnet::Regression errors, unbound_errors;
  linnet::TopK top{1}, none{0};
  bool is_bound = true, has_k = true;

  bool in_order = confusion.bind(kWidth, matrix.span()) == linnet::Status::ok &&
                  labels.bind(kWidth, counts.span()) == linnet::Status::ok &&
                  errors.bind(kWidth, memory.span()) == linnet::Status::ok;
};

}  // namespace linnet_refusals
