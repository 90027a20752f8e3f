// Samples in batches, put together in lent memory.
#pragma once

#include <linnet/fit.hpp>

#include "overlap.hpp"
#include "weighted_samples.hpp"

namespace linnet {

// What is done with samples that a callback writes. It is reached through the SampleReader alone: naming one is what links
// it.
struct ReadingDescriptor {
  // Whether the trainer can be given what is read. Returns ok, null_memory, bad_setting, bad_batch or bad_columns.
  Status (*check)(const Batches& data, const Trainer& trainer);
  // Reads every sample of the order, in batches; only their memory is written. Returns what gather() returns, and where.
  Status (*look)(const Batches& data, const Trainer& trainer, Fault& fault);
  // Puts the samples `numbers` together as rows of a batch, and looks at them. Returns ok, bad_order, store_failed,
  // bad_label, bad_input, bad_target or bad_weight, and which sample.
  Status (*gather)(const Batches& data, const Trainer& trainer, Span<const std::uint32_t> numbers, Fault& fault);
};

// All memory that a run is lent: what it writes, then what it only reads.
struct LentMemory {
  static constexpr std::size_t kWritten = 6, kAll = 13;
  Bytes runs[kAll];

  // Of a bound trainer; `data` has been checked.
  LentMemory(const Trainer& trainer, const Batches& data) noexcept;

  // Whether any of it shares a byte with that.
  [[nodiscard]] bool touches(Bytes other) const noexcept;
};

// With one output a row of targets is a column, as in Trainer::step().
Batches batches_in_rows(const Batches& data, const Trainer& trainer) noexcept;

// Floats of data.memory that are used.
std::size_t floats_of(const Batches& data) noexcept;

// Of the batch that begins there.
inline std::size_t rows_from(const Batches& data, std::size_t first) noexcept {
  const std::size_t left = data.order.size() - first;
  return left < data.batch ? left : data.batch;
}

// Puts the samples numbers[0], numbers[1], ... together as rows of a batch. Returns ok, or what a reader says, and where.
Status gather(const Batches& data, const Trainer& trainer, Span<const std::uint32_t> numbers, Fault& fault) noexcept;

// The first `rows` of these rows.
Samples rows_of(const Batches& data, std::size_t rows) noexcept;

// Whether the trainer can be given all of it; nothing has changed. `loss_known`: not one that the program works out. Samples
// of a reader are not looked at. Returns what fit() returns, and where.
Status check_batches(const Trainer& trainer, const Batches& data, bool loss_known, Fault& fault) noexcept;

// Looks at every sample of a reader, if they are a reader's. Returns ok, or what it says, and where.
inline Status look_ahead(const Trainer& trainer, const Batches& data, Fault& fault) noexcept {
  const SampleReader* reader = data.samples.reader;
  return reader != nullptr ? reader->reading->look(data, trainer, fault) : Status::ok;
}

// The step that Trainer makes of a batch.
inline Status step_on(Trainer& trainer, const Samples& batch) noexcept {
  if (batch.weighting != nullptr) {
    return batch.weighting->step(trainer, batch);
  }
  return batch.labelled ? trainer.step(batch.inputs, batch.labels) : trainer.step(batch.inputs, batch.targets);
}

// Of fit.cpp: the mean of the losses of batches that have been checked, weighed by rows; nothing is written without ok.
// Returns ok, diverged, or what a reader says, and where.
Status mean_loss(Trainer& trainer, const Batches& data, Fault& fault, float& loss) noexcept;

}  // namespace linnet
