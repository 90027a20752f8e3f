#include <linnet/training.hpp>

#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"

namespace linnet {

LossId id_of(const Loss& loss) noexcept { return loss.descriptor->id; }
OptimizerId id_of(const Optimizer& optimizer) noexcept { return optimizer.descriptor->id; }

}  // namespace linnet
