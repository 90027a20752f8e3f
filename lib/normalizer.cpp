#include <linnet/normalizer.hpp>

#include "normalizer.hpp"

namespace linnet {

namespace {

template <class T>
RowsOf<T> in_column(const RowsOf<T>& rows, const NormalizerData& data) {
  return data.columns == 1 && rows.count() == 1 ? RowsOf<T>(rows.data(), rows.columns(), 1) : rows;
}

// What every call asks of its rows.
Status check(const NormalizerData& data, const ConstRows& rows) {
  if (rows.data() == nullptr) {
    return Status::null_memory;
  }
  if (rows.count() == 0 || layout::product(rows.count(), rows.columns()) == kTooLarge) {
    return Status::bad_batch;
  }
  return rows.columns() != data.columns ? Status::bad_columns : Status::ok;
}

// Welford 1962, with `share` = 1 / the rows, this one included.
void observe_mean(const NormalizerData& data, std::size_t i, double x, double share) {
  const double before = x - double_at(data.first(i));
  const double mean = double_at(data.first(i)) + before * share;
  learn(data, i, mean, double_at(data.second(i)) + before * (x - mean));
}

void observe_range(const NormalizerData& data, std::size_t i, double x, bool is_first) {
  const double least = double_at(data.first(i));
  const double most = double_at(data.second(i));
  learn(data, i, is_first || x < least ? x : least, is_first || x > most ? x : most);
}

// Each row, one after the other.
void observe_all(NormalizerData& data, const ConstRows& rows) {
  const float* x = rows.data();
  for (std::size_t b = 0; b < rows.count(); ++b) {
    const bool is_first = data.count == 0;
    const double share = 1.0 / static_cast<double>(++data.count);
    for (std::size_t i = 0; i < data.columns; ++i, ++x) {
      data.scaling == Scaling::standard ? observe_mean(data, i, static_cast<double>(*x), share)
                                        : observe_range(data, i, static_cast<double>(*x), is_first);
    }
  }
}

// Chan, Golub & LeVeque 1979.
void merge_means(const NormalizerData& data, const NormalizerData& other, std::size_t i) {
  const double n = static_cast<double>(data.count);
  const double m = static_cast<double>(other.count);
  const double share = m / (n + m);
  const double mean = double_at(data.first(i));
  const double apart = double_at(other.first(i)) - mean;
  learn(data, i, mean + apart * share,
        double_at(data.second(i)) + double_at(other.second(i)) + apart * apart * n * share);
}

void merge_ranges(const NormalizerData& data, const NormalizerData& other, std::size_t i) {
  observe_range(data, i, double_at(other.first(i)), data.count == 0);
  observe_range(data, i, double_at(other.second(i)), false);
}

// rule(x, i) of every number, where all are finite.
template <class Rule>
Status map(const ConstRows& from, const Rows& to, Rule rule) {
  for (const bool write : {false, true}) {
    const float* x = from.data();
    float* y = to.data();
    for (std::size_t b = 0; b < from.count(); ++b) {
      for (std::size_t i = 0; i < from.columns(); ++i, ++x, ++y) {
        const float result = rule(*x, i);
        if (write) {
          *y = result;
        } else if (!is_finite(*x) || !is_finite(result)) {
          return is_finite(*x) ? Status::diverged : Status::bad_input;
        }
      }
    }
  }
  return Status::ok;
}

// What apply() and undo() ask for.
Status check(const NormalizerData& data, const ConstRows& from, const Rows& to) {
  if (data.memory == nullptr) {
    return Status::not_bound;
  }
  if (data.count == 0) {
    return Status::nothing_observed;
  }
  if (const Status status = check(data, from); status != Status::ok) {
    return status;
  }
  if (to.data() == nullptr) {
    return Status::null_memory;
  }
  if (to.count() != from.count()) {
    return Status::bad_batch;
  }
  if (to.columns() != from.columns()) {
    return Status::bad_columns;
  }
  const Bytes lent[] = {ConstRows(to), memory_of(data), from};
  const Bytes in_place[] = {ConstRows(to), memory_of(data)};
  return (to.data() == from.data() ? overlaps(in_place, 1) : overlaps(lent, 1)) ? Status::overlapping_memory
                                                                                : Status::ok;
}

}  // namespace

Status Normalizer::bind(std::size_t columns, const Span<float>& memory, Scaling scaling) noexcept {
  if (scaling != Scaling::standard && scaling != Scaling::min_max) {
    return Status::bad_setting;
  }
  if (columns == 0) {
    return Status::bad_columns;
  }
  if (const Status status = check_memory(memory.data(), memory.size(), normalizer_floats(columns));
      status != Status::ok) {
    return status;
  }
  data_ = {memory.data(), columns, 0, scaling, false};
  for (std::size_t i = 0; i < columns; ++i) {
    learn(data_, i, 0.0, 0.0);
  }
  rescale(data_);
  return Status::ok;
}

Status Normalizer::observe(const ConstRows& rows) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  const ConstRows seen = in_column(rows, data_);
  if (const Status status = check(data_, seen); status != Status::ok) {
    return status;
  }
  if (seen.count() > kMostRows - data_.count) {
    return Status::bad_batch;
  }
  const Bytes lent[] = {memory_of(data_), seen};
  if (overlaps(lent, 1)) {
    return Status::overlapping_memory;
  }
  const std::size_t numbers = seen.count() * data_.columns;
  const float most = data_.scaling == Scaling::standard ? kLargest : kMostOfRange;
  for (std::size_t k = 0; k < numbers; ++k) {
    if (!(magnitude(seen.data()[k]) <= most)) {
      return Status::bad_input;
    }
  }
  if (data_.frozen) {
    return Status::ok;
  }
  observe_all(data_, seen);
  rescale(data_);
  return Status::ok;
}

Status Normalizer::merge(const Normalizer& other) noexcept {
  const NormalizerData& from = other.data_;
  if (!bound() || !other.bound()) {
    return Status::not_bound;
  }
  if (overlap(memory_of(data_), memory_of(from))) {
    return Status::overlapping_memory;
  }
  if (from.columns != data_.columns) {
    return Status::bad_columns;
  }
  if (from.scaling != data_.scaling) {
    return Status::bad_setting;
  }
  if (from.count > kMostRows - data_.count) {
    return Status::bad_batch;
  }
  if (data_.frozen || from.count == 0) {
    return Status::ok;
  }
  for (std::size_t i = 0; i < data_.columns; ++i) {
    data_.scaling == Scaling::standard ? merge_means(data_, from, i) : merge_ranges(data_, from, i);
  }
  data_.count += from.count;
  rescale(data_);
  return Status::ok;
}

Status Normalizer::apply(const ConstRows& from, const Rows& to) const noexcept {
  const ConstRows x = in_column(from, data_);
  const Rows y = in_column(to, data_);
  const Status status = check(data_, x, y);
  return status != Status::ok ? status : map(x, y, [this](float number, std::size_t i) {
    return divide((number - data_.centres()[i]) - data_.rests()[i], data_.deviations()[i]);
  });
}

Status Normalizer::undo(const ConstRows& from, const Rows& to) const noexcept {
  const ConstRows x = in_column(from, data_);
  const Rows y = in_column(to, data_);
  const Status status = check(data_, x, y);
  return status != Status::ok ? status : map(x, y, [this](float number, std::size_t i) {
    return multiply_add(number, data_.deviations()[i], data_.rests()[i]) + data_.centres()[i];
  });
}

}  // namespace linnet
