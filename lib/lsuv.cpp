#include <linnet/lsuv.hpp>

#include "activation/descriptor.hpp"
#include "arithmetic/number.hpp"
#include "tables/tables.hpp"
#include "overlap.hpp"
#include "tally.hpp"

namespace linnet {

namespace {

// The pre-activations of a layer whose weights are scaled by a factor, which is looked for before a weight changes:
// factor * u + b.
struct Scaled {
  float* u;  // (rows, units): inputs times weights
  std::size_t rows, units;
  const float* biases;  // (units), or null
  float factor = 1.0f;

  [[nodiscard]] float at(std::size_t b, std::size_t o) const {
    return factor * u[b * units + o] + (biases != nullptr ? biases[o] : 0.0f);
  }

  // Their standard deviation; not finite where one of them is not. In double: one pass, and squares of floats are exact.
  [[nodiscard]] float deviation() const {
    const double first = static_cast<double>(at(0, 0));
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t b = 0; b < rows; ++b) {
      for (std::size_t o = 0; o < units; ++o) {
        const float z = at(b, o);
        if (!is_finite(z)) {
          return z;
        }
        const double from_first = static_cast<double>(z) - first;
        sum += from_first;
        squares += from_first * from_first;
      }
    }
    const double n = static_cast<double>(rows * units);
    const double mean = sum / n;
    const double variance = squares / n - mean * mean;
    return variance > 0.0 ? root(variance) : 0.0f;
  }

  // Looks for the factor; false where a pre-activation is not finite.
  bool fit() {
    for (int attempt = 0;; ++attempt) {
      const float now = deviation();
      if (attempt == 10 || now == 0.0f || !is_finite(now) || magnitude(now - 1.0f) <= 0.01f) {
        return is_finite(now);
      }
      factor *= divide(1.0f, now);
    }
  }

  // Puts the pre-activations in the place of u.
  void complete() const {
    for (std::size_t b = 0; b < rows; ++b) {
      for (std::size_t o = 0; o < units; ++o) {
        u[b * units + o] = at(b, o);
      }
    }
  }
};

// The activations of layer l from its inputs x: (rows, inputs), and the factor of its weights, 1 if it is frozen; false
// where a number is not finite.   z: (rows, units)
bool find_factor(const Network& network, std::size_t l, const KernelTable& kernels, const float* x, std::size_t rows,
                 float* z, float& factor) {
  const ConstMatrix weights = network.read_weights(l);
  const std::size_t n = rows * weights.rows();
  kernels.multiply({x, weights.data(), nullptr, z, rows, weights.columns(), weights.rows()},
                   layout::stored_by_unit(weights.columns(), weights.rows()));
  Scaled scaled{z, rows, weights.rows(), network.read_biases(l).data()};
  const bool frozen = l < network.frozen_layers();
  if (frozen ? !is_finite(scaled.deviation()) : !scaled.fit()) {
    return false;
  }
  factor = scaled.factor;
  const TrainingKernels& training = training_kernels_of(kernels);
  if (!is_finite(factor * float_of(training.largest(weights.data(), weights.size(), kMagnitudeBits)))) {
    return false;
  }
  scaled.complete();
  const TopologyView topology = network.topology();
  const Activation& f = topology.layers[l].activation;
  return l + 1 == topology.layer_count || f.descriptor->variants[index_of(kernels)]->apply(z, n, f.parameter);
}

Status check(const Network& network, ConstRows inputs, Span<float> memory) {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (inputs.data() == nullptr || memory.data() == nullptr) {
    return Status::null_memory;
  }
  if (inputs.count() == 0 || layout::product(inputs.count(), inputs.columns()) == kTooLarge) {
    return Status::bad_batch;
  }
  if (inputs.columns() != network.topology().inputs) {
    return Status::bad_columns;
  }
  const std::size_t needed = unit_variance_floats(network.topology(), inputs.count());
  if (memory.size() < needed) {
    return Status::too_little_memory;
  }
  const TopologyView topology = network.topology();
  const Bytes lent[] = {Span<float>(memory.data(), needed), network.trainable(), network.frozen(), inputs,
                        Span<const Layer>(topology.layers, topology.layer_count)};
  return overlaps(lent, 2) ? Status::overlapping_memory : Status::ok;
}

}  // namespace

Status scale_to_unit_variance(Network& network, ConstRows inputs, Span<float> memory,
                              const KernelTable& kernels) noexcept {
  if (const Status status = check(network, inputs, memory); status != Status::ok) {
    return status;
  }
  const std::size_t rows = inputs.count();
  if (training_kernels_of(kernels).largest(inputs.data(), rows * inputs.columns(), kMagnitudeBits) >= kInfinityBits) {
    return Status::bad_input;
  }
  const TopologyView topology = network.topology();
  const std::size_t half = unit_variance_floats(topology, rows) / 2;
  float factors[kMaxLayers];
  const float* x = inputs.data();  // (rows, inputs)
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    float* z = memory.data() + (l % 2) * half;  // (rows, units)
    if (!find_factor(network, l, kernels, x, rows, z, factors[l])) {
      return Status::diverged;
    }
    x = z;
  }
  for (std::size_t l = network.frozen_layers(); l < topology.layer_count; ++l) {
    const Matrix weights = network.weights(l);
    for (std::size_t k = 0; k < weights.size(); ++k) {
      weights.data()[k] *= factors[l];
    }
  }
  return Status::ok;
}

}  // namespace linnet
