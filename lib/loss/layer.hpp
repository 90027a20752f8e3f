// The last layer and the softmax cross-entropy of a single row, for the vector tables: pre-activations stay in registers.
#pragma once

#include "kernels/row.hpp"
#include "loss/softmax_cross_entropy.hpp"

namespace linnet {
namespace {

// Fewer outputs than a vector has lanes.
inline float short_softmax_cross_entropy_layer(const RowSums& row, LossJob& job, std::uint32_t& largest_d) {
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
  Largest<Vector> largest;
  largest.see(slope, part);
  largest_d = largest.magnitude_bits();
  job.share = share_of(weight);
  return SoftmaxRow::loss(sums.sum, sums.total, sums.score) * job.share;
}

inline float softmax_cross_entropy_layer(const float* x, const float* parameters, std::size_t inputs, bool bias,
                                         LossJob& job, std::uint32_t& largest_d) {
  const RowSums row{x, parameters, inputs, job.outputs, bias};
  if (job.outputs < kWidth) {
    return short_softmax_cross_entropy_layer(row, job, largest_d);
  }
  LINNET_TABLE::table.multiply(row.product(job.y), is_transposed(inputs, row.outputs));
  const float loss = softmax_cross_entropy_loss<Vector>(job);
  largest_d = LINNET_TABLE::training.largest(job.d, row.outputs, kMagnitudeBits);
  return loss;
}

constexpr LossVariant vector_softmax_cross_entropy() {
  return {softmax_cross_entropy_loss<Vector>, softmax_cross_entropy_layer};
}

}  // namespace
}  // namespace linnet
