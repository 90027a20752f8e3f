// What was learned, carried elsewhere: a part of its own, so that a program that does not keep it does not link it.
#include "normalizer.hpp"

namespace linnet {

namespace {

// Where a state has what.
constexpr std::size_t kScaling = 0;
constexpr std::size_t kFrozen = 1;
constexpr std::size_t kCount = 2;
constexpr std::size_t kColumns = 3;

// Whether rows can have given this.
bool is_sound(const NormalizerData& data, double first, double second, double count) {
  if (count == 0.0) {
    return first == 0.0 && second == 0.0;
  }
  constexpr double kMost = static_cast<double>(kLargest);
  constexpr double kRange = static_cast<double>(kMostOfRange);
  if (data.scaling == Scaling::standard) {
    return first >= -kMost && first <= kMost && second >= 0.0 && second <= kMost * kMost * count;
  }
  return first >= -kRange && first <= second && second <= kRange &&
         static_cast<double>(static_cast<float>(first)) == first &&
         static_cast<double>(static_cast<float>(second)) == second;
}

bool is_sound(const NormalizerData& data, Span<const double> state) {
  if (state.size() != normalizer_state(data.columns) || state[kScaling] != static_cast<double>(data.scaling) ||
      (state[kFrozen] != 0.0 && state[kFrozen] != 1.0)) {
    return false;
  }
  const double count = state[kCount];
  if (!(count >= 0.0 && count <= static_cast<double>(kMostRows)) ||
      static_cast<double>(static_cast<std::uint64_t>(count)) != count) {
    return false;
  }
  for (std::size_t i = 0; i < data.columns; ++i) {
    if (!is_sound(data, state[kColumns + i], state[kColumns + data.columns + i], count)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Status Normalizer::save(Span<double> state) const noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (state.data() == nullptr) {
    return Status::null_memory;
  }
  if (state.size() < normalizer_state(columns())) {
    return Status::too_little_memory;
  }
  const Bytes lent[] = {state, memory_of(data_)};
  if (overlaps(lent, 1)) {
    return Status::overlapping_memory;
  }
  state[kScaling] = static_cast<double>(data_.scaling);
  state[kFrozen] = data_.frozen ? 1.0 : 0.0;
  state[kCount] = static_cast<double>(data_.count);
  for (std::size_t i = 0; i < columns(); ++i) {
    state[kColumns + i] = double_at(data_.first(i));
    state[kColumns + columns() + i] = double_at(data_.second(i));
  }
  return Status::ok;
}

Status Normalizer::restore(Span<const double> state) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  if (state.data() == nullptr) {
    return Status::null_memory;
  }
  const Bytes lent[] = {memory_of(data_), state};
  if (overlaps(lent, 1)) {
    return Status::overlapping_memory;
  }
  if (!is_sound(data_, state)) {
    return Status::bad_state;
  }
  data_.frozen = state[kFrozen] != 0.0;
  data_.count = static_cast<std::uint64_t>(state[kCount]);
  for (std::size_t i = 0; i < columns(); ++i) {
    learn(data_, i, state[kColumns + i], state[kColumns + columns() + i]);
  }
  rescale(data_);
  return Status::ok;
}

}  // namespace linnet
