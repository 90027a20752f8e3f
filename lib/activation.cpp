#include "activation/descriptor.hpp"

namespace linnet {

ActivationId id_of(const Activation& activation) noexcept { return activation.descriptor->id; }

}  // namespace linnet
