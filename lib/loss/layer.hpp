// The last layer and the softmax cross-entropy of a single row, for the vector tables: pre-activations stay in registers.
#pragma once

#include "kernels/row.hpp"
#include "loss/formulas.hpp"

namespace linnet {
namespace {

[[gnu::noinline]] inline RowLoss wide_softmax_cross_entropy_layer(const float* x, const float* parameters,
                                                                  std::size_t inputs, bool bias, LossJob& job) {
  const RowSums row{x, parameters, inputs, job.outputs, bias};
  (in_lanes(inputs, row.outputs) ? multiply_lanes : multiply_row)(row.product(job.y));
  const float loss = softmax_cross_entropy_loss<Vector>(job);
  return {loss, job.share, largest(job.d, row.outputs, kMagnitudeBits)};
}

template <bool kFew>
[[gnu::noinline]] RowLoss short_softmax_cross_entropy_layer(const float* x, const float* parameters, std::size_t inputs,
                                                            bool bias, LossJob& job) {
  SoftmaxRow how = first_row_of(job);
  float weight = 1.0f;
  if (job.labels != nullptr) {
    how.label = job.labels[0];
    weight = how.class_weights != nullptr ? how.class_weights[how.label] : 1.0f;
  }
  const RowSums row{x, parameters, inputs, job.outputs, bias};
  const Pieces part(job.outputs);
  Vector slope(0.0f);
  const float share = share_of(weight);
  const float loss = how.run_in_registers(kFew ? few_of_row(row, part) : short_row(row, part), slope, part);
  store(job.d, slope, part);
  Largest<Vector> largest_d;
  largest_d.see(slope, part);
  return {loss * share, share, largest_d.magnitude_bits()};
}

inline RowLoss softmax_cross_entropy_layer(const float* x, const float* parameters, std::size_t inputs, bool bias,
                                           LossJob& job) {
  if (is_few(inputs, job.outputs)) {
    return short_softmax_cross_entropy_layer<true>(x, parameters, inputs, bias, job);
  }
  return (job.outputs < kWidth ? short_softmax_cross_entropy_layer<false> : wide_softmax_cross_entropy_layer)(
      x, parameters, inputs, bias, job);
}

constexpr LossVariant vector_softmax_cross_entropy() {
  return {softmax_cross_entropy_loss<Vector>, softmax_cross_entropy_layer};
}

}  // namespace
}  // namespace linnet
