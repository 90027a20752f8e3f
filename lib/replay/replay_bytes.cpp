#include "replay/whole_numbers.hpp"

namespace linnet {

constexpr ReplayCodec descriptor::replay_bytes = whole_numbers<std::uint8_t, 0, 255>();

}  // namespace linnet
