#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    sgd_nesterov, 1, true, false, false, false, [](const Optimizer& o) { return is_fraction(o.momentum); },
    prepare_nothing, [](const Update& u, float g, float velocity, float) { return u.rate * (velocity + g + g); },
    SgdNesterov)
