#include "loss/formulas.hpp"

LINNET_LOSS(mean_absolute_error, false, false, false, any_but_softmax, always_sound,
            (loss_variant<float, AbsoluteError, true>()))
