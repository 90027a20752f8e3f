// must fail: use of deleted|call to deleted
// The trainer knows where its groups are; a copy would serve nobody.
#include <linnet/linnet.hpp>

linnet::Status bind(linnet::ParameterGroups& groups, linnet::Trainer& trainer) {
#ifdef MUST_FAIL
  linnet::ParameterGroups others = groups;
#else
  linnet::ParameterGroups& others = groups;
#endif
  return others.bind(trainer, {});
}
