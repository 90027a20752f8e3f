// Everything a table has, for the instruction set that the including file has named (see vectors/vector.hpp).
#pragma once

#include "activation/layer.hpp"
#include "kernels/row.hpp"
#include "kernels/simd.hpp"
#include "kernels/tables.hpp"
#include "loss/layer.hpp"

namespace linnet::LINNET_TABLE {

extern constexpr KernelTable table = {LINNET_TABLE_INDEX, multiply, rectified_product};
extern constexpr TrainingKernels training = {input_gradient, largest, gated_input_gradient, row_below};
extern constexpr KeptKernels kept = {keep, add, sum_of_squares<Vector>, scale<Vector>, clip<Vector>};

extern constexpr ActivationVariant identity = vector_activation<Identity>();
extern constexpr ActivationVariant relu = vector_activation<Relu>();
extern constexpr ActivationVariant leaky_relu = vector_activation<LeakyRelu>();
extern constexpr ActivationVariant relu6 = vector_activation<Relu6>();
extern constexpr ActivationVariant elu = vector_activation<Elu>();
extern constexpr ActivationVariant selu = vector_activation<Selu>();
extern constexpr ActivationVariant gelu = vector_activation<Gelu>();
extern constexpr ActivationVariant gelu_tanh = vector_activation<GeluTanh>();
extern constexpr ActivationVariant silu = vector_activation<Silu>();
extern constexpr ActivationVariant mish = vector_activation<Mish>();
extern constexpr ActivationVariant sigmoid = vector_activation<Sigmoid>();
extern constexpr ActivationVariant tanh = vector_activation<Tanh>();
extern constexpr ActivationVariant softplus = vector_activation<Softplus>();
extern constexpr ActivationVariant softsign = vector_activation<Softsign>();
extern constexpr ActivationVariant hard_tanh = vector_activation<HardTanh>();
extern constexpr ActivationVariant hard_sigmoid = vector_activation<HardSigmoid>();
extern constexpr ActivationVariant hard_swish = vector_activation<HardSwish>();
extern constexpr ActivationVariant softmax = vector_softmax();

extern constexpr LossVariant mean_squared_error = loss_variant<Vector, SquaredError, true>();
extern constexpr LossVariant mean_absolute_error = loss_variant<Vector, AbsoluteError, true>();
extern constexpr LossVariant huber = loss_variant<Vector, Huber, true>();
extern constexpr LossVariant binary_cross_entropy = loss_variant<Vector, BinaryCrossEntropy, false>();
extern constexpr LossVariant softmax_cross_entropy = vector_softmax_cross_entropy();

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
