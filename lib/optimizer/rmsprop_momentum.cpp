#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(rmsprop_momentum, 2, false, true, false, true, Steepness::cut, kMomentum | kBeta2 | kEpsilon,
                 sound_rmsprop, prepare_nothing, RmspropMomentum)
