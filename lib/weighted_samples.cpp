#include "weighted_samples.hpp"

namespace linnet {

struct SampleWeights {
  static Status check(const Samples& samples, Span<const std::uint32_t> order, std::size_t most, Fault& fault) {
    if (const Status status = check_count(samples.weights, samples.inputs.count(), most); status != Status::ok) {
      return status;
    }
    const std::size_t count = order.empty() ? samples.weights.size() : order.size();
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t number = order.empty() ? k : order[k];
      if (!is_row_weight(samples.weights[number])) {
        fault.sample = number;
        return Status::bad_weight;
      }
    }
    return Status::ok;
  }

  static Status step(Trainer& trainer, const Samples& batch) {
    return batch.labelled ? trainer.step(batch.inputs, batch.labels, batch.weights)
                          : trainer.step(batch.inputs, batch.targets, batch.weights);
  }

  static Status evaluate(Trainer& trainer, const Samples& batch, float& loss) {
    return batch.labelled ? trainer.evaluate(batch.inputs, batch.labels, batch.weights, loss)
                          : trainer.evaluate(batch.inputs, batch.targets, batch.weights, loss);
  }
};

constexpr WeightsDescriptor descriptor::sample_weights = {SampleWeights::check, SampleWeights::step,
                                                          SampleWeights::evaluate, weighted_loss};

}  // namespace linnet
