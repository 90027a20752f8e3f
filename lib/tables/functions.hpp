// A table's activations and losses. Wide layers call the products of the table's other object.
#pragma once

#include "activation/layer.hpp"
#include "loss/layer.hpp"

namespace linnet::LINNET_TABLE {

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

}  // namespace linnet::LINNET_TABLE
