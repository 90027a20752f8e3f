#include <linnet/fit.hpp>

#include "arithmetic/contract.hpp"
#include "loss/descriptor.hpp"
#include "samples.hpp"
#include "weighted_samples.hpp"

namespace linnet {

namespace {

// Puts batches together in lent memory.
struct Gather {
  Batches data;

  Gather(const Batches& batches, const Trainer& trainer) : data(batches) {
    data.samples = in_rows(data.samples, outputs_of(trainer));
  }

  // Whether the trainer can be given all of it; nothing has changed. `loss_known`: not one that the program works out.
  Status check(const Trainer& trainer, bool loss_known, Fault& fault) const {
    if (!trainer.bound()) {
      return Status::not_bound;
    }
    const bool weighted = data.samples.weighting != nullptr;
    if ((loss_known || weighted) && trainer.config().loss.descriptor->id == LossId::own) {
      return Status::bad_config;
    }
    if (const Status status = check_samples(data.samples, data.order); status != Status::ok) {
      return status;
    }
    const TrainerConfig& config = trainer.config();
    if (data.batch == 0 || rows_from(0) > config.max_batch) {
      return Status::bad_batch;
    }
    if (const Status status = check_memory(trainer); status != Status::ok) {
      return status;
    }
    const Status status = check_values(data.samples, data.order, wanted_by(trainer), fault);
    return status == Status::ok && weighted ? data.samples.weighting->check(data.samples, data.order, kMaxFloats, fault)
                                            : status;
  }

  // Of the batch that begins there.
  [[nodiscard]] std::size_t rows_from(std::size_t first) const {
    const std::size_t left = data.order.size() - first;
    return left < data.batch ? left : data.batch;
  }

  [[nodiscard]] Status check_memory(const Trainer& trainer) const {
    const Samples& samples = data.samples;
    const std::size_t needed = floats();
    const std::size_t labels = samples.labelled ? data.batch : 0;
    const std::size_t weights = samples.weighting != nullptr ? data.batch : 0;
    if (data.memory.data() == nullptr || (labels > 0 && data.label_memory.data() == nullptr) ||
        (weights > 0 && data.weight_memory.data() == nullptr)) {
      return Status::null_memory;
    }
    if (data.memory.size() < needed || data.label_memory.size() < labels || data.weight_memory.size() < weights) {
      return Status::too_little_memory;
    }
    const Network& network = trainer.network();
    const TopologyView topology = network.topology();
    const Bytes lent[] = {Span<float>(data.memory.data(), needed),
                          Span<std::uint16_t>(data.label_memory.data(), labels),
                          Span<float>(data.weight_memory.data(), weights),
                          data.order,
                          network.trainable(),
                          memory_of(trainer),
                          samples.inputs,
                          samples.targets,
                          samples.labels,
                          samples.weights,
                          network.frozen(),
                          trainer.config().loss.class_weights,
                          Span<const Layer>(topology.layers, topology.layer_count)};
    return overlaps(lent, 6) ? Status::overlapping_memory : Status::ok;
  }

  [[nodiscard]] std::size_t floats() const {
    const Samples& samples = data.samples;
    return batch_floats(samples.inputs.columns(), samples.labelled ? 0 : samples.targets.columns(), data.batch);
  }

  // The samples numbers[0], numbers[1], ... as rows of a batch.
  Samples operator()(Span<const std::uint32_t> numbers) const {
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
    const ConstRows rows(x, numbers.size(), inputs);
    Samples part = samples.labelled ? Samples(rows, Labels(data.label_memory.data(), numbers.size()))
                                    : Samples(rows, ConstRows(t, numbers.size(), outputs));
    if (samples.weighting != nullptr) {
      part.weights = {data.weight_memory.data(), numbers.size()};
      part.weighting = samples.weighting;
    }
    return part;
  }

  static void copy(const float* from, std::size_t n, float* to) {
    for (std::size_t k = 0; k < n; ++k) {
      to[k] = from[k];
    }
  }

  // take(batch, the numbers of its samples, its loss) for all samples in order; the mean of the losses, weighed by rows.
  template <class Take>
  Status over(Take take, float& mean) const {
    Mean losses;
    for (std::size_t first = 0; first < data.order.size(); first += data.batch) {
      const std::size_t rows = rows_from(first);
      const Span<const std::uint32_t> numbers(data.order.data() + first, rows);
      float loss = 0.0f;
      if (const Status status = take((*this)(numbers), numbers, loss); status != Status::ok) {
        return status;
      }
      losses.add(static_cast<double>(loss), rows);
    }
    return losses.give(mean) ? Status::ok : Status::diverged;
  }
};

Status take_step(Trainer& trainer, const FitPlan& plan, const Samples& batch) {
  if (plan.take_step != nullptr) {
    return plan.take_step(plan.step_context, trainer, batch);
  }
  if (batch.weighting != nullptr) {
    return batch.weighting->step(trainer, batch);
  }
  return batch.labelled ? trainer.step(batch.inputs, batch.labels) : trainer.step(batch.inputs, batch.targets);
}

// Where a step was refused, if the plan names who finds out.
void look_for_fault(Trainer& trainer, const FitPlan& plan, const Samples& batch, Span<const std::uint32_t> numbers) {
  if (plan.fault == nullptr || plan.find_fault == nullptr) {
    return;
  }
  static_cast<void>(plan.find_fault(trainer, batch, *plan.fault));
  if (plan.fault->sample < numbers.size()) {
    plan.fault->sample = numbers[plan.fault->sample];
  }
}

}  // namespace

Status split(Span<std::uint32_t> order, std::size_t train, Pcg32& random, Split& parts) noexcept {
  if (order.data() == nullptr) {
    return Status::null_memory;
  }
  if (train == 0 || train > order.size() || order.size() > kMaxFloats) {
    return Status::bad_order;
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    order[k] = static_cast<std::uint32_t>(k);
  }
  random.shuffle(order);
  parts = {{order.data(), train}, {order.data() + train, order.size() - train}};
  return Status::ok;
}

Status fit(Trainer& trainer, const Batches& data, Pcg32& random, const FitPlan& plan) noexcept {
  const Gather gather(data, trainer);
  Fault nobody_asked;
  Fault& fault = plan.fault != nullptr ? *plan.fault : nobody_asked;
  fault = {};
  if (const Status status = gather.check(trainer, plan.take_step == nullptr, fault); status != Status::ok) {
    return status;
  }
  const auto step = [&trainer, &plan](const Samples& batch, Span<const std::uint32_t> numbers, float& loss) {
    const Status status = take_step(trainer, plan, batch);
    if (status != Status::ok) {
      look_for_fault(trainer, plan, batch, numbers);
    }
    loss = trainer.loss();
    return status;
  };
  for (Epoch epoch{1, 0.0f}; epoch.number <= plan.epochs; ++epoch.number) {
    if (plan.shuffle) {
      random.shuffle(data.order);
    }
    if (const Status status = gather.over(step, epoch.loss); status != Status::ok) {
      return status;
    }
    if (plan.on_epoch != nullptr && !plan.on_epoch(plan.epoch_context, epoch)) {
      break;
    }
  }
  return Status::ok;
}

Status evaluate(Trainer& trainer, const Batches& data, float& loss) noexcept {
  const Gather gather(data, trainer);
  Fault nobody_asked;
  if (const Status status = gather.check(trainer, true, nobody_asked); status != Status::ok) {
    return status;
  }
  return gather.over(
      [&trainer](const Samples& part, Span<const std::uint32_t> /*numbers*/, float& value) {
        if (part.weighting != nullptr) {
          return part.weighting->evaluate(trainer, part, value);
        }
        return part.labelled ? trainer.evaluate(part.inputs, part.labels, value)
                             : trainer.evaluate(part.inputs, part.targets, value);
      },
      loss);
}

}  // namespace linnet
