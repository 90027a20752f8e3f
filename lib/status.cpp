#include <linnet/status.hpp>

namespace linnet {

const char* describe(Status status) noexcept {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::not_bound:
      return "used before a successful bind";
    case Status::null_memory:
      return "a null pointer where data or memory is needed";
    case Status::too_little_memory:
      return "the lent memory is smaller than the layout needs";
    case Status::overlapping_memory:
      return "two pieces of lent memory overlap";
    case Status::bad_topology:
      return "the topology names no network";
    case Status::too_large:
      return "the topology needs more floats than can be counted";
    case Status::bad_activation:
      return "a parameter of an activation is out of range";
    case Status::bad_training:
      return "loss, last activation, optimizer and trainable layers do not go together";
    case Status::bad_hyperparameter:
      return "a hyper-parameter is out of range";
    case Status::bad_batch:
      return "no rows, more rows than max_batch, or not as many targets as inputs";
    case Status::bad_columns:
      return "rows of the wrong width";
    case Status::bad_label:
      return "a label is not a class, or the loss takes no labels";
    case Status::bad_input:
      return "an input is NaN or infinite";
    case Status::bad_target:
      return "a target is NaN, infinite or outside the range of the loss";
    case Status::bad_argument:
      return "an argument is out of its range";
    case Status::bad_state:
      return "the saved state belongs to something else, or is damaged";
    case Status::gradients_not_kept:
      return "the gradients are not kept";
    case Status::diverged:
      return "numbers would leave the finite range";
    case Status::broken_arithmetic:
      return "compiler flags or settings of the processor spoil the arithmetic";
  }
  return "unknown status";
}

}  // namespace linnet
