#include "optimizer/formulas.hpp"

LINNET_OPTIMIZER(
    adagrad, 1, false, false, false, false, [](const Optimizer& o) { return is_divisor(o.epsilon); }, prepare_nothing,
    [](const Update& u, float g, float square, float) {
      return square_fits(g, square) ? u.rate * divide(g, u.optimizer.epsilon) : kNoBound;
    },
    Adagrad)
