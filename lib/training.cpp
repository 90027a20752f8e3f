#include <linnet/training.hpp>

#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"

namespace linnet {

bool in_range(float x, float least, float most) noexcept { return x >= least && x <= most; }

LossId id_of(const Loss& loss) noexcept { return loss.descriptor->id; }
OptimizerId id_of(const Optimizer& optimizer) noexcept { return optimizer.descriptor->id; }

}  // namespace linnet
