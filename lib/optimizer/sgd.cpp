#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    sgd, 0, false, false, false, false, Steepness::refused, 0u, [](const Optimizer&) { return true; }, nullptr, Sgd)
