// Everything a table has, for the architecture of the including file (see vector.hpp).
#pragma once

#include "kernels/vector.hpp"
#include "kernels/shuffles.hpp"

#include "activation/formulas.hpp"
#include "kernels/simd.hpp"
#include "kernels/tables.hpp"
#include "loss/formulas.hpp"

namespace linnet::LINNET_TABLE {

extern constexpr KernelTable table = {LINNET_TABLE_INDEX, multiply};
extern constexpr TrainingKernels training = {input_gradient, largest};
extern constexpr KeptKernels kept = {keep, add, sum_of_squares<Vector>, scale<Vector>, clip<Vector>};

extern constexpr ActivationVariant identity = activation_variant<Vector, Identity>();
extern constexpr ActivationVariant relu = activation_variant<Vector, Relu>();
extern constexpr ActivationVariant leaky_relu = activation_variant<Vector, LeakyRelu>();
extern constexpr ActivationVariant relu6 = activation_variant<Vector, Relu6>();
extern constexpr ActivationVariant elu = activation_variant<Vector, Elu>();
extern constexpr ActivationVariant selu = activation_variant<Vector, Selu>();
extern constexpr ActivationVariant gelu = activation_variant<Vector, Gelu>();
extern constexpr ActivationVariant gelu_tanh = activation_variant<Vector, GeluTanh>();
extern constexpr ActivationVariant silu = activation_variant<Vector, Silu>();
extern constexpr ActivationVariant mish = activation_variant<Vector, Mish>();
extern constexpr ActivationVariant sigmoid = activation_variant<Vector, Sigmoid>();
extern constexpr ActivationVariant tanh = activation_variant<Vector, Tanh>();
extern constexpr ActivationVariant softplus = activation_variant<Vector, Softplus>();
extern constexpr ActivationVariant softsign = activation_variant<Vector, Softsign>();
extern constexpr ActivationVariant hard_tanh = activation_variant<Vector, HardTanh>();
extern constexpr ActivationVariant hard_sigmoid = activation_variant<Vector, HardSigmoid>();
extern constexpr ActivationVariant hard_swish = activation_variant<Vector, HardSwish>();
extern constexpr ActivationVariant softmax = softmax_variant<Vector>();

extern constexpr LossVariant mean_squared_error = loss_variant<Vector, SquaredError, true>();
extern constexpr LossVariant mean_absolute_error = loss_variant<Vector, AbsoluteError, true>();
extern constexpr LossVariant huber = loss_variant<Vector, Huber, true>();
extern constexpr LossVariant binary_cross_entropy = loss_variant<Vector, BinaryCrossEntropy, false>();
extern constexpr LossVariant softmax_cross_entropy = softmax_cross_entropy_variant<Vector>();

extern constexpr OptimizerVariant sgd = optimizer_variant<Sgd<Vector>>();
extern constexpr OptimizerVariant sgd_momentum = optimizer_variant<SgdMomentum<Vector>>();
extern constexpr OptimizerVariant sgd_nesterov = optimizer_variant<SgdNesterov<Vector>>();
extern constexpr OptimizerVariant adam = optimizer_variant<Adam<Vector>>();
extern constexpr OptimizerVariant adamw = optimizer_variant<Adamw<Vector>>();
extern constexpr OptimizerVariant rmsprop = optimizer_variant<Rmsprop<Vector>>();
extern constexpr OptimizerVariant rmsprop_momentum = optimizer_variant<RmspropMomentum<Vector>>();
extern constexpr OptimizerVariant adagrad = optimizer_variant<Adagrad<Vector>>();
extern constexpr OptimizerVariant rprop = optimizer_variant<Rprop<Vector>>();

}  // namespace linnet::LINNET_TABLE
