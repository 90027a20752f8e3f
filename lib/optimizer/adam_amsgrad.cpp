#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(adam_amsgrad, 3, true, false, false, true, Steepness::cut, kBeta1 | kBeta2 | kEpsilon, sound_adam,
                 prepare_adam, AdamAmsgrad)
