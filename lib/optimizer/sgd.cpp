#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    sgd, 0, false, false, false, false, [](const Optimizer&) { return true; }, nullptr,
    [](const Update& u, float g, float, float) { return u.rate * g; }, Sgd)
