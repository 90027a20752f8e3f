#include "replay/whole_numbers.hpp"

namespace linnet {

constexpr ReplayCodec descriptor::replay_int16 = whole_numbers<std::int16_t, -32767, 32767>();

}  // namespace linnet
