// The loss of samples that a guided run does not train on.
#include "guide.hpp"

namespace linnet {

namespace {

Status check(const Trainer& trainer, const Batches& data, Fault& fault) {
  const Status status = check_batches(trainer, data, true, fault);
  return status == Status::ok ? look_ahead(trainer, data, fault) : status;
}

}  // namespace

constexpr ValidationDescriptor descriptor::validation = {check, mean_loss};

}  // namespace linnet
