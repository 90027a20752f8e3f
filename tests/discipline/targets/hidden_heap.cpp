// What the archive must not have: a call of malloc. targets.sh puts it into a copy in the place of to_string().
#include <cstdlib>

#include <linnet/status.hpp>

namespace linnet {
const char* to_string(Status) noexcept { return static_cast<const char*>(std::malloc(1)); }
}  // namespace linnet
