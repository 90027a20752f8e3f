#include "loss/formulas.hpp"

LINNET_LOSS(
    binary_cross_entropy, true, false, true,
    [](ActivationId last, std::size_t /*outputs*/) {
      return last == ActivationId::sigmoid || last == ActivationId::identity;
    },
    sound_without_delta, (loss_variant<float, BinaryCrossEntropy, false>()))
