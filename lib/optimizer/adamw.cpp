#include "optimizer/formulas.hpp"

namespace linnet {
namespace {

void prepare_adamw(const Optimizer& o, float corrections[2], Update& u) {
  prepare_adam(o, corrections, u);
  u.keep = multiply_add(-o.rate, o.weight_decay, 1.0f);
  u.decay = 0.0f;
}

}  // namespace
}  // namespace linnet

LINNET_OPTIMIZER(
    adamw, 2, true, false, false, false, true, Steepness::cut, kBeta1 | kBeta2 | kEpsilon,
    [](const Optimizer& o) { return sound_adam(o) && o.rate * o.weight_decay <= 1.0f; }, prepare_adamw, Adamw)
