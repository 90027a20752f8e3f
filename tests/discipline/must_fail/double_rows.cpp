// must fail: cannot convert|could not convert|no viable conversion|no matching (member )?function|no known conversion
// Rows are floats; doubles are not turned into them behind one's back.
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
using Number = double;
#else
using Number = float;
#endif

linnet::Status learn(linnet::Trainer& trainer, const Number (&inputs)[4][2], const Number (&targets)[4][1]) {
  return trainer.step(inputs, targets);
}
