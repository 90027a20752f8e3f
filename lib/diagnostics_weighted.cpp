// Apart, so that Diagnostics of rows without weights do not link these.
#include "inspection.hpp"
#include "step/weighted.hpp"

namespace linnet {

Status Diagnostics::step(ConstRows inputs, ConstRows targets, RowWeights weights) noexcept {
  if (!data_.bound()) {
    return Status::not_bound;
  }
  const Status status = check_weights(data_.trainer->inside(), inputs, weights);
  return status == Status::ok ? learn(data_, {inputs, targets, {}, Goals::targets, 0.0f, weights.data(), weighted_loss})
                              : status;
}
Status Diagnostics::step(ConstRows inputs, Labels targets, RowWeights weights) noexcept {
  if (!data_.bound()) {
    return Status::not_bound;
  }
  const Status status = check_weights(data_.trainer->inside(), inputs, weights);
  return status == Status::ok ? learn(data_, {inputs, {}, targets, Goals::labels, 0.0f, weights.data(), weighted_loss})
                              : status;
}

}  // namespace linnet
