#include "optimizer/formulas.hpp"

namespace linnet {
namespace {

void prepare_adamw(const Optimizer& o, float bias_corrections[2], Update& u) {
  prepare_adam(o, bias_corrections, u);
  u.keep = multiply_add(-o.learning_rate, o.weight_decay, 1.0f);
  u.decay = 0.0f;
}

}  // namespace
}  // namespace linnet

LINNET_OPTIMIZER(
    adamw, 2, true, false, false, false, true, Steepness::cut, kBeta1 | kBeta2 | kEpsilon,
    [](const Optimizer& o) { return sound_adam(o) && o.learning_rate * o.weight_decay <= 1.0f; }, prepare_adamw, Adamw)
