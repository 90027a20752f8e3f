#include "loss/formulas.hpp"

LINNET_LOSS(
    huber, false, false, false, [](ActivationId last) { return last != ActivationId::softmax; }, sound_delta,
    (loss_variant<float, Huber, true>()))
