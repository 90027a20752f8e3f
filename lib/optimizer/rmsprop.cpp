#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(rmsprop, 1, false, false, false, true, Steepness::cut, kBeta2 | kEpsilon, sound_rmsprop,
                 prepare_nothing, Rmsprop)
