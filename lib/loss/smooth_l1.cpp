#include "loss/formulas.hpp"

LINNET_LOSS(smooth_l1, false, LabelUse::none, false, any_but_softmax, sound_delta,
            (loss_variant<float, SmoothL1, true>()))
