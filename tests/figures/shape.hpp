// The networks that are measured, one sample a step: 4-16-16-3 with tanh, softmax cross-entropy and plain gradient descent;
// with FIGURES_ADAM the same shape with ReLU, mean squared error and Adam.
#pragma once

#include <linnet/linnet.hpp>

#ifdef FIGURES_ADAM
inline constexpr auto kShape = linnet::topology(
    4, {{16, linnet::activation::relu}, {16, linnet::activation::relu}, {3, linnet::activation::identity}});
inline constexpr linnet::TrainerConfig kConfig{linnet::loss::mean_squared_error, linnet::optimizer::adam(1e-3f),
                                               /*max_batch*/ 1};
using Goal = float;
using Goals = Goal[1][3];
inline constexpr float kMostSize = 10.0f;  // from gradients of 2^48 on a step cuts them, which takes longer
#else
inline constexpr auto kShape = linnet::topology(
    4, {{16, linnet::activation::tanh}, {16, linnet::activation::tanh}, {3, linnet::activation::softmax}});
inline constexpr linnet::TrainerConfig kConfig{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.05f),
                                               /*max_batch*/ 1};
using Goal = std::uint16_t;
using Goals = Goal[1];
inline constexpr float kMostSize = 1e36f;
#endif

/// Where a program's samples come from and its results go to: a compiler cannot foresee them.
inline volatile float port[4];
