// must fail: cannot convert|could not convert|no viable conversion|no matching (member )?function|no known conversion
// Labels are 16 bits wide; an array of int is none.
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
using Label = int;
#else
using Label = std::uint16_t;
#endif

linnet::Status learn(linnet::Trainer& trainer, linnet::ConstRows inputs, const Label (&labels)[4]) {
  return trainer.step(inputs, linnet::Labels(labels));
}
