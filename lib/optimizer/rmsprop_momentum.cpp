#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(rmsprop_momentum, 2, false, true, false, false, true, Steepness::cut, sound_rmsprop, prepare_nothing,
                 RmspropMomentum)
