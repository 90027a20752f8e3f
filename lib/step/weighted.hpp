// The weights of rows.
#pragma once

#include "step/step.hpp"

namespace linnet {

// Sums are formed as those of a batch without weights: (sum over rows, in lanes, of w times the loss of the row), then the
// mean. Unit gradients are multiplied by w when they are complete.
float weighted_loss(const LossVariant& loss, LossJob& job, const float* row_weights);

// Returns ok, null_memory, or bad_batch (not one for each row, or more than `most`: then none of them is read).
Status check_count(const RowWeights& weights, std::size_t rows, std::size_t most);

// Whether a trainer takes them for these rows. Returns ok, not_bound, bad_weight or the Status of check_count().
Status check_weights(const TrainerData& trainer, const ConstRows& inputs, const RowWeights& weights);

// Infinities and NaN are no weights either.
inline bool is_row_weight(float w) { return w >= 0.0f && w <= kMaxRowWeight; }

}  // namespace linnet
