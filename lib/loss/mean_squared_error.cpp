#include "loss/formulas.hpp"

LINNET_LOSS(mean_squared_error, false, LabelUse::none, false, any_but_softmax, sound_without_delta,
            (loss_variant<float, SquaredError, true>()))
