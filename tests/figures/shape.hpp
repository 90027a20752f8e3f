// The network that is measured: 4-16-16-3, tanh, softmax cross-entropy, plain gradient descent, one sample a step.
#pragma once

#include <linnet/linnet.hpp>

inline constexpr auto kShape = linnet::topology(
    4, {{16, linnet::activation::tanh}, {16, linnet::activation::tanh}, {3, linnet::activation::softmax}});
inline constexpr linnet::Training kTraining{linnet::loss::softmax_cross_entropy, linnet::sgd(0.05f), /*max_batch*/ 1};

/// Where a program's samples come from and its results go to: a compiler cannot foresee them.
inline volatile float port[4];
