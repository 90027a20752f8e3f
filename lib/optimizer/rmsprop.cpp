#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(rmsprop, 1, false, false, false, false, true, Steepness::cut, sound_rmsprop, prepare_nothing, Rmsprop)
