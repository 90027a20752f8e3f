// Samples with labels.
#include "replay_lent.hpp"

namespace linnet {

Status Replay::bind(const ReplayInputs& inputs, Span<std::uint16_t> labels, Span<std::uint32_t> counts,
                    const ReplayChoice& choice) noexcept {
  const ReplayGoals goals{labels.data(), labels.size(), 1, sizeof(std::uint16_t)};
  const Status status = check_lent(inputs, goals, choice, counts);
  if (status == Status::ok) {
    take({inputs, {}, labels, {counts.data(), replay_counts(choice.classes)}, choice});
  }
  return status;
}

Status Replay::add(Span<const float> inputs, std::uint16_t label, Pcg32& random) noexcept {
  if (const Status status = check_sample(inputs, true); status != Status::ok) {
    return status;
  }
  if (data_.choice.classes > 0 && label >= data_.choice.classes) {
    return Status::bad_label;
  }
  if (const std::size_t place = keep(inputs, label, random); place < capacity()) {
    data_.labels[place] = label;
  }
  return Status::ok;
}

Status Replay::draw(Rows inputs, Span<std::uint16_t> labels, Pcg32& random) const noexcept {
  if (const Status status = check_batch(inputs, labels.data(), labels.size(), true); status != Status::ok) {
    return status;
  }
  const Bytes lent[] = {ConstRows(inputs), labels, bytes_of(data_.inputs), data_.labels, data_.counts};
  if (overlaps(lent, 2)) {
    return Status::overlapping_memory;
  }
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const std::size_t place = random.below(static_cast<std::uint32_t>(size()));
    data_.inputs.codec->read(data_.inputs, place, inputs.data() + b * inputs.columns());
    labels[b] = data_.labels[place];
  }
  return Status::ok;
}

}  // namespace linnet
