#include "samples.hpp"

#include "loss/descriptor.hpp"

namespace linnet {

namespace {

bool countable(ConstRows rows) { return layout::product(rows.count(), rows.columns()) != kTooLarge; }  // in floats

// The numbers of some samples, or of all.
struct Chosen {
  Span<const std::uint32_t> order;
  std::size_t all;

  [[nodiscard]] std::size_t count() const { return order.empty() ? all : order.size(); }
  std::size_t operator[](std::size_t k) const { return order.empty() ? k : order[k]; }
};

Status check_labels(const Samples& samples, const Chosen& chosen, const Wanted& wanted, Fault& fault) {
  for (std::size_t k = 0; k < chosen.count(); ++k) {
    const std::uint16_t label = samples.labels[chosen[k]];
    if (label >= wanted.classes && !is_ignored(wanted.ignores, label)) {
      fault.sample = wanted.classes > 0 ? chosen[k] : kNowhere;
      return Status::bad_label;
    }
  }
  return Status::ok;
}

Status check_rows(ConstRows rows, const Chosen& chosen, bool unit_range, Status bad, Fault& fault) {
  for (std::size_t k = 0; k < chosen.count(); ++k) {
    const float* x = rows.data() + chosen[k] * rows.columns();
    for (std::size_t column = 0; column < rows.columns(); ++column) {
      if (!(unit_range ? x[column] >= 0.0f && x[column] <= 1.0f : is_finite(x[column]))) {
        fault.sample = chosen[k];
        fault.column = column;
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
  if (samples.weights.data() != nullptr && samples.weighting == nullptr) {  // nobody would look at them
    return Status::bad_setting;
  }
  const std::size_t count = samples.labelled ? samples.labels.size() : samples.targets.count();
  return order.empty() || order.size() > kMaxFloats || samples.inputs.count() != count || !countable(samples.inputs) ||
                 !countable(samples.targets)
             ? Status::bad_batch
             : Status::ok;
}

Samples in_rows(const Samples& samples, std::size_t outputs) noexcept {
  const ConstRows t = samples.targets;
  Samples result = samples;
  if (!samples.labelled && outputs == 1 && t.count() == 1) {
    result.targets = ConstRows(t.data(), t.columns(), 1);
  }
  return result;
}

Wanted wanted_by(const Trainer& trainer) noexcept {
  const TopologyView topology = trainer.network().topology();
  const LossDescriptor& loss = *trainer.config().loss.descriptor;
  const std::size_t outputs = topology.outputs();
  // what labels mean to a loss of the program's own is its business
  const std::size_t classes = loss.id == LossId::own ? 0x10000 : classes_of(loss, outputs);
  return {topology.inputs, outputs, classes, loss.targets_in_unit_range, loss.ignores};
}

Status check_values(const Samples& samples, Span<const std::uint32_t> order, const Wanted& wanted,
                    Fault& fault) noexcept {
  for (const std::uint32_t number : order) {
    if (number >= samples.inputs.count()) {
      fault.sample = number;
      return Status::bad_order;
    }
  }
  if (samples.inputs.columns() != wanted.inputs || (!samples.labelled && samples.targets.columns() != wanted.outputs)) {
    return Status::bad_columns;
  }
  const Chosen chosen{order, samples.inputs.count()};
  Status status = samples.labelled ? check_labels(samples, chosen, wanted, fault) : Status::ok;
  if (status == Status::ok) {
    status = check_rows(samples.inputs, chosen, false, Status::bad_input, fault);
  }
  if (status == Status::ok && !samples.labelled) {
    status = check_rows(samples.targets, chosen, wanted.unit_range, Status::bad_target, fault);
  }
  return status;
}

}  // namespace linnet
