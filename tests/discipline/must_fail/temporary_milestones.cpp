// must fail: pass something with a name that lives as long
// The schedule keeps the milestones.
#include <array>

#include <linnet/linnet.hpp>

linnet::Schedule falling(const std::array<std::uint32_t, 2>& lasting) {
#ifdef MUST_FAIL
  return linnet::schedule::multi_step(std::array<std::uint32_t, 2>(lasting));
#else
  return linnet::schedule::multi_step(lasting);
#endif
}
