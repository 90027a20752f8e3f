// must fail: narrowing conversion|cannot be narrowed
// flags: -Werror=narrowing
// A number that is no float does not become one unseen.
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
using Number = double;
#else
using Number = float;
#endif

linnet::TrainerConfig plan(Number clip_norm) {
  return {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 1, linnet::Gradients::kept, clip_norm};
}
