// The last layer and the softmax cross-entropy of a single row, for the vector tables: pre-activations stay in registers.
#pragma once

#include "kernels/row.hpp"
#include "loss/formulas.hpp"

namespace linnet {
namespace {

// Fewer outputs than a vector has lanes.
inline void short_softmax_cross_entropy_layer(const RowSums& row, const LossJob& job, RowLoss& loss) {
  SoftmaxRow how = first_row_of(job);
  float weight = 1.0f;
  if (job.labels != nullptr) {
    how.label = job.labels[0];
    weight = how.class_weights != nullptr ? how.class_weights[how.label] : 1.0f;
  }
  const Pieces part(job.outputs);
  Vector slope(0.0f);
  const SoftmaxRow::Sums sums = how.run_in_registers(short_row(row, part), slope, part);
  store(job.d, slope, part);
  Largest<Vector> largest_d;
  largest_d.see(slope, part);
  loss.sum = sums.sum;
  loss.total = sums.total;
  loss.score = sums.score;
  loss.share = share_of(weight);
  loss.largest_d = largest_d.magnitude_bits();
}

inline void softmax_cross_entropy_layer(const float* x, const float* parameters, std::size_t inputs, bool bias,
                                        LossJob& job, RowLoss& loss) {
  const RowSums row{x, parameters, inputs, job.outputs, bias};
  if (job.outputs < kWidth) {
    short_softmax_cross_entropy_layer(row, job, loss);
    return;
  }
  multiply_finished({row.product(job.y), Finish::none}, is_transposed(inputs, row.outputs));
  loss.sum = 0.0f;
  loss.score = softmax_cross_entropy_loss<Vector>(job);
  loss.share = job.share;
  loss.largest_d = largest(job.d, row.outputs, kMagnitudeBits);
}

inline float softmax_cross_entropy_value(const RowLoss& row) {
  return row.sum == 0.0f ? row.score : SoftmaxRow::loss(row.sum, row.total, row.score) * row.share;
}

constexpr LossVariant vector_softmax_cross_entropy() {
  return {softmax_cross_entropy_loss<Vector>, softmax_cross_entropy_layer, softmax_cross_entropy_value};
}

}  // namespace
}  // namespace linnet
