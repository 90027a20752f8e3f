#include <linnet/fit.hpp>

#include "arithmetic/contract.hpp"
#include "batches.hpp"
#include "samples.hpp"

namespace linnet {

namespace {

// What is done with a batch; gives its loss.
using Take = Status (*)(Trainer& trainer, const Samples& batch, const FitPlan* plan, float& loss);

// One pass over all samples in order.
struct Pass {
  Trainer& trainer;
  const Batches& data;
  const FitPlan* plan;
  Fault& fault;

  // The mean of the losses, weighed by rows.
  Status over(Take take, float& mean) const {
    Mean losses;
    for (std::size_t first = 0; first < data.order.size(); first += data.batch) {
      const std::size_t rows = rows_from(data, first);
      float loss = 0.0f;
      if (const Status status = batch({data.order.data() + first, rows}, take, loss); status != Status::ok) {
        return status;
      }
      losses.add(static_cast<double>(loss), rows);
    }
    return losses.give(mean) ? Status::ok : Status::diverged;
  }

 private:
  Status batch(Span<const std::uint32_t> numbers, Take take, float& loss) const {
    if (const Status status = gather(data, trainer, numbers, fault); status != Status::ok) {
      return status;
    }
    const Samples part = rows_of(data, numbers.size());
    const Status status = take(trainer, part, plan, loss);
    if (status != Status::ok) {
      look_for_fault(part, numbers);
    }
    return status;
  }

  // Where a step was refused, if the plan names who finds out.
  void look_for_fault(const Samples& part, Span<const std::uint32_t> numbers) const {
    if (plan == nullptr || plan->fault == nullptr || plan->find_fault == nullptr) {
      return;
    }
    static_cast<void>(plan->find_fault(trainer, part, fault));
    if (fault.sample < numbers.size()) {
      fault.sample = numbers[fault.sample];
    }
  }
};

Status take_step(Trainer& trainer, const Samples& batch, const FitPlan* plan, float& loss) {
  const Status status =
      plan->take_step != nullptr ? plan->take_step(plan->step_context, trainer, batch) : step_on(trainer, batch);
  loss = trainer.loss();
  return status;
}

Status take_loss(Trainer& trainer, const Samples& batch, const FitPlan* /*plan*/, float& loss) {
  if (batch.weighting != nullptr) {
    return batch.weighting->evaluate(trainer, batch, loss);
  }
  return batch.labelled ? trainer.evaluate(batch.inputs, batch.labels, loss)
                        : trainer.evaluate(batch.inputs, batch.targets, loss);
}

}  // namespace

Status mean_loss(Trainer& trainer, const Batches& data, Fault& fault, float& loss) noexcept {
  return Pass{trainer, data, nullptr, fault}.over(take_loss, loss);
}

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
  const Batches batches = batches_in_rows(data, trainer);
  Fault nobody_asked;
  Fault& fault = plan.fault != nullptr ? *plan.fault : nobody_asked;
  fault = {};
  if (const Status status = check_batches(trainer, batches, plan.take_step == nullptr, fault); status != Status::ok) {
    return status;
  }
  if (const Status status = look_ahead(trainer, batches, fault); status != Status::ok) {
    return status;
  }
  const Pass pass{trainer, batches, &plan, fault};
  for (Epoch epoch{1, 0.0f}; epoch.number <= plan.epochs; ++epoch.number) {
    if (plan.shuffle) {
      random.shuffle(batches.order);
    }
    if (const Status status = pass.over(take_step, epoch.loss); status != Status::ok) {
      return status;
    }
    if (plan.on_epoch != nullptr && !plan.on_epoch(plan.epoch_context, epoch)) {
      break;
    }
  }
  return Status::ok;
}

Status evaluate(Trainer& trainer, const Batches& data, float& loss) noexcept {
  const Batches batches = batches_in_rows(data, trainer);
  Fault nobody_asked;
  if (const Status status = check_batches(trainer, batches, true, nobody_asked); status != Status::ok) {
    return status;
  }
  return mean_loss(trainer, batches, nobody_asked, loss);
}

}  // namespace linnet
