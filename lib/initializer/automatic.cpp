#include "initializer/descriptor.hpp"

#include "activation/descriptor.hpp"

namespace linnet {

Initializer initializer::before(const Activation& activation) noexcept {
  if (activation.descriptor == nullptr) {
    return {};
  }
  const Kind kind = activation.descriptor->kind;
  if (kind == Kind::self_normalizing) {
    static constexpr Initializer kWithoutGain =
        kaiming_normal.with_gain(1.0f);  // GCC puts one without a name into .data
    return kWithoutGain;
  }
  if (kind == Kind::linear_around_zero) {
    return xavier_uniform;
  }
  return id_of(activation) == ActivationId::leaky_relu ? kaiming_uniform.with_gain(gain(activation)) : kaiming_uniform;
}

constexpr InitializerDescriptor descriptor::automatic = {
    [](const Matrix& weights, Pcg32& random, const Initializer& /*how*/, const Layer* layer) {
      if (layer == nullptr) {
        return Status::bad_initializer;
      }
      const Initializer chosen = initializer::before(layer->activation);
      if (chosen.descriptor == &descriptor::kaiming_normal) {
        return draw_kaiming_normal(weights, random, chosen, layer);
      }
      return chosen.descriptor == &descriptor::kaiming_uniform ? draw_kaiming_uniform(weights, random, chosen, layer)
                                                               : draw_xavier_uniform(weights, random, chosen, layer);
    },
    MadeFor::anything, false};

}  // namespace linnet
