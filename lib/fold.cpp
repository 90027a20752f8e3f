#include "normalizer.hpp"

#include "activation/descriptor.hpp"
#include "arithmetic/range.hpp"

namespace linnet {

namespace {

constexpr double kRounding = 0x1p-24;   // of a float, relative
constexpr double kDeviations = 2.0;     // of what is lost, from its mean, which is 0
constexpr double kSmallest = 0x1p-126;  // normal float

double square(double x) { return x * x; }

// What a layer becomes, unit by unit. Inputs have a scale for each column of its weights, targets for each row.
struct Folding {
  const NormalizerData& scale;
  bool targets;
  ConstMatrix weights;       // (units, inputs)
  Span<const float> biases;  // (units), or empty

  [[nodiscard]] std::size_t units() const { return weights.rows(); }
  [[nodiscard]] std::size_t inputs() const { return weights.columns(); }
  [[nodiscard]] double centre(std::size_t k) const {
    return static_cast<double>(scale.centres()[k]) + static_cast<double>(scale.rests()[k]);
  }
  // A float. One that would be subnormal is 0, as some vector units take it; asked of its 64 bits, for GCC 12 makes of a
  // float that is 0 or converted an instruction that a Cortex-M55 does not have.
  [[nodiscard]] double weight(std::size_t o, std::size_t i) const {
    const float before = weights(o, i);
    const float after = targets ? before * scale.deviations()[o] : divide(before, scale.deviations()[i]);
    const double w = static_cast<double>(after);
    return w < kSmallest && w > -kSmallest ? 0.0 : w;
  }
  // Of inputs, from what the weights have become: their roundings then count for the distance from the mean alone.
  [[nodiscard]] double bias(std::size_t o) const {
    double b = biases.empty() ? 0.0 : static_cast<double>(biases[o]);
    if (targets) {
      return b * static_cast<double>(scale.deviations()[o]) + centre(o);
    }
    for (std::size_t i = 0; i < inputs(); ++i) {
      b -= centre(i) * weight(o, i);
    }
    return b;
  }
};

// Mean squares over rows whose columns are independent: of a sum, and of what folding makes it lose.
struct Cost {
  double size = 0.0;
  double lost = 0.0;

  [[nodiscard]] bool is_above(float tolerance) const {
    return square(kDeviations) * lost > square(static_cast<double>(tolerance)) * size;
  }
};

// Adds unit o, whose numbers are all finite: what its weights lose, and the roundings of the sums that its product passes
// through in a row that is the mean. Each of these is uniform within its bounds.
void add(Cost& cost, const Folding& layer, std::size_t o) {
  double sum = layer.bias(o);
  double sums = square(sum);
  cost.size += square(layer.targets || layer.biases.empty() ? sum : static_cast<double>(layer.biases[o]));
  for (std::size_t i = 0; i < layer.inputs(); ++i) {
    const double w = layer.weight(o, i);
    const double before = static_cast<double>(layer.weights(o, i));
    const double deviation = static_cast<double>(layer.scale.deviations()[layer.targets ? o : i]);
    sum += layer.targets ? 0.0 : layer.centre(i) * w;
    sums += square(sum);
    cost.lost += square(layer.targets ? before * deviation - w : before - w * deviation);
    cost.size += square(layer.targets ? w : before);
  }
  cost.lost += square(kRounding) / 3.0 * sums;
}

Status check(const Folding& layer, std::size_t o) {
  for (std::size_t i = 0; i < layer.inputs(); ++i) {
    if (!is_finite(static_cast<float>(layer.weight(o, i)))) {
      return Status::bad_parameter;
    }
  }
  const double b = layer.bias(o);
  if (!(square(b) <= square(static_cast<double>(kLargest)))) {
    return Status::bad_parameter;
  }
  return layer.biases.empty() && square(b) > 0.0 ? Status::bad_layer : Status::ok;
}

// Targets have a scale each, hidden units one together.
Status check(const Folding& layer, float tolerance) {
  Cost cost;
  for (std::size_t o = 0; o < layer.units(); ++o) {
    if (const Status status = check(layer, o); status != Status::ok) {
      return status;
    }
    add(cost, layer, o);
    if (layer.targets || o + 1 == layer.units()) {
      if (cost.is_above(tolerance)) {
        return Status::lost_precision;
      }
      cost = {};
    }
  }
  return Status::ok;
}

void write(const Folding& layer, const Matrix& weights, Span<float> biases) {
  for (std::size_t o = 0; o < layer.units(); ++o) {
    const float b = static_cast<float>(layer.bias(o));  // from the weights as they were
    for (std::size_t i = 0; i < layer.inputs(); ++i) {
      weights(o, i) = static_cast<float>(layer.weight(o, i));
    }
    if (!biases.empty()) {
      biases[o] = b;
    }
  }
}

Status fold_layer(const Normalizer& scale, const Network& network, std::size_t l, bool targets, float tolerance) {
  if (scale.count() == 0) {
    return Status::nothing_observed;
  }
  const Span<const float> memory = memory_of(scale.inside());
  if (shares_memory(memory.data(), memory.size(), network)) {
    return Status::overlapping_memory;
  }
  if (!in_range(tolerance, 0.0f, 1.0f)) {
    return Status::bad_setting;
  }
  if (l < network.frozen_layers()) {
    return Status::bad_layer;
  }
  const Folding layer{scale.inside(), targets, network.read_weights(l), network.read_biases(l)};
  const Status status = check(layer, tolerance);
  if (status == Status::ok) {
    write(layer, network.weights(l), network.biases(l));
  }
  return status;
}

}  // namespace

Status fold(const Normalizer& inputs, const Network& network, float tolerance) noexcept {
  if (!inputs.bound() || !network.bound()) {
    return Status::not_bound;
  }
  if (inputs.columns() != network.topology().inputs) {
    return Status::bad_columns;
  }
  return fold_layer(inputs, network, 0, false, tolerance);
}

Status fold_targets(const Normalizer& targets, const Network& network, float tolerance) noexcept {
  if (!targets.bound() || !network.bound()) {
    return Status::not_bound;
  }
  const TopologyView topology = network.topology();
  const std::size_t last = topology.layer_count - 1;
  if (targets.columns() != topology.outputs()) {
    return Status::bad_columns;
  }
  if (id_of(topology.layers[last].activation) != ActivationId::identity) {
    return Status::bad_activation;
  }
  return fold_layer(targets, network, last, true, tolerance);
}

}  // namespace linnet
