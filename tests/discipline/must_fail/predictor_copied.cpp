// must fail: is private within this context|private member of|calling a private constructor|use of deleted
// A copy of a predictor would work in the same scratch memory; moving leaves one.
#include <utility>

#include <linnet/linnet.hpp>

linnet::Status predict(linnet::Predictor& predictor, linnet::ConstRows x, linnet::Rows y) {
#ifdef MUST_FAIL
  linnet::Predictor other = predictor;
#else
  linnet::Predictor other = std::move(predictor);
#endif
  return other.predict(x, y);
}
