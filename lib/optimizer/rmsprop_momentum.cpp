#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    rmsprop_momentum, 2, false, true, false, false, sound_rmsprop, prepare_nothing,
    [](const Update& u, float g, float square, float velocity) {
      return square_fits(g, square) ? u.rate * (velocity + divide(g, u.optimizer.epsilon)) : kNoBound;
    },
    RmspropMomentum)
