#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(adam, 2, true, false, false, false, has_betas, prepare_adam, reach_adam, Adam)
