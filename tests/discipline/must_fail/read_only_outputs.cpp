// must fail: cannot convert|could not convert|no viable conversion|no matching (member )?function|no known conversion|discards qualifiers|could not bind
// Outputs are written: constants do not do.
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
using Number = const float;
#else
using Number = float;
#endif

linnet::Status ask(linnet::Predictor& predictor, linnet::ConstRows inputs, Number (&outputs)[4][1]) {
  return predictor.predict(inputs, outputs);
}
