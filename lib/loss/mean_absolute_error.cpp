#include "loss/formulas.hpp"

LINNET_LOSS(mean_absolute_error, false, false, false, any_but_softmax, sound_without_delta,
            (loss_variant<float, AbsoluteError, true>()))
