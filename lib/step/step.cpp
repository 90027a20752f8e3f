// The calls that take a step, and what is asked by those who look or wait before the change.
#include "step/whole.hpp"

namespace linnet {

[[gnu::flatten]] Status Trainer::step(const ConstRows& inputs, const ConstRows& targets) noexcept {
  return learn(data_, {inputs, targets, {}, Goals::targets});
}
[[gnu::flatten]] Status Trainer::step(const ConstRows& inputs, const Labels& targets) noexcept {
  return learn(data_, {inputs, {}, targets, Goals::labels});
}
[[gnu::flatten]] Status Trainer::evaluate(const ConstRows& inputs, const ConstRows& targets, float& loss) noexcept {
  return measure(data_, {inputs, targets, {}, Goals::targets}, loss);
}
[[gnu::flatten]] Status Trainer::evaluate(const ConstRows& inputs, const Labels& targets, float& loss) noexcept {
  return measure(data_, {inputs, {}, targets, Goals::labels}, loss);
}

// For those who look or wait before the change: kept gradients, diagnostics.
[[gnu::flatten]] Status run_back(Step& step, const Batch& batch) noexcept {
  const Status status = step.measure(batch);
  if (status == Status::ok) {
    step.backward();
  }
  return status;
}
Status decide(Step& step, Update& update) noexcept { return step.decide(update); }
void finish(Step& step, const Update& update) noexcept { step.finish(update); }

}  // namespace linnet
