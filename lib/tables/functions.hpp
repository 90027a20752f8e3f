// A table's activations and losses. Wide layers call the products of the table's other object.
#pragma once

#include "activation/layer.hpp"
#include "loss/layer.hpp"

namespace linnet::LINNET_TABLE {

extern constexpr ActivationVariant identity = vector_activation<formula::identity>();
extern constexpr ActivationVariant relu = vector_activation<formula::relu>();
extern constexpr ActivationVariant leaky_relu = vector_activation<formula::leaky_relu>();
extern constexpr ActivationVariant relu6 = vector_activation<formula::relu6>();
extern constexpr ActivationVariant elu = vector_activation<formula::elu>();
extern constexpr ActivationVariant selu = vector_activation<formula::selu>();
extern constexpr ActivationVariant gelu = vector_activation<formula::gelu>();
extern constexpr ActivationVariant gelu_tanh = vector_activation<formula::gelu_tanh>();
extern constexpr ActivationVariant silu = vector_activation<formula::silu>();
extern constexpr ActivationVariant mish = vector_activation<formula::mish>();
extern constexpr ActivationVariant sigmoid = vector_activation<formula::sigmoid>();
extern constexpr ActivationVariant tanh = vector_activation<formula::tanh>();
extern constexpr ActivationVariant softplus = vector_activation<formula::softplus>();
extern constexpr ActivationVariant softsign = vector_activation<formula::softsign>();
extern constexpr ActivationVariant hard_tanh = vector_activation<formula::hard_tanh>();
extern constexpr ActivationVariant hard_sigmoid = vector_activation<formula::hard_sigmoid>();
extern constexpr ActivationVariant hard_swish = vector_activation<formula::hard_swish>();
extern constexpr ActivationVariant softmax = vector_softmax();

extern constexpr LossVariant mean_squared_error = loss_variant<Vector, SquaredError, true>();
extern constexpr LossVariant mean_absolute_error = loss_variant<Vector, AbsoluteError, true>();
extern constexpr LossVariant huber = loss_variant<Vector, Huber, true>();
extern constexpr LossVariant smooth_l1 = loss_variant<Vector, SmoothL1, true>();
extern constexpr LossVariant binary_cross_entropy = {binary_cross_entropy_loss<Vector, BinaryCrossEntropy>};
extern constexpr LossVariant weighted_binary_cross_entropy = {
    binary_cross_entropy_loss<Vector, WeightedBinaryCrossEntropy>};
extern constexpr LossVariant softmax_cross_entropy = vector_softmax_cross_entropy();

}  // namespace linnet::LINNET_TABLE
