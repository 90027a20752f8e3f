// With label smoothing or class weights. On vectors the plain one is this too.
#include "loss/softmax_cross_entropy.hpp"

LINNET_LOSS_VARIANT(weighted_softmax_cross_entropy, softmax_cross_entropy, softmax_cross_entropy, true,
                    LabelUse::outputs, true, true, belongs_to_softmax, sound_weights,
                    softmax_cross_entropy_variant<float>())
