#include "arithmetic/range.hpp"

#include "arithmetic/contract.hpp"

namespace linnet {

bool in_range(float x, float least, float most) noexcept { return x >= least && x <= most; }

}  // namespace linnet
