#include "loss/formulas.hpp"

LINNET_LOSS(mean_absolute_error, false, LabelUse::none, false, any_but_softmax, sound_without_delta,
            (loss_variant<float, AbsoluteError, true>()))
