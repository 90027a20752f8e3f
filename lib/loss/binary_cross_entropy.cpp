#include "loss/formulas.hpp"

LINNET_LOSS(binary_cross_entropy, true, LabelUse::zero_or_one, true,
            [](ActivationId last, std::size_t /*outputs*/) {
              return last == ActivationId::sigmoid || last == ActivationId::identity;
            },
            sound_without_delta, {binary_cross_entropy_loss<float>})
