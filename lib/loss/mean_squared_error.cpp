#include "loss/formulas.hpp"

LINNET_LOSS(mean_squared_error, false, false, false, any_but_softmax, always_sound,
            (loss_variant<float, SquaredError, true>()))
