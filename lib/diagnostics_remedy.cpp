// Apart from the rest: a program that does not ask what to do carries none of the sentences.
#include <linnet/diagnostics.hpp>

namespace linnet {

const char* remedy(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::healthy:
      break;
    case Verdict::vanishing:
      return "draw larger weights that fit the activation, as automatic() does, or take fewer layers";
    case Verdict::exploding:
      return "draw smaller weights that fit the activation, as automatic() does, or take fewer layers";
    case Verdict::dead:
      return "lower the learning rate and draw new weights, or take leaky_relu or more units";
    case Verdict::saturated:
      return "draw smaller weights, scale the inputs, or lower the learning rate";
    case Verdict::badly_scaled_inputs:
      return "subtract the mean of each input and divide by its deviation, in prediction too";
    case Verdict::badly_scaled_targets:
      return "subtract the mean of each target and divide by its deviation; undo it after prediction";
    case Verdict::out_of_reach:
      return "take identity as the last activation, or scale the targets into what the last activation gives";
    case Verdict::stuck:
      return "mend what other layers say first; then try a learning rate 10 times larger and smaller, other weights "
             "and "
             "scaled inputs, and ask whether the inputs tell anything of the targets";
  }
  return "";
}

}  // namespace linnet
