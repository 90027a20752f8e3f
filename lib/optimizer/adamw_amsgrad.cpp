#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(adamw_amsgrad, 3, true, false, false, true, Steepness::cut, kBeta1 | kBeta2 | kEpsilon, sound_adamw,
                 prepare_adamw, AdamwAmsgrad)
