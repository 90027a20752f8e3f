// What can be wrong with metrics and what they count.
#pragma once

#include <limits>

#include "refusals/fault.hpp"

namespace linnet_refusals {

inline const std::vector<Fault>& metric_faults() {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  static const std::vector<Fault> all = {
      {"no metric is bound", Status::not_bound, [](World& at) { at.metrics.is_bound = false; }},
      {"no memory for metrics", Status::null_memory,
       [](World& at) {
         at.metrics.matrix_lent = at.metrics.counts_lent = {nullptr, 1000};
         at.metrics.lent = {nullptr, 1000};
       }},
      {"an element of metrics too few", Status::too_little_memory,
       [](World& at) {
         at.metrics.matrix_lent = {at.metrics.matrix.data(), at.metrics.matrix.size() - 1};
         at.metrics.counts_lent = {at.metrics.counts.data(), at.metrics.counts.size() - 1};
         at.metrics.lent = {at.metrics.memory.data(), at.metrics.memory.size() - 1};
       }},
      {"classes, labels or outputs that cannot be counted", Status::too_large,
       [](World& at) { at.metrics.width = std::size_t{1} << 29; }},
      {"no classes, labels or outputs", Status::bad_columns, [](World& at) { at.metrics.width = 0; }},
      {"outputs of no width", Status::bad_columns,
       [](World& at) {
         at.outputs = {at.written.data(), kRows, 0};
       }},
      {"an output that is NaN", Status::bad_input,
       [](World& at) { at.written.data()[5] = at.written.data()[2] = kNaN; }},
      {"k of 0", Status::bad_setting, [](World& at) { at.metrics.has_k = false; }},
      {"outputs in a confusion matrix", Status::overlapping_memory,
       [](World& at) {
         at.outputs = {reinterpret_cast<float*>(at.metrics.matrix.data()), kRows, kOutputs};
       },
       "Confusion::add"},
      {"outputs in counts of labels", Status::overlapping_memory,
       [](World& at) {
         at.outputs = {reinterpret_cast<float*>(at.metrics.counts.data()), kRows, kOutputs};
       },
       "MultiLabel::add"},
      {"outputs in sums of errors", Status::overlapping_memory,
       [](World& at) {
         at.outputs = {at.metrics.memory.data(), kRows, kOutputs};
       },
       "Regression::add"}};
  return all;
}

}  // namespace linnet_refusals
