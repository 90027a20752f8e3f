// Samples that a callback writes.
#include "batches.hpp"
#include "samples.hpp"

namespace linnet {

struct SampleReading {
  static Status check(const Batches& data, const Trainer& trainer) {
    const Samples& samples = data.samples;
    if (samples.reader->read == nullptr || data.order.data() == nullptr) {
      return Status::null_memory;
    }
    if (samples.weights.data() != nullptr) {  // the callback has them
      return Status::bad_setting;
    }
    if (data.order.empty() || data.order.size() > kMaxFloats) {
      return Status::bad_batch;
    }
    const Wanted wanted = wanted_by(trainer);
    const bool fits =
        samples.inputs.columns() == wanted.inputs && (samples.labelled || samples.targets.columns() == wanted.outputs);
    return fits ? Status::ok : Status::bad_columns;
  }

  static Status look(const Batches& data, const Trainer& trainer, Fault& fault) {
    for (std::size_t first = 0; first < data.order.size(); first += data.batch) {
      const Span<const std::uint32_t> numbers(data.order.data() + first, rows_from(data, first));
      if (const Status status = gather(data, trainer, numbers, fault); status != Status::ok) {
        return status;
      }
    }
    return Status::ok;
  }

  static Status gather(const Batches& data, const Trainer& trainer, Span<const std::uint32_t> numbers, Fault& fault) {
    for (std::size_t b = 0; b < numbers.size(); ++b) {
      if (const Status status = read(data, numbers[b], b); status != Status::ok) {
        fault.sample = numbers[b];
        return status;
      }
    }
    const Samples batch = rows_of(data, numbers.size());
    Status status = check_values(batch, {}, wanted_by(trainer), fault);
    if (status == Status::ok && batch.weighting != nullptr) {
      status = batch.weighting->check(batch, {}, kMaxFloats, fault);
    }
    if (fault.sample < numbers.size()) {
      fault.sample = numbers[fault.sample];
    }
    return status;
  }

 private:
  // The sample `number` as row `b` of a batch.
  static Status read(const Batches& data, std::uint32_t number, std::size_t b) {
    const Samples& samples = data.samples;
    if (number >= samples.reader->count) {
      return Status::bad_order;
    }
    const std::size_t inputs = samples.inputs.columns();
    const std::size_t targets = samples.targets.columns();
    float* x = data.memory.data() + b * inputs;                         // (inputs)
    float* t = data.memory.data() + data.batch * inputs + b * targets;  // (targets)
    Sample sample{{x, inputs}, {t, targets}};
    fill(sample.inputs);
    fill(sample.targets);
    if (!samples.reader->read(samples.reader->context, number, sample)) {
      return Status::store_failed;
    }
    if (samples.labelled) {
      data.label_memory[b] = sample.label;
    }
    if (samples.weighting != nullptr) {
      data.weight_memory[b] = sample.weight;
    }
    return Status::ok;
  }

  static void fill(Span<float> row) {
    for (float& x : row) {
      x = __builtin_nanf("");
    }
  }
};

constexpr ReadingDescriptor descriptor::sample_reader = {SampleReading::check, SampleReading::look,
                                                         SampleReading::gather};

}  // namespace linnet
