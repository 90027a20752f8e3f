// must fail: no matching function|no viable conversion|cannot convert|could not convert|invalid initialization|cannot bind
// Memory that is kept and written is no temporary.
#include <vector>

#include <linnet/linnet.hpp>

linnet::Status start(linnet::Trainer& trainer, linnet::Network& network, linnet::TrainerConfig config) {
#ifdef MUST_FAIL
  return trainer.bind(network, config, std::vector<float>(1000));
#else
  static std::vector<float> memory(1000);
  return trainer.bind(network, config, memory);
#endif
}
