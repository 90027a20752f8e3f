#include "optimizer/formulas.hpp"

namespace linnet {
namespace {

bool sound_rprop(const Optimizer& o) {
  return o.eta_minus > 0.0f && o.eta_minus < 1.0f && o.eta_plus > 1.0f && o.eta_plus <= 10.0f && o.min_step >= 1e-20f &&
         o.min_step <= o.max_step && o.max_step <= 1e6f;
}

}  // namespace
}  // namespace linnet

LINNET_OPTIMIZER(rprop, 2, true, false, true, false, Steepness::harmless, kRpropSteps, sound_rprop, prepare_nothing,
                 Rprop)
