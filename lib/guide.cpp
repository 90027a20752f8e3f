#include "guide.hpp"

#include "arithmetic/contract.hpp"

namespace linnet {

namespace {

// A run of fit(), whose callbacks are these.
struct Guided {
  Trainer& trainer;
  const FitPlan& plan;
  const FitGuide& guide;
  const Batches validation;
  Fault& fault;
  Status status = Status::ok;  // of what was called between epochs
  bool completed = false;      // an epoch

  // Whether the guide can be followed; nothing has changed. Returns what fit() returns, and where.
  Status check(const Batches& data) const {
    // fit() will be given a step to take, and would not ask for the loss
    if (const Status found = check_batches(trainer, batches_in_rows(data, trainer), plan.take_step == nullptr, fault);
        found != Status::ok) {
      return found;
    }
    if (guide.following != nullptr) {
      if (const Status found = guide.following->check(guide); found != Status::ok) {
        return found;
      }
    }
    if (guide.validating == nullptr) {
      return guide.keeping == nullptr ? Status::ok : Status::bad_setting;
    }
    if (const Status found = guide.validating->check(trainer, validation, fault); found != Status::ok) {
      return found;
    }
    if (guide.keeping != nullptr) {
      if (const Status found = guide.keeping->check(*guide.keeper, trainer.network()); found != Status::ok) {
        return found;
      }
    }
    return is_apart(data) ? Status::ok : Status::overlapping_memory;
  }

  [[nodiscard]] bool ended() const { return guide.keeping != nullptr && guide.keeper->ended(); }

  static bool on_epoch(void* context, const Epoch& epoch) { return static_cast<Guided*>(context)->look_at(epoch); }

  // At the schedule's rate.
  static Status take_step(void* context, Trainer& trainer, const Samples& batch) {
    const Guided& run = *static_cast<Guided*>(context);
    if (const Status found = run.guide.following->set(trainer, run.guide); found != Status::ok) {
      return found;
    }
    return run.plan.take_step != nullptr ? run.plan.take_step(run.plan.step_context, trainer, batch)
                                         : step_on(trainer, batch);
  }

  // When fit() has said so.
  Status finish(Status said) const {
    if (said == Status::ok) {
      said = status;
    }
    if (guide.keeping == nullptr || (said != Status::ok && !completed)) {
      return said;
    }
    const Status found = guide.keeping->put_back(*guide.keeper, trainer.network());
    return said == Status::ok && found != Status::nothing_kept ? found : said;
  }

 private:
  // Whether the order that is shuffled and what is kept share nothing with what fit() and evaluate() do not compare them to.
  [[nodiscard]] bool is_apart(const Batches& data) const {
    const LentMemory of_validation(trainer, validation);
    if (of_validation.touches(data.order)) {
      return false;
    }
    if (guide.keeping == nullptr || guide.keeper->memory.empty()) {
      return true;
    }
    const Span<float> kept(guide.keeper->memory.data(), trainer.network().trainable().size());
    return !of_validation.touches(kept) && !LentMemory(trainer, data).touches(kept);
  }

  // Returns whether the run goes on.
  bool look_at(const Epoch& epoch) {
    completed = true;
    GuidedEpoch seen{epoch.number, epoch.loss, __builtin_nanf(""), false};
    if (!measure(seen)) {
      return false;
    }
    const bool goes_on = plan.on_epoch == nullptr || plan.on_epoch(plan.epoch_context, epoch);
    const bool guided_on = guide.on_epoch == nullptr || guide.on_epoch(guide.epoch_context, trainer, seen);
    return goes_on && guided_on && !ended();
  }

  bool measure(GuidedEpoch& epoch) {
    if (guide.validating == nullptr) {
      return true;
    }
    const Status measured = guide.validating->measure(trainer, validation, fault, epoch.validation_loss);
    if (measured != Status::ok && measured != Status::diverged) {
      status = measured;
      return false;
    }
    if (guide.keeping == nullptr) {
      return true;
    }
    status = guide.keeping->observe(*guide.keeper, trainer.network(), epoch.validation_loss);
    epoch.best = guide.keeper->state.best_epoch == guide.keeper->state.epochs;
    return status == Status::ok;
  }
};

}  // namespace

Status fit(Trainer& trainer, const Batches& data, Pcg32& random, const FitPlan& plan, const FitGuide& guide) noexcept {
  Fault nobody_asked;
  Fault& fault = plan.fault != nullptr ? *plan.fault : nobody_asked;
  fault = {};
  Guided run{trainer, plan, guide,
             batches_in_rows({guide.validation, guide.validation_order, data.memory, data.batch, data.label_memory,
                              data.weight_memory},
                             trainer),
             fault};
  if (const Status status = run.check(data); status != Status::ok) {
    return status;
  }
  FitPlan guided = plan;
  guided.on_epoch = Guided::on_epoch;
  guided.epoch_context = &run;
  if (guide.following != nullptr) {
    guided.take_step = Guided::take_step;
    guided.step_context = &run;
  }
  if (run.ended()) {
    guided.epochs = 0;
  }
  return run.finish(fit(trainer, data, random, guided));
}

}  // namespace linnet
