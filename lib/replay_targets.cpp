// Samples with rows of targets.
#include "replay_lent.hpp"

#include "finite.hpp"

namespace linnet {

Status Replay::bind(const ReplayInputs& inputs, Rows targets, Span<std::uint32_t> counts) noexcept {
  const ReplayGoals goals{targets.data(), targets.count(), targets.columns(), sizeof(float)};
  const Status status = check_lent(inputs, goals, replay::plain, counts);
  if (status == Status::ok) {
    take({inputs, targets, {}, {counts.data(), replay_counts()}, replay::plain});
  }
  return status;
}

Status Replay::add(Span<const float> inputs, Span<const float> targets, Pcg32& random) noexcept {
  if (const Status status = check_sample(inputs, false); status != Status::ok) {
    return status;
  }
  if (targets.data() == nullptr) {
    return Status::null_memory;
  }
  const std::size_t outputs = data_.targets.columns();
  if (targets.size() != outputs) {
    return Status::bad_columns;
  }
  if (touches(targets)) {
    return Status::overlapping_memory;
  }
  if (!all_finite(targets)) {
    return Status::bad_target;
  }
  const std::size_t place = keep(inputs, 0, random);
  for (std::size_t o = 0; o < outputs && place < capacity(); ++o) {
    data_.targets.data()[place * outputs + o] = targets[o];
  }
  return Status::ok;
}

Status Replay::draw(Rows inputs, Rows targets, Pcg32& random) const noexcept {
  if (const Status status = check_batch(inputs, targets.data(), targets.count(), false); status != Status::ok) {
    return status;
  }
  const std::size_t outputs = data_.targets.columns();
  if (targets.columns() != outputs) {
    return Status::bad_columns;
  }
  const Bytes lent[] = {ConstRows(inputs), ConstRows(targets), bytes_of(data_.inputs), ConstRows(data_.targets),
                        data_.counts};
  if (overlaps(lent, 2)) {
    return Status::overlapping_memory;
  }
  for (std::size_t b = 0; b < inputs.count(); ++b) {
    const std::size_t place = random.below(static_cast<std::uint32_t>(size()));
    data_.inputs.codec->read(data_.inputs, place, inputs.data() + b * inputs.columns());
    for (std::size_t o = 0; o < outputs; ++o) {
      targets.data()[b * outputs + o] = data_.targets.data()[place * outputs + o];
    }
  }
  return Status::ok;
}

}  // namespace linnet
