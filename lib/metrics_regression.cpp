// Of numbers.
#include "metrics.hpp"

namespace linnet {

namespace {

constexpr double kLargestFloat = 0x1.fffffep127;

// Of one output: sums over all rows, 64-bit floats among the lent ones.
struct Errors {
  double mean;     // of the targets
  double spread;   // of their squared differences from it
  double squares;  // of the errors
  double sizes;    // of the errors

  // Welford 1962, with `share` = 1 / the rows, this one included.
  void add(double y, double t, double share) {
    const double before = t - mean;
    mean += before * share;
    spread += before * (t - mean);
    squares += (y - t) * (y - t);
    sizes += y > t ? y - t : t - y;
  }
};

constexpr std::size_t kFloats = sizeof(Errors) / sizeof(float);
static_assert(regression_floats(1) == kFloats, "as the header counts");

Errors errors_at(const float* memory, std::size_t o) {
  Errors result;
  __builtin_memcpy(&result, memory + o * kFloats, sizeof result);
  return result;
}
void put(float* memory, std::size_t o, const Errors& errors) {
  __builtin_memcpy(memory + o * kFloats, &errors, sizeof errors);
}

float float_near(double x) {
  return static_cast<float>(x > kLargestFloat ? kLargestFloat : x < -kLargestFloat ? -kLargestFloat : x);
}

double squared(const Errors& errors, double rows) { return errors.squares / rows; }
double absolute(const Errors& errors, double rows) { return errors.sizes / rows; }
double explained(const Errors& errors, double /*rows*/) {
  return errors.spread > 0.0 ? 1.0 - errors.squares / errors.spread : errors.squares > 0.0 ? 0.0 : 1.0;
}

// The mean of a metric over the outputs [first, last); 0 of none, and of no rows.
float mean_of(const float* memory, std::size_t first, std::size_t last, std::uint32_t total,
              double (*metric)(const Errors&, double rows)) {
  double sum = 0.0;
  for (std::size_t o = first; o < last && total > 0; ++o) {
    sum += metric(errors_at(memory, o), static_cast<double>(total));
  }
  return first < last ? float_near(sum / static_cast<double>(last - first)) : 0.0f;
}

ConstRows in_column(const ConstRows& rows, std::size_t outputs) {
  return outputs == 1 && rows.count() == 1 ? ConstRows(rows.data(), rows.columns(), 1) : rows;
}

}  // namespace

Status Regression::bind(std::size_t outputs, const Span<float>& memory) noexcept {
  if (outputs == 0) {
    return Status::bad_columns;
  }
  if (const Status status = check_memory(memory.data(), memory.size(), regression_floats(outputs));
      status != Status::ok) {
    return status;
  }
  memory_ = memory.data();
  outputs_ = outputs;
  total_ = 0;
  for (std::size_t o = 0; o < outputs; ++o) {
    put(memory_, o, {0.0, 0.0, 0.0, 0.0});
  }
  return Status::ok;
}

Status Regression::add(const ConstRows& outputs, const ConstRows& targets) noexcept {
  if (!bound()) {
    return Status::not_bound;
  }
  const ConstRows y = in_column(outputs, outputs_);
  const ConstRows t = in_column(targets, outputs_);
  if (const Status status = check_rows(y, t.data(), t.count(), total_); status != Status::ok) {
    return status;
  }
  if (y.columns() != outputs_ || t.columns() != outputs_) {
    return Status::bad_columns;
  }
  const Bytes lent[] = {Span<float>(memory_, regression_floats(outputs_)), y, t};
  if (overlaps(lent, 1)) {
    return Status::overlapping_memory;
  }
  if (!all_finite(y) || !all_finite(t)) {
    return all_finite(y) ? Status::bad_target : Status::bad_input;
  }
  for (std::size_t b = 0; b < y.count(); ++b) {
    const double share = 1.0 / static_cast<double>(++total_);
    for (std::size_t o = 0; o < outputs_; ++o) {
      Errors errors = errors_at(memory_, o);
      const std::size_t k = b * outputs_ + o;
      errors.add(static_cast<double>(y.data()[k]), static_cast<double>(t.data()[k]), share);
      put(memory_, o, errors);
    }
  }
  return Status::ok;
}

float Regression::mean_squared_error(std::size_t o) const noexcept {
  return o < outputs_ ? mean_of(memory_, o, o + 1, total_, squared) : 0.0f;
}

float Regression::mean_absolute_error(std::size_t o) const noexcept {
  return o < outputs_ ? mean_of(memory_, o, o + 1, total_, absolute) : 0.0f;
}

float Regression::r2(std::size_t o) const noexcept {
  return o < outputs_ ? mean_of(memory_, o, o + 1, total_, explained) : 0.0f;
}

float Regression::mean_squared_error() const noexcept { return mean_of(memory_, 0, outputs_, total_, squared); }

float Regression::mean_absolute_error() const noexcept { return mean_of(memory_, 0, outputs_, total_, absolute); }

float Regression::r2() const noexcept { return mean_of(memory_, 0, outputs_, total_, explained); }

}  // namespace linnet
