#include <linnet/fit.hpp>

#include "samples.hpp"

namespace linnet {

namespace {

std::size_t place_of_largest(const float* x, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < n; ++k) {
    best = x[k] > x[best] ? k : best;
  }
  return best;
}

// Whether the largest target of a sample is not the only one of its size.
bool shares_largest(const float* t, std::size_t n) {
  const std::size_t first = place_of_largest(t, n);
  for (std::size_t k = first + 1; k < n; ++k) {
    if (t[k] == t[first]) {
      return true;
    }
  }
  return false;
}

// Whether samples have several labels, or none.
bool by_label(const Samples& samples, Span<const std::uint32_t> order) {
  for (const std::uint32_t number : order) {
    if (!samples.labelled && shares_largest(samples.targets.rows(number, 1).data(), samples.targets.columns())) {
      return true;
    }
  }
  return false;
}

// One sample's outputs against its targets, `t` or a label.
struct Marks {
  std::size_t outputs;
  float threshold;
  bool by_label;
  std::size_t right = 0;
  Mean squares{};

  void add(const float* y, const float* t, std::size_t label) {
    for (std::size_t o = 0; o < outputs; ++o) {
      const double error = static_cast<double>(y[o]) - static_cast<double>(t != nullptr ? t[o] : one(o, label));
      squares.add(error * error, 1);
    }
    right += is_right(y, t, label) ? 1 : 0;
  }

 private:
  [[nodiscard]] bool is_right(const float* y, const float* t, std::size_t label) const {
    if (outputs == 1) {
      return (y[0] > threshold) == (t != nullptr ? t[0] > threshold : label == 1);
    }
    if (!by_label) {
      return place_of_largest(y, outputs) == (t != nullptr ? place_of_largest(t, outputs) : label);
    }
    std::size_t same_side = 0;
    for (std::size_t o = 0; o < outputs; ++o) {
      same_side += (y[o] > threshold) == (t[o] > threshold) ? 1 : 0;
    }
    return same_side == outputs;
  }
  // With one output a label is the target itself.
  [[nodiscard]] float one(std::size_t o, std::size_t label) const {
    return (outputs == 1 ? label == 1 : o == label) ? 1.0f : 0.0f;
  }
};

Status check(const Predictor& predictor, const Samples& samples, Span<const std::uint32_t> order, Span<float> outputs,
             float threshold) {
  if (!predictor.bound()) {
    return Status::not_bound;
  }
  if (const Status status = check_samples(samples, order); status != Status::ok) {
    return status;
  }
  if (outputs.data() == nullptr) {
    return Status::null_memory;
  }
  const Network& network = predictor.network();
  const TopologyView topology = network.topology();
  const std::size_t columns = topology.outputs();
  if (outputs.size() < columns) {
    return Status::too_little_memory;
  }
  const Bytes lent[] = {Span<float>(outputs.data(), columns),
                        predictor.scratch(),
                        order,
                        samples.inputs,
                        samples.targets,
                        samples.labels,
                        network.trainable(),
                        network.frozen(),
                        Span<const Layer>(topology.layers, topology.layer_count)};
  if (overlaps(lent, 2)) {
    return Status::overlapping_memory;
  }
  if (!is_finite(threshold)) {
    return Status::bad_setting;
  }
  Fault fault;
  return check_values(samples, order, {topology.inputs, columns, columns == 1 ? 2 : columns, false, true}, fault);
}

}  // namespace

Status score(Predictor& predictor, const Samples& samples, Span<const std::uint32_t> order, Span<float> outputs,
             Score& score, float threshold) noexcept {
  const Samples all = in_rows(samples, outputs_of(predictor));
  if (const Status status = check(predictor, all, order, outputs, threshold); status != Status::ok) {
    return status;
  }
  Marks marks{predictor.network().topology().outputs(), threshold, by_label(all, order)};
  std::size_t counted = 0;
  for (const std::uint32_t number : order) {
    // where there are so many outputs, the label is a class
    if (all.labelled && all.labels[number] == kIgnored && marks.outputs <= kIgnored) {
      continue;
    }
    ++counted;
    if (const Status status = predictor.predict(all.inputs.rows(number, 1), {outputs.data(), 1, marks.outputs});
        status != Status::ok) {
      return status;
    }
    const float* t = all.labelled ? nullptr : all.targets.rows(number, 1).data();
    marks.add(outputs.data(), t, all.labelled ? all.labels[number] : 0);
  }
  if (counted == 0) {
    score = {0.0f, 0.0f};
    return Status::ok;
  }
  if (!marks.squares.give(score.mean_squared_error)) {
    return Status::diverged;
  }
  score.accuracy = static_cast<float>(static_cast<double>(marks.right) / static_cast<double>(counted));
  return Status::ok;
}

}  // namespace linnet
