#include "optimizer/formulas.hpp"

namespace linnet {
namespace {

bool sound_rprop(const Optimizer& o) {
  return o.shrink > 0.0f && o.shrink < 1.0f && o.grow > 1.0f && o.grow <= 10.0f && o.smallest_step >= 1e-20f &&
         o.smallest_step <= o.largest_step && o.largest_step <= 1e6f;
}

}  // namespace
}  // namespace linnet

LINNET_OPTIMIZER(rprop, 2, true, false, false, true, false, Steepness::harmless, kRpropSteps, sound_rprop,
                 prepare_nothing, Rprop)
