// A table's optimizers, and what kept gradients need: all that sums weight gradients.
#pragma once

#include "optimizer/update.hpp"

namespace linnet::LINNET_TABLE {

extern constexpr KeptKernels kept = {keep, add, sum_of_squares<Vector>, scale<Vector>, clip<Vector>};

extern constexpr OptimizerVariant sgd = optimizer_variant<Sgd<Vector>>();
extern constexpr OptimizerVariant sgd_momentum = optimizer_variant<SgdMomentum<Vector>>();
extern constexpr OptimizerVariant sgd_nesterov = optimizer_variant<SgdNesterov<Vector>>();
extern constexpr OptimizerVariant adam = optimizer_variant<Adam<Vector>>();
extern constexpr OptimizerVariant adamw = optimizer_variant<Adamw<Vector>>();
extern constexpr OptimizerVariant adam_amsgrad = optimizer_variant<AdamAmsgrad<Vector>>();
extern constexpr OptimizerVariant adamw_amsgrad = optimizer_variant<AdamwAmsgrad<Vector>>();
extern constexpr OptimizerVariant rmsprop = optimizer_variant<Rmsprop<Vector>>();
extern constexpr OptimizerVariant rmsprop_momentum = optimizer_variant<RmspropMomentum<Vector>>();
extern constexpr OptimizerVariant adagrad = optimizer_variant<Adagrad<Vector>>();
extern constexpr OptimizerVariant rprop = optimizer_variant<Rprop<Vector>>();

}  // namespace linnet::LINNET_TABLE
