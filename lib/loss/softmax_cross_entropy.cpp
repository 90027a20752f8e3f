#include "loss/formulas.hpp"

LINNET_LOSS(
    softmax_cross_entropy, true, true, true,
    [](ActivationId last) { return last == ActivationId::softmax || last == ActivationId::identity; }, sound_weights,
    softmax_cross_entropy_variant<float>())
