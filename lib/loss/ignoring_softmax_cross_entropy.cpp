// Softmax cross-entropy that passes over rows whose label is kIgnored. What lies between two of them goes through the loss
// as a batch of its own; the mean is taken here. Plain on every table but for the loss.
#include "loss/softmax_cross_entropy.hpp"

LINNET_DECLARE_VARIANTS(LossVariant, softmax_cross_entropy)

namespace linnet {

namespace {

constexpr LossVariant kScalar = softmax_cross_entropy_variant<float>();

// The rows from b on that count, up to the next one that does not.
std::size_t end_of_run(const LossJob& job, std::size_t b) {
  while (b < job.batch && job.labels[b] != kIgnored) {
    ++b;
  }
  return b;
}

// What the mean divides by.
float weight_of_rows(const LossJob& job) {
  std::size_t count = 0;
  const float sum = sum_in_tree(job.batch, [&job, &count](std::size_t b, float lane) {
    const std::uint16_t label = job.labels[b];
    count += label != kIgnored ? 1 : 0;
    return lane + (label != kIgnored && job.class_weights != nullptr ? job.class_weights[label] : 0.0f);
  });
  return job.class_weights != nullptr ? sum : static_cast<float>(count);
}

// Leaves the loss of each row in the first place of it, as the loss does.
template <const LossVariant* kLoss>
float pass_over_ignored(LossJob& job) {
  if (job.labels == nullptr) {
    return kLoss->run(job);
  }
  const std::size_t outputs = job.outputs;
  for (std::size_t b = 0; b < job.batch;) {
    const std::size_t end = end_of_run(job, b);
    if (end > b) {
      LossJob run(job.y + b * outputs, nullptr, job.labels + b, job.how, job.d + b * outputs, end - b, outputs);
      kLoss->run(run);
      b = end;
      continue;
    }
    job.y[b * outputs] = 0.0f;
    for (std::size_t o = 0; o < outputs; ++o) {
      job.d[b * outputs + o] = 0.0f;
    }
    ++b;
  }
  job.share = share_of(weight_of_rows(job));
  return scalar::sum(job.y, job.batch, outputs) * job.share;
}

template <const LossVariant* kLoss>
constexpr LossVariant kIgnoring = {pass_over_ignored<kLoss>};

}  // namespace

#define LINNET_IGNORING(table, ...) , &kIgnoring<&table::softmax_cross_entropy>
constexpr LossDescriptor descriptor::ignoring_softmax_cross_entropy = {
    LossId::softmax_cross_entropy,
    true,
    LabelUse::outputs,
    true,
    true,
    true,
    Status::bad_label,
    belongs_to_softmax,
    sound_weights,
    {&kIgnoring<&kScalar> LINNET_VECTOR_TABLES(LINNET_IGNORING, )}};

}  // namespace linnet
