#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    rmsprop, 1, false, false, false, false, sound_rmsprop, prepare_nothing,
    [](const Update& u, float g, float square, float) {
      return square_fits(g, square) ? u.rate * divide(g, u.optimizer.epsilon) : kNoBound;
    },
    Rmsprop)
