#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    sgd_momentum, 1, true, false, false, true, Steepness::refused, kMomentum,
    [](const Optimizer& o) { return is_fraction(o.momentum); }, prepare_nothing, SgdMomentum)
