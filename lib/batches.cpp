#include "batches.hpp"

#include "arithmetic/contract.hpp"
#include "loss/descriptor.hpp"
#include "samples.hpp"

namespace linnet {

namespace {

Status check_memory(const Trainer& trainer, const Batches& data) {
  const Samples& samples = data.samples;
  const std::size_t labels = samples.labelled ? data.batch : 0;
  const std::size_t weights = samples.weighting != nullptr ? data.batch : 0;
  if (data.memory.data() == nullptr || (labels > 0 && data.label_memory.data() == nullptr) ||
      (weights > 0 && data.weight_memory.data() == nullptr)) {
    return Status::null_memory;
  }
  if (data.memory.size() < floats_of(data) || data.label_memory.size() < labels ||
      data.weight_memory.size() < weights) {
    return Status::too_little_memory;
  }
  return overlaps(LentMemory(trainer, data).runs, LentMemory::kWritten) ? Status::overlapping_memory : Status::ok;
}

void copy(const float* from, std::size_t n, float* to) {
  for (std::size_t k = 0; k < n; ++k) {
    to[k] = from[k];
  }
}

void gather_arrays(const Batches& data, Span<const std::uint32_t> numbers) {
  const Samples& samples = data.samples;
  const std::size_t inputs = samples.inputs.columns();
  const std::size_t outputs = samples.targets.columns();
  float* x = data.memory.data();       // (batch, inputs)
  float* t = x + data.batch * inputs;  // (batch, outputs)
  for (std::size_t b = 0; b < numbers.size(); ++b) {
    copy(samples.inputs.data() + numbers[b] * inputs, inputs, x + b * inputs);
    if (samples.labelled) {
      data.label_memory[b] = samples.labels[numbers[b]];
    } else {
      copy(samples.targets.data() + numbers[b] * outputs, outputs, t + b * outputs);
    }
    if (samples.weighting != nullptr) {
      data.weight_memory[b] = samples.weights[numbers[b]];
    }
  }
}

}  // namespace

Batches batches_in_rows(const Batches& data, const Trainer& trainer) noexcept {
  Batches result = data;
  result.samples = in_rows(data.samples, outputs_of(trainer));
  return result;
}

std::size_t floats_of(const Batches& data) noexcept {
  const Samples& samples = data.samples;
  return batch_floats(samples.inputs.columns(), samples.labelled ? 0 : samples.targets.columns(), data.batch);
}

LentMemory::LentMemory(const Trainer& trainer, const Batches& data) noexcept
    : runs{Span<float>(data.memory.data(), floats_of(data)),
           Span<std::uint16_t>(data.label_memory.data(), data.samples.labelled ? data.batch : 0),
           Span<float>(data.weight_memory.data(), data.samples.weighting != nullptr ? data.batch : 0),
           data.order,
           trainer.network().trainable(),
           memory_of(trainer),
           data.samples.inputs,
           data.samples.targets,
           data.samples.labels,
           data.samples.weights,
           trainer.network().frozen(),
           trainer.config().loss.class_weights,
           Span<const Layer>(trainer.network().topology().layers, trainer.network().topology().layer_count)} {}

bool LentMemory::touches(Bytes other) const noexcept {
  for (const Bytes& run : runs) {
    if (touch(run, other)) {
      return true;
    }
  }
  return false;
}

Status gather(const Batches& data, const Trainer& trainer, Span<const std::uint32_t> numbers, Fault& fault) noexcept {
  if (const SampleReader* reader = data.samples.reader; reader != nullptr) {
    return reader->reading->gather(data, trainer, numbers, fault);
  }
  gather_arrays(data, numbers);
  return Status::ok;
}

Samples rows_of(const Batches& data, std::size_t rows) noexcept {
  Samples part;
  const std::size_t inputs = data.samples.inputs.columns();
  part.inputs = ConstRows(data.memory.data(), rows, inputs);
  part.labelled = data.samples.labelled;
  if (part.labelled) {
    part.labels = {data.label_memory.data(), rows};
  } else {
    part.targets = ConstRows(data.memory.data() + data.batch * inputs, rows, data.samples.targets.columns());
  }
  part.weighting = data.samples.weighting;
  if (part.weighting != nullptr) {
    part.weights = {data.weight_memory.data(), rows};
  }
  return part;
}

Status check_batches(const Trainer& trainer, const Batches& data, bool loss_known, Fault& fault) noexcept {
  if (!trainer.bound()) {
    return Status::not_bound;
  }
  const Samples& samples = data.samples;
  const TrainerConfig& config = trainer.config();
  if ((loss_known || samples.weighting != nullptr) && config.loss.descriptor->id == LossId::own) {
    return Status::bad_config;
  }
  const SampleReader* reader = samples.reader;
  Status status = reader != nullptr ? reader->reading->check(data, trainer) : check_samples(samples, data.order);
  if (status == Status::ok && (data.batch == 0 || rows_from(data, 0) > config.max_batch)) {
    status = Status::bad_batch;
  }
  if (status == Status::ok) {
    status = check_memory(trainer, data);
  }
  if (status != Status::ok || reader != nullptr) {
    return status;
  }
  status = check_values(samples, data.order, wanted_by(trainer), fault);
  return status == Status::ok && samples.weighting != nullptr
             ? samples.weighting->check(samples, data.order, kMaxFloats, fault)
             : status;
}

}  // namespace linnet
