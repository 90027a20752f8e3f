#include "loss/softmax_cross_entropy.hpp"

LINNET_LOSS(softmax_cross_entropy, true, LabelUse::outputs, true, belongs_to_softmax, sound_without_delta,
            {plain_softmax_cross_entropy_loss})
