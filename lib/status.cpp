#include <linnet/status.hpp>

#include <cstddef>

namespace linnet {

const char* describe(Status status) noexcept {
  static constexpr const char* kSentences[] = {
      // in the order of Status
      "ok",
      "used before a successful bind",
      "a null pointer where data or memory is needed",
      "the lent memory is smaller than the layout needs",
      "two pieces of lent memory overlap",
      "the topology names no network",
      "the topology needs more floats than can be counted",
      "a parameter of an activation is out of range",
      "loss, last activation, optimizer and trainable layers do not go together",
      "a hyper-parameter is out of range",
      "no rows, more rows than max_batch, or not as many targets as inputs",
      "rows of the wrong width",
      "a label is not a class, or the loss takes no labels",
      "an input is NaN or infinite",
      "a target is NaN, infinite or outside the range of the loss",
      "an argument is out of its range",
      "the saved state belongs to something else, or is damaged",
      "the gradients are not kept",
      "numbers would leave the finite range",
      "compiler flags or settings of the processor spoil the arithmetic",
  };
  const auto number = static_cast<std::size_t>(status);
  return number < sizeof kSentences / sizeof kSentences[0] ? kSentences[number] : "unknown status";
}

}  // namespace linnet
