// must fail: is private within this context|private member of|calling a private constructor|use of deleted
// A copy of a trainer would share its memory and count its steps apart; moving leaves one.
#include <utility>

#include <linnet/linnet.hpp>

std::uint64_t steps(linnet::Trainer& trainer) {
#ifdef MUST_FAIL
  linnet::Trainer other = trainer;
#else
  linnet::Trainer other = std::move(trainer);
#endif
  return other.steps();
}
