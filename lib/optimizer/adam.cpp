#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(adam, 2, true, false, false, true, Steepness::cut, kBeta1 | kBeta2 | kEpsilon, sound_adam,
                 prepare_adam, Adam)
