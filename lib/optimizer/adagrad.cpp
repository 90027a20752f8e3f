#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    adagrad, 1, false, false, false, true, Steepness::cut, kEpsilon,
    [](const Optimizer& o) { return is_divisor(o.epsilon); }, prepare_nothing, Adagrad)
