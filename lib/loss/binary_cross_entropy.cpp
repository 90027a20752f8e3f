#include "loss/formulas.hpp"

LINNET_LOSS(binary_cross_entropy, true, LabelUse::zero_or_one, true, belongs_to_sigmoid, sound_without_delta,
            (LossVariant{binary_cross_entropy_loss<float, BinaryCrossEntropy>}))
