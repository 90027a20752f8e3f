// Steps on rows that have weights. Naming them is what links this. No loss knows of it: it is run, and its unit gradients
// and the losses of its rows are multiplied.
#include "step/weighted.hpp"

#include "arithmetic/elementwise.hpp"
#include "step/whole.hpp"

namespace linnet {

namespace {

void multiply(float* x, std::size_t n, float factor) {
  for (std::size_t k = 0; k < n; ++k) {
    x[k] *= factor;
  }
}

// Softmax cross-entropy: a loss of rows, which leaves theirs in the first place of each.
float weigh_rows(const LossVariant& loss, LossJob& job, const float* row_weights) {
  const std::size_t outputs = job.outputs;
  loss.run(job);
  for (std::size_t b = 0; b < job.batch; ++b) {
    multiply(job.d + b * outputs, outputs, row_weights[b]);
  }
  const float sum =
      sum_in_tree(job.batch, [&](std::size_t b, float lane) { return lane + row_weights[b] * job.y[b * outputs]; });
  return sum * job.share;
}

// Any other: the mean of one element alone is its value, so that the sum of a row can be formed here.
float weigh_elements(const LossVariant& loss, LossJob& job, const float* row_weights) {
  const std::size_t outputs = job.outputs;
  const auto value = [&loss, &job, outputs](std::size_t b, std::size_t o, float weight) {
    const std::size_t k = b * outputs + o;
    LossJob one(job.y + k, job.targets != nullptr ? job.targets + k : nullptr,
                job.labels != nullptr ? job.labels + b : nullptr, job.how, job.d + k, 1, 1);
    one.class_weights = job.class_weights != nullptr ? job.class_weights + o : nullptr;
    const float found = loss.run(one);
    job.share = one.share;  // of one element, the same for all
    multiply(one.d, 1, weight);
    return found;
  };
  const float sum = sum_in_tree(job.batch, [&](std::size_t b, float lane) {
    const float w = row_weights[b];
    return lane + w * sum_in_tree(outputs, [&](std::size_t o, float row) { return row + value(b, o, w); });
  });
  const float n = static_cast<float>(job.batch * outputs);
  job.share = divide(job.share, n);
  return divide(sum, n);
}

}  // namespace

float weighted_loss(const LossVariant& loss, LossJob& job, const float* row_weights) {
  return job.how.descriptor->id == LossId::softmax_cross_entropy ? weigh_rows(loss, job, row_weights)
                                                                 : weigh_elements(loss, job, row_weights);
}

Status check_count(const RowWeights& weights, std::size_t rows, std::size_t most) {
  if (weights.data() == nullptr) {
    return Status::null_memory;
  }
  return weights.size() == rows && rows <= most ? Status::ok : Status::bad_batch;
}

Status check_weights(const TrainerData& trainer, const ConstRows& inputs, const RowWeights& weights) {
  if (trainer.kernels == nullptr) {
    return Status::not_bound;
  }
  if (const Status status = check_count(weights, inputs.count(), trainer.config.max_batch); status != Status::ok) {
    return status;
  }
  for (const float w : weights) {
    if (!is_row_weight(w)) {
      return Status::bad_weight;
    }
  }
  return Status::ok;
}

Status Trainer::step(const ConstRows& inputs, const ConstRows& targets, const RowWeights& weights) noexcept {
  const Status status = check_weights(data_, inputs, weights);
  return status == Status::ok ? learn(data_, {inputs, targets, {}, Goals::targets, 0.0f, weights.data(), weighted_loss})
                              : status;
}
Status Trainer::step(const ConstRows& inputs, const Labels& targets, const RowWeights& weights) noexcept {
  const Status status = check_weights(data_, inputs, weights);
  return status == Status::ok ? learn(data_, {inputs, {}, targets, Goals::labels, 0.0f, weights.data(), weighted_loss})
                              : status;
}
Status Trainer::evaluate(const ConstRows& inputs, const ConstRows& targets, const RowWeights& weights,
                         float& loss) noexcept {
  const Status status = check_weights(data_, inputs, weights);
  return status == Status::ok
             ? measure(data_, {inputs, targets, {}, Goals::targets, 0.0f, weights.data(), weighted_loss}, loss)
             : status;
}
Status Trainer::evaluate(const ConstRows& inputs, const Labels& targets, const RowWeights& weights,
                         float& loss) noexcept {
  const Status status = check_weights(data_, inputs, weights);
  return status == Status::ok
             ? measure(data_, {inputs, {}, targets, Goals::labels, 0.0f, weights.data(), weighted_loss}, loss)
             : status;
}

}  // namespace linnet
