#include "loss/formulas.hpp"

LINNET_LOSS(
    binary_cross_entropy, true, false, true,
    [](ActivationId last) { return last == ActivationId::sigmoid || last == ActivationId::identity; }, always_sound,
    (loss_variant<float, BinaryCrossEntropy, false>()))
