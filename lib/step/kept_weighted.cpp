// Kept gradients of rows that have weights. Apart from both, so that neither links the other.
#include "step/weighted.hpp"

namespace linnet {

Status Trainer::accumulate(const ConstRows& inputs, const ConstRows& targets, const RowWeights& weights) noexcept {
  const Status status = check_weights(data_, inputs, weights);
  return status == Status::ok
             ? collect(data_, {inputs, targets, {}, Goals::targets, 0.0f, weights.data(), weighted_loss})
             : status;
}
Status Trainer::accumulate(const ConstRows& inputs, const Labels& targets, const RowWeights& weights) noexcept {
  const Status status = check_weights(data_, inputs, weights);
  return status == Status::ok
             ? collect(data_, {inputs, {}, targets, Goals::labels, 0.0f, weights.data(), weighted_loss})
             : status;
}

}  // namespace linnet
