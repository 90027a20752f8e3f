// The program's own loss: it brings the gradients by the outputs, and here they pass the last activation.
#include "loss/formulas.hpp"

namespace linnet {

namespace {

// A pass over the last layer alone: plain on every table.
float through_activation(LossJob& job) {
  const std::size_t n = job.batch * job.outputs;
  for (std::size_t k = 0; k < n; ++k) {
    job.d[k] *= job.targets[k];
  }
  return 0.0f;
}

constexpr LossVariant kOwn{through_activation};

}  // namespace

#define LINNET_SAME(table, variant) , &variant
constexpr LossDescriptor descriptor::own = {LossId::own,
                                            false,
                                            LabelUse::none,
                                            false,
                                            false,
                                            false,
                                            Status::bad_config,
                                            any_but_softmax,
                                            sound_without_delta,
                                            {&kOwn LINNET_VECTOR_TABLES(LINNET_SAME, kOwn)}};

}  // namespace linnet
