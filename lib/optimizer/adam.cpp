#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(adam, 2, true, false, false, false, true, Steepness::cut, sound_adam, prepare_adam, Adam)
