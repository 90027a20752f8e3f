#include "loss/formulas.hpp"

LINNET_LOSS(huber, false, LabelUse::none, false, any_but_softmax, sound_delta, (loss_variant<float, Huber, true>()))
