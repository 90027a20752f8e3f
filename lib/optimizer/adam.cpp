#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(adam, 2, true, false, false, false, sound_adam, prepare_adam, reach_adam, Adam)
