#include "samples.hpp"

namespace linnet {

namespace {

bool countable(Rows rows) { return layout::product(rows.count(), rows.columns()) != kTooLarge; }  // in floats

Status check_labels(const Samples& samples, Span<const std::uint32_t> order, std::size_t classes) {
  for (const std::uint32_t number : order) {
    if (samples.labels[number] >= classes) {
      return Status::bad_label;
    }
  }
  return Status::ok;
}

Status check_rows(Rows rows, Span<const std::uint32_t> order, bool unit_range, Status bad) {
  for (const std::uint32_t number : order) {
    const float* x = rows.data() + number * rows.columns();
    for (std::size_t k = 0; k < rows.columns(); ++k) {
      if (!(unit_range ? x[k] >= 0.0f && x[k] <= 1.0f : is_finite(x[k]))) {
        return bad;
      }
    }
  }
  return Status::ok;
}

}  // namespace

Status check_samples(const Samples& samples, Span<const std::uint32_t> order) noexcept {
  const void* goals = samples.labelled ? static_cast<const void*>(samples.labels.data())
                                       : static_cast<const void*>(samples.targets.data());
  if (samples.inputs.data() == nullptr || goals == nullptr || order.data() == nullptr) {
    return Status::null_memory;
  }
  const std::size_t count = samples.labelled ? samples.labels.size() : samples.targets.count();
  return order.empty() || order.size() > kMostFloats || samples.inputs.count() != count || !countable(samples.inputs) ||
                 !countable(samples.targets)
             ? Status::bad_batch
             : Status::ok;
}

Status check_values(const Samples& samples, Span<const std::uint32_t> order, const Wanted& wanted) noexcept {
  for (const std::uint32_t number : order) {
    if (number >= samples.inputs.count()) {
      return Status::bad_argument;
    }
  }
  if (samples.inputs.columns() != wanted.inputs || (!samples.labelled && samples.targets.columns() != wanted.outputs)) {
    return Status::bad_columns;
  }
  if (samples.labelled) {
    if (const Status status = check_labels(samples, order, wanted.classes); status != Status::ok) {
      return status;
    }
  }
  if (const Status status = check_rows(samples.inputs, order, false, Status::bad_input); status != Status::ok) {
    return status;
  }
  return samples.labelled ? Status::ok : check_rows(samples.targets, order, wanted.unit_range, Status::bad_target);
}

}  // namespace linnet
