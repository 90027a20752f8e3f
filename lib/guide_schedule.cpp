// The learning rates of a guided run.
#include "arithmetic/range.hpp"
#include "guide.hpp"

namespace linnet {

namespace {

Status check(const FitGuide& guide) {
  const Status status = check(*guide.schedule);
  return status == Status::ok && !in_range(guide.base_rate, 0.0f, 1e6f) ? Status::bad_hyperparameter : status;
}

Status set(Trainer& trainer, const FitGuide& guide) {
  return trainer.set_learning_rate((*guide.schedule)(trainer.steps(), guide.base_rate));
}

}  // namespace

constexpr FollowedDescriptor descriptor::followed_rates = {check, set};

}  // namespace linnet
