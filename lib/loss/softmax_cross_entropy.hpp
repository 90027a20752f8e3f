// Softmax cross-entropy, plain, with class weights, with label smoothing.
#pragma once

#include "activation/softmax.hpp"
#include "loss/formulas.hpp"
#include "loss/softmax_rows.hpp"

namespace linnet {
namespace {

// Softmax cross-entropy. With p = softmax(z), m the largest z and weights q over the classes:
//   loss = sum(q) log(sum e^(z - m)) - sum of q (z - m),  its slope = p sum(q) - q.
// A label gives q = (1 - s) w at the label and s w / outputs everywhere; a row of probabilities t gives q = w ((1 - s)
// t + s / outputs); w are the class weights, s the label smoothing.
struct SoftmaxRow {
  struct Sums {
    float sum, total, score;
  };

  const float* t;  // (outputs), or null
  std::size_t label;
  const float* class_weights;  // (outputs), or null
  float sharp, even;           // 1 - s, s / outputs

  [[nodiscard]] float q(std::size_t o) const {
    const float share = multiply_add(sharp, t != nullptr ? t[o] : where(o == label, 1.0f), even);
    return class_weights != nullptr ? class_weights[o] * share : share;
  }

  // The sum of all q; `room` has one float for each.
  [[nodiscard]] float total(float* room, std::size_t outputs) const {
    for (std::size_t o = 0; o < outputs; ++o) {
      room[o] = q(o);
    }
    return scalar::sum(room, outputs, 1);
  }

  template <class V, class Part>
  [[gnu::always_inline]] V q_at(std::size_t k, Part part) const {
    V share(0.0f);
    if (t != nullptr) {
      share = multiply_add(V(sharp), load<V>(t + k, part), V(even));
    } else {
      const V here(static_cast<float>(static_cast<std::ptrdiff_t>(label) - static_cast<std::ptrdiff_t>(k)));
      share = choose(lane_numbers<V>() == here, V(multiply_add(sharp, 1.0f, even)), V(multiply_add(sharp, 0.0f, even)));
    }
    return class_weights != nullptr ? load<V>(class_weights + k, part) * share : share;
  }

  // The loss of a row of which this is known.
  template <class V>
  static V loss(V sum, V total, V score) {
    const V log_sum = multiply_add(sum, V(0.0f), logarithm_of_normal(sum));  // sum is at least 1, or NaN
    return multiply_add(total, log_sum, negative(score));
  }

  // z: (outputs) pre-activations; d: (outputs) gets the slope. Returns the loss of the row.
  template <class V>
  float run_on_vectors(const float* z, float* d, std::size_t outputs) const {
    const SoftmaxRow& row = *this;  // Clang 14 takes a captured `this` for unused
    float largest;
    const float sum = softmax_numerators<V>(z, d, outputs, largest);
    const float score = sum_in_lanes<V>(outputs, [&row, z, largest](std::size_t k, auto part, V lane) LINNET_INLINED {
      return lane + row.q_at<V>(k, part) * (load<V>(z + k, part) - V(largest));
    });
    const float total = sum_in_lanes<V>(
        outputs, [&row](std::size_t k, auto part, V lane) LINNET_INLINED { return lane + row.q_at<V>(k, part); });
    const V to_probability(divide(total, sum));
    for_each<V>(outputs, [&row, d, to_probability](std::size_t k, auto part) LINNET_INLINED {
      store(d + k, multiply_add(load<V>(d + k, part), to_probability, negative(row.q_at<V>(k, part))), part);
    });
    return loss(sum, total, score);
  }

  // The same for as many outputs as a vector has lanes, or fewer. Returns what loss() takes.
  template <class V, class Part>
  [[gnu::always_inline]] Sums run_in_registers(V z, V& slope, Part part) const {
    const SoftmaxNumerators<V> numerators(z, part);
    const V nothing(-0.0f);
    const V q = q_at<V>(0, part);
    const float total = sum_of_lanes_in(keep_lanes(q, nothing, part), part);
    slope = multiply_add(numerators.e, V(divide(total, numerators.sum)), negative(q));
    return {numerators.sum, total, sum_of_lanes_in(keep_lanes(q * numerators.shifted, nothing, part), part)};
  }

  // The same; z is used up.
  template <class V>
  float run(float* z, float* d, std::size_t outputs) const {
    if constexpr (Shape<V>::kWidth > 1) {
      if (outputs < Shape<V>::kWidth) {
        const typename Shape<V>::Pieces part(outputs);
        V slope(0.0f);
        const Sums sums = run_in_registers(load<V>(z, part), slope, part);
        store(d, slope, part);
        return loss(sums.sum, sums.total, sums.score);
      }
      return run_on_vectors<V>(z, d, outputs);
    } else {
      return run_on_floats(z, d, outputs);
    }
  }

  // The first rows of a job, several at a time. Returns how many.
  template <class V>
  [[nodiscard]] std::size_t run_together(const LossJob& job) const {
    using ConstRows = SoftmaxRows<V>;
    std::size_t b = 0;
    if (job.outputs <= ConstRows::kMostOutputs) {
      for (; b + 1 < job.batch; b += ConstRows::kMostRows) {
        const std::size_t at = b * job.outputs;
        ConstRows rows(job.batch - b < ConstRows::kMostRows ? job.batch - b : ConstRows::kMostRows, job.outputs);
        if (t != nullptr) {
          rows.aim_at(t + at, V(sharp), V(even));
        } else {
          rows.aim_at(job.labels + b, multiply_add(sharp, 1.0f, even), multiply_add(sharp, 0.0f, even));
        }
        if (class_weights != nullptr) {
          rows.weigh(class_weights);
        }
        rows.run(job.y + at, job.d + at, loss<V>);
      }
    }
    return b < job.batch ? b : job.batch;
  }

  [[nodiscard]] float run_on_floats(float* z, float* d, std::size_t outputs) const {
    scalar::softmax_numerators(z, d, outputs);
    const float sum = scalar::sum(d, outputs, 1);
    for (std::size_t o = 0; o < outputs; ++o) {
      z[o] *= q(o);
    }
    const float score = scalar::sum(z, outputs, 1);
    const float total = this->total(z, outputs);
    const float to_probability = divide(total, sum);
    for (std::size_t o = 0; o < outputs; ++o) {
      d[o] = multiply_add(d[o], to_probability, -q(o));
    }
    return loss(sum, total, score);
  }
};

[[gnu::always_inline]] inline SoftmaxRow first_row_of(const LossJob& job) {
  return {job.targets, 0, job.class_weights, 1.0f - job.how.label_smoothing,
          divide(job.how.label_smoothing, static_cast<float>(job.outputs))};
}

[[gnu::always_inline]] inline float share_of(float weight_of_rows) {
  return weight_of_rows > 0.0f ? divide(1.0f, weight_of_rows) : 0.0f;
}

// A Row has what SoftmaxRow has: t, label and run().
template <class V, class Row>
[[gnu::always_inline]] inline float mean_over_rows(LossJob& job, Row row, float share) {
  const std::size_t outputs = job.outputs;
  std::size_t b = 0;
  if constexpr (Shape<V>::kWidth > 1) {
    b = row.template run_together<V>(job);
  }
  float* z = job.y + b * outputs;
  float* d = job.d + b * outputs;
  for (; b < job.batch; ++b, z += outputs, d += outputs) {
    if (job.labels != nullptr) {
      row.label = job.labels[b];
    } else {
      row.t = job.targets + b * outputs;
    }
    z[0] = row.template run<V>(z, d, outputs);  // the row is used up: its place keeps its loss
  }
  job.share = share;
  return scalar::sum(job.y, job.batch, outputs) * job.share;
}

// The mean over the rows: of labels by the weights of their classes, of probabilities by their count, as PyTorch does.
template <class V>
float softmax_cross_entropy_loss(LossJob& job) {
  const std::size_t outputs = job.outputs;
  const float* class_weights = job.class_weights;
  float weight_of_rows = static_cast<float>(job.batch);
  if (job.labels != nullptr && class_weights != nullptr) {
    for (std::size_t b = 0; b < job.batch; ++b) {
      job.d[b * outputs] = class_weights[job.labels[b]];
    }
    weight_of_rows = scalar::sum(job.d, job.batch, outputs);
  }
  return mean_over_rows<V>(job, first_row_of(job), share_of(weight_of_rows));
}

// The same bits where nothing is smoothed and every class weighs 1.
struct PlainSoftmaxRow {
  const float* t;  // (outputs), or null
  std::size_t label;

  template <class V>
  [[nodiscard]] float run(float* z, float* d, std::size_t outputs) const {
    scalar::softmax_numerators(z, d, outputs);
    const float sum = scalar::sum(d, outputs, 1);
    const float total = t != nullptr ? scalar::sum(t, outputs, 1) + 0.0f : 1.0f;
    const float to_probability = divide(total, sum);
    for (std::size_t o = 0; o < outputs; ++o) {
      const float q = t != nullptr ? t[o] + 0.0f : where(o == label, 1.0f);
      z[o] *= q;
      d[o] = multiply_add(d[o], to_probability, -q);
    }
    return SoftmaxRow::loss(sum, total, scalar::sum(z, outputs, 1));
  }
};

inline float plain_softmax_cross_entropy_loss(LossJob& job) {
  return mean_over_rows<float>(job, PlainSoftmaxRow{nullptr, 0}, divide(1.0f, static_cast<float>(job.batch)));
}

inline bool sound_weights(const Loss& loss, std::size_t outputs) {
  return sound_without_delta(loss, outputs) && in_range(loss.label_smoothing, 0.0f, 1.0f) &&
         (loss.class_weights.empty() || sound(loss.class_weights, outputs));
}

// One output is always 1.
inline bool belongs_to_softmax(ActivationId last, std::size_t outputs) {
  return outputs != 1 && (last == ActivationId::softmax || last == ActivationId::identity);
}

template <class V>
constexpr LossVariant softmax_cross_entropy_variant() {
  return {softmax_cross_entropy_loss<V>};
}

}  // namespace
}  // namespace linnet
