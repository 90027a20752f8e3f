// The losses and their gradients with respect to what the network gives. Sums run in lanes.
#pragma once

#include "activation/formulas.hpp"
#include "kernels/elementary.hpp"
#include "kernels/elementwise.hpp"
#include "loss/descriptor.hpp"

namespace linnet {
namespace {

// A loss that is a mean over all elements, of a function of y and t. `slope` times kFactor is its derivative by y.
struct SquaredError {
  static constexpr float kFactor = 2.0f;
  template <class V>
  static V at(V y, V t, V /*delta*/, V& slope) {
    const V error = y - t;
    slope = error;
    return error * error;
  }
};

struct AbsoluteError {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V /*delta*/, V& slope) {
    const V error = y - t;
    slope = choose(error > V(0.0f), V(1.0f), choose(error < V(0.0f), V(-1.0f), V(0.0f)));
    return magnitude(error);
  }
};

struct Huber {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V delta, V& slope) {
    const V error = y - t;
    const V size = magnitude(error);
    slope = clipped(error, delta);
    return choose(size > delta, delta * multiply_add(V(-0.5f), delta, size), V(0.5f) * error * error);
  }
};

// From the logit: max(y, 0) - y t + log(1 + e^-|y|); the slope is sigmoid(y) - t.
struct BinaryCrossEntropy {
  static constexpr float kFactor = 1.0f;
  template <class V>
  static V at(V y, V t, V /*delta*/, V& slope) {
    const V e = exponential(negative(magnitude(y)));
    slope = divide(choose(y < V(0.0f), e, V(1.0f)), V(1.0f) + e) - t;
    return multiply_add(negative(y), t, choose(y > V(0.0f), y, V(0.0f))) + log_one_plus(e);
  }
};

template <class V, class Formula, bool kThroughActivation>
LossValue mean_over_elements(const LossJob& job) {
  const std::size_t n = job.batch * job.outputs;
  const float sum = sum_in_lanes<V>(n, [&job](std::size_t k, auto part, V lane) {
    V slope(0.0f);
    const V value = Formula::at(load<V>(job.y + k, part), load<V>(job.targets + k, part), V(job.delta), slope);
    store(job.d + k, kThroughActivation ? slope * load<V>(job.d + k, part) : slope, part);
    return lane + value;
  });
  return {sum / static_cast<float>(n), Formula::kFactor / static_cast<float>(n)};
}

// One row of softmax cross-entropy. With p = softmax(z) and weights q over the classes:
//   loss = sum of q (log(sum e^(z - m)) - (z - m)),  its slope = p sum(q) - q.
// A label gives q = (1 - s) w at the label and s w / outputs everywhere; a row of probabilities t gives q = w ((1 - s)
// t + s / outputs); w are the class weights, s the label smoothing.
struct SoftmaxRow {
  const LossJob& job;
  const float* t;  // (outputs), or null
  std::size_t label;

  [[nodiscard]] float weight(std::size_t o) const { return job.class_weights != nullptr ? job.class_weights[o] : 1.0f; }
  [[nodiscard]] float q(std::size_t o) const {
    const float even = job.label_smoothing / static_cast<float>(job.outputs);
    const float share = t != nullptr ? t[o] : (o == label ? 1.0f : 0.0f);
    return weight(o) * multiply_add(1.0f - job.label_smoothing, share, even);
  }

  // z: (outputs) pre-activations; d: (outputs) gets the slope. Returns the loss of the row.
  template <class V>
  float run(const float* z, float* d) const {
    for_each<V>(job.outputs, [z, d](std::size_t k, auto part) { store(d + k, load<V>(z + k, part), part); });
    float largest;
    const float sum = softmax_numerators<V>(d, job.outputs, largest);
    const float log_sum = logarithm(sum);
    const float loss = sum_in_lanes<float>(job.outputs, [this, z, largest, log_sum](std::size_t o, Full, float lane) {
      const float share = q(o);
      return share == 0.0f ? lane : multiply_add(share, log_sum - (z[o] - largest), lane);
    });
    const float total =
        sum_in_lanes<float>(job.outputs, [this](std::size_t o, Full, float lane) { return lane + q(o); });
    const float to_probability = total / sum;
    for (std::size_t o = 0; o < job.outputs; ++o) {
      d[o] = multiply_add(d[o], to_probability, -q(o));
    }
    return loss;
  }
};

// The mean over the rows: of labels by the weights of their classes, of probabilities by their count, as PyTorch does.
template <class V>
LossValue softmax_cross_entropy_loss(const LossJob& job) {
  float weight_of_rows = static_cast<float>(job.batch);
  if (job.labels != nullptr && job.class_weights != nullptr) {
    weight_of_rows = sum_in_lanes<float>(
        job.batch, [&job](std::size_t b, Full, float lane) { return lane + job.class_weights[job.labels[b]]; });
  }
  const float share = weight_of_rows > 0.0f ? 1.0f / weight_of_rows : 0.0f;
  const float sum = sum_in_lanes<float>(job.batch, [&job](std::size_t b, Full, float lane) {
    const SoftmaxRow row{job, job.targets != nullptr ? job.targets + b * job.outputs : nullptr,
                         job.labels != nullptr ? job.labels[b] : std::size_t{0}};
    return lane + row.run<V>(job.y + b * job.outputs, job.d + b * job.outputs);
  });
  return {sum * share, share};
}

template <class V, class Formula, bool kThroughActivation>
constexpr LossVariant loss_variant() {
  return {mean_over_elements<V, Formula, kThroughActivation>};
}

template <class V>
constexpr LossVariant softmax_cross_entropy_variant() {
  return {softmax_cross_entropy_loss<V>};
}

}  // namespace
}  // namespace linnet

#define LINNET_LOSS(name, from_pre_activation, takes_labels, unit_range, goes_with, variant)                \
  LINNET_DECLARE_VARIANTS(LossVariant, name)                                                                \
  namespace linnet {                                                                                        \
  static constexpr LossVariant name##_scalar = variant;                                                     \
  constexpr LossDescriptor descriptor::name = {LossId::name, from_pre_activation, takes_labels,             \
                                               unit_range,   goes_with,           {LINNET_VARIANTS(name)}}; \
  }
