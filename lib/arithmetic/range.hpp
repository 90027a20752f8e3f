#pragma once

namespace linnet {

bool in_range(float x, float least, float most) noexcept;  // NaN is not

}  // namespace linnet
