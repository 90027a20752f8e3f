// With positive weights.
#include "loss/formulas.hpp"

namespace linnet {
namespace {

bool sound_positive_weights(const Loss& loss, std::size_t outputs) {
  return sound_without_delta(loss, outputs) && is_zero(loss.label_smoothing) && sound(loss.class_weights, outputs);
}

}  // namespace
}  // namespace linnet

LINNET_LOSS_VARIANT(weighted_binary_cross_entropy, binary_cross_entropy, weighted_binary_cross_entropy, true,
                    LabelUse::zero_or_one, true, true, belongs_to_sigmoid, sound_positive_weights,
                    (LossVariant{binary_cross_entropy_loss<float, WeightedBinaryCrossEntropy>}))
