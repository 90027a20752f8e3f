#include "replay_lent.hpp"

#include "arithmetic/range.hpp"

namespace linnet {

namespace {

bool sound(const ReplayInputs& inputs) {
  return inputs.codec != nullptr && in_range(inputs.scale, 1e-30f, 1e30f) && in_range(inputs.offset, -1e30f, 1e30f);
}
bool sound(const ReplayChoice& choice) {
  return choice.chooser != nullptr && choice.classes <= 0xffff &&
         choice.chooser->looks_at_labels == (choice.classes > 0);
}

}  // namespace

Status check_lent(const ReplayInputs& inputs, const ReplayGoals& goals, const ReplayChoice& choice,
                  Span<std::uint32_t> counts) {
  if (!sound(inputs) || !sound(choice)) {
    return Status::bad_setting;
  }
  if (inputs.data == nullptr || goals.data == nullptr || counts.data() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.columns == 0 || goals.columns == 0) {
    return Status::bad_columns;
  }
  if (inputs.capacity == 0 || goals.count != inputs.capacity) {
    return Status::bad_batch;
  }
  if (layout::product(inputs.capacity, inputs.columns) == kTooLarge ||
      layout::product(inputs.capacity, goals.columns) == kTooLarge) {
    return Status::too_large;
  }
  const std::size_t needed = replay_counts(choice.classes);
  if (counts.size() < needed) {
    return Status::too_little_memory;
  }
  const Bytes lent[] = {bytes_of(inputs), goals.bytes(), Span<std::uint32_t>(counts.data(), needed)};
  return overlaps(lent, 3) ? Status::overlapping_memory : Status::ok;
}

void Replay::take(const ReplayData& data) noexcept {
  data_ = data;
  clear();
}

void Replay::clear() noexcept {
  for (std::uint32_t& count : data_.counts) {
    count = 0;
  }
}

std::uint32_t Replay::seen() const noexcept { return bound() ? data_.counts[0] : 0; }

std::size_t Replay::size() const noexcept { return seen() < capacity() ? seen() : capacity(); }

// ---- In and out.

// Whether floats share a byte with what is kept.
bool Replay::touches(Span<const float> floats) const noexcept {
  const Bytes lent[] = {floats, bytes_of(data_.inputs), ConstRows(data_.targets), data_.labels, data_.counts};
  return overlaps(lent, 1);
}

Status Replay::check_sample(Span<const float> inputs, bool labelled) const noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (labelled == data_.labels.empty()) {
    return Status::bad_config;
  }
  if (inputs.data() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.size() != data_.inputs.columns) {
    return Status::bad_columns;
  }
  if (touches(inputs)) {
    return Status::overlapping_memory;
  }
  return data_.inputs.codec->fits(data_.inputs, inputs.data()) ? Status::ok : Status::bad_input;
}

// The place of a new sample, in which its inputs are kept; capacity where it is passed over.
std::size_t Replay::keep(Span<const float> inputs, std::uint16_t label, Pcg32& random) noexcept {
  const ReplayPlaces places{capacity(), data_.choice.classes, data_.labels.data(), data_.counts.data()};
  const std::size_t place = data_.choice.chooser->place(places, label, random);
  if (place >= capacity()) {
    return capacity();
  }
  data_.inputs.codec->keep(data_.inputs, place, inputs.data());
  return place;
}

Status Replay::check_batch(Rows inputs, const void* goals, std::size_t count, bool labelled) const noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (labelled == data_.labels.empty()) {
    return Status::bad_config;
  }
  if (inputs.data() == nullptr || goals == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || count != inputs.count() || size() == 0 ||
      layout::product(inputs.count(), inputs.columns()) == kTooLarge) {
    return Status::bad_batch;
  }
  return inputs.columns() == data_.inputs.columns ? Status::ok : Status::bad_columns;
}

}  // namespace linnet
