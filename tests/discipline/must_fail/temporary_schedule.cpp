// must fail: deleted
// A guide keeps its schedule.
#include <linnet/linnet.hpp>

linnet::FitGuide guide(const linnet::Schedule& lasting) {
#ifdef MUST_FAIL
  return linnet::FitGuide().with_schedule(linnet::Schedule(lasting), 0.1f);
#else
  return linnet::FitGuide().with_schedule(lasting, 0.1f);
#endif
}
