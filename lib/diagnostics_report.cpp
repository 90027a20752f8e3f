#include "inspection.hpp"

#include "kernels/kernels.hpp"
#include "arithmetic/number.hpp"
#include "overlap.hpp"
#include "tally.hpp"

namespace linnet {

namespace {

bool is_threshold(float x) { return x > 0.0f && bits_of(x) < kInfinityBits; }

bool sound(const Thresholds& t) {
  return is_threshold(t.dead) && is_threshold(t.saturated) && is_threshold(t.exploding) && is_threshold(t.vanishing) &&
         is_threshold(t.too_large) && is_threshold(t.too_small) && is_threshold(t.out_of_reach) &&
         is_threshold(t.stuck) && is_threshold(t.unchanged) && t.rows > 0 && t.steps > 0;
}

float ratio(float a, float b) { return a == b ? 1.0f : divide(a, b); }

float square(float x) { return x * x; }

// About 0, where the deviation is about the mean: gradients of one sign, and the one gradient of a single row and output,
// deviate from nothing. In double: squares of gradients may be no floats.
float root_mean_square(const Moments& moments) {
  const double mean = static_cast<double>(moments.mean);
  const double deviation = static_cast<double>(moments.stddev);
  return root(mean * mean + deviation * deviation);
}

// A gradient that has to get through units that can be off and is 0 was cut off there: it has not vanished on the way.
// `can_be_off`: units of the layer, or of one above.
Verdict judge(const LayerDiagnostics& layer, const LayerReport& report, bool can_be_off, const Thresholds& thresholds) {
  if (layer.dead_in_epoch >= thresholds.dead && layer.rows_in_epoch >= thresholds.rows) {
    return Verdict::dead;
  }
  if (layer.saturated >= thresholds.saturated) {
    return Verdict::saturated;
  }
  if (can_be_off && report.reach == 0.0f) {
    return layer.rows_without_gradient >= thresholds.rows ? Verdict::dead : Verdict::healthy;
  }
  if (report.reach > thresholds.exploding && report.length > thresholds.exploding) {
    return Verdict::exploding;
  }
  return report.reach < thresholds.vanishing && report.length < thresholds.vanishing ? Verdict::vanishing
                                                                                     : Verdict::healthy;
}

// Heapsort (Williams 1964), from the smallest.
void sink(float* x, std::size_t at, std::size_t n) {
  for (std::size_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
    child += child + 1 < n && x[child + 1] > x[child] ? 1 : 0;
    if (x[child] <= x[at]) {
      return;
    }
    const float moved = x[at];
    x[at] = x[child];
    x[child] = moved;
    at = child;
  }
}

void sort(float* x, std::size_t n) {
  for (std::size_t k = n / 2; k > 0; --k) {
    sink(x, k - 1, n);
  }
  for (std::size_t end = n; end > 1; --end) {
    const float largest = x[0];
    x[0] = x[end - 1];
    x[end - 1] = largest;
    sink(x, 0, end - 1);
  }
}

// Sorted values, by linear interpolation. In double: the place of a quantile among 2^24 numbers and more.
float quantile(const float* x, std::size_t n, float share) {
  const double place = static_cast<double>(share) * static_cast<double>(n - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  if (below + 1 >= n) {
    return x[n - 1];
  }
  const double low = static_cast<double>(x[below]);
  return static_cast<float>(low + (place - static_cast<double>(below)) * (static_cast<double>(x[below + 1]) - low));
}

// From the first number of a matrix to its last one, whatever its strides.
Span<const float> extent_of(const ConstMatrix& matrix) {
  return {matrix.data(),
          (matrix.rows() - 1) * matrix.row_stride() + (matrix.columns() - 1) * matrix.column_stride() + 1};
}

// False when a number is not finite.
bool copy_finite(const ConstMatrix& from, float* to) {
  for (std::size_t o = 0; o < from.rows(); ++o) {
    for (std::size_t i = 0; i < from.columns(); ++i) {
      if (!is_finite(from(o, i))) {
        return false;
      }
      *to++ = from(o, i);
    }
  }
  return true;
}

}  // namespace

const char* to_string(Verdict verdict) noexcept {
  static constexpr const char* kNames[] = {
      "healthy",      "vanishing", "exploding", "dead", "saturated", "badly scaled inputs", "badly scaled targets",
      "out of reach", "stuck"};
  const auto number = static_cast<std::size_t>(verdict);
  return number < sizeof kNames / sizeof kNames[0] ? kNames[number] : "unknown verdict";
}

// Ratios of deviations and root mean squares, then squared: the squares themselves may be too small for a float.
static void compare(const DiagnosticsData& data, std::size_t l, LayerReport& out) {
  const TopologyView topology = data.trainer->network().topology();
  const std::size_t last = data.layers.size() - 1;
  const float deviation = data.layers[l].activations.stddev;
  const float gradient = root_mean_square(data.layers[l].unit_gradients);
  out.activation_variance = square(deviation);
  out.gradient_mean_square = square(gradient);
  if (l > data.trainer->network().frozen_layers()) {
    out.forward = square(ratio(deviation, data.layers[l - 1].activations.stddev));
  }
  if (l < last) {
    out.backward = square(ratio(gradient, root_mean_square(data.layers[l + 1].unit_gradients)));
  }
  out.reach = ratio(gradient, root_mean_square(data.layers[last].unit_gradients));
  out.length = out.reach * square_root(share_of(topology.layers[l].units, topology.layers[last].units));
}

Status Diagnostics::report(Span<LayerReport> report, const Thresholds& thresholds) const noexcept {
  if (!data_.bound()) {
    return Status::not_bound;
  }
  if (report.data() == nullptr) {
    return Status::null_memory;
  }
  if (report.size() < data_.layers.size()) {
    return Status::too_little_memory;
  }
  if (!sound(thresholds)) {
    return Status::bad_setting;
  }
  const TopologyView topology = data_.trainer->network().topology();
  bool can_be_off = false;
  for (std::size_t l = data_.layers.size(); l-- > 0;) {
    report[l] = {0.0f, 0.0f, 1.0f, 1.0f, 1.0f, 1.0f, Verdict::healthy};
    if (l >= data_.trainer->network().frozen_layers()) {
      compare(data_, l, report[l]);
      can_be_off = can_be_off || can_die(id_of(topology.layers[l].activation));
      const Verdict data = judge_data(data_, l, thresholds);
      report[l].verdict = data != Verdict::healthy ? data : judge(data_.layers[l], report[l], can_be_off, thresholds);
    }
  }
  Verdict& last = report[data_.layers.size() - 1].verdict;
  if (last == Verdict::healthy && is_stuck(data_, thresholds)) {
    last = Verdict::stuck;
  }
  return Status::ok;
}

Status quantiles(ConstMatrix values, Span<const float> shares, Span<float> memory, Span<float> results) noexcept {
  const std::size_t n = layout::product(values.rows(), values.columns());
  if (n == 0 || values.data() == nullptr || shares.data() == nullptr || memory.data() == nullptr ||
      results.data() == nullptr) {
    return Status::null_memory;
  }
  if (memory.size() < n || results.size() < shares.size()) {
    return Status::too_little_memory;
  }
  const Span<const float> room(memory.data(), n);
  const Span<const float> matrix = extent_of(values);
  const Span<const float> out(results.data(), shares.size());
  if (overlap(room, matrix) || overlap(room, shares) || overlap(room, out) || overlap(out, matrix) ||
      overlap(out, shares)) {
    return Status::overlapping_memory;
  }
  for (const float share : shares) {
    if (!(share >= 0.0f && share <= 1.0f)) {
      return Status::bad_setting;
    }
  }
  if (!copy_finite(values, memory.data())) {
    return Status::bad_input;
  }
  sort(memory.data(), n);
  for (std::size_t k = 0; k < shares.size(); ++k) {
    results[k] = quantile(memory.data(), n, shares[k]);
  }
  return Status::ok;
}

}  // namespace linnet
