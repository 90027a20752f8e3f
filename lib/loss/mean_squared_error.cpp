#include "loss/formulas.hpp"

LINNET_LOSS(
    mean_squared_error, false, false, false, [](ActivationId last) { return last != ActivationId::softmax; },
    always_sound, (loss_variant<float, SquaredError, true>()))
