// must fail: deleted
// Samples keep their reader.
#include <linnet/linnet.hpp>

linnet::Samples samples(const linnet::SampleReader& lasting) {
#ifdef MUST_FAIL
  return linnet::Samples(linnet::SampleReader(lasting));
#else
  return linnet::Samples(lasting);
#endif
}
