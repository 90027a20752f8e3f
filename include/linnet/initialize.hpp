#pragma once

#include <cstdint>

#include <linnet/activation.hpp>
#include <linnet/network.hpp>
#include <linnet/random.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// The vocabulary of torch.nn.init, with its formulas. On one tensor the function takes Network::weights(l), of any
/// storage order: rows are units (fan_out), columns inputs (fan_in). It draws unit by unit, then input by input. On a
/// network it goes layer by layer over the trainable layers and sets their biases to zero.
///
/// A distribution without spread (uniform from a to a, a deviation of 0) and a gain of 0 give their one value and draw as
/// any. orthogonal() alone takes a negative gain, which flips every sign.
///
/// All return ok, bad_argument (a parameter out of its range, NaN, or a tensor without elements), null_memory or, on a
/// network, not_bound; then neither the tensor nor the generator has changed. A network without trainable layers takes any
/// arguments.
namespace linnet {

enum class Fan : std::uint8_t { in = 0, out = 1 };

/// What a gain is asked for; the activations PyTorch knows a gain for.
enum class Nonlinearity : std::uint8_t { linear, sigmoid, tanh, relu, leaky_relu, selu };

/// PyTorch's calculate_gain: linear and sigmoid 1, tanh 5/3, relu sqrt(2), leaky_relu sqrt(2 / (1 + slope^2)), selu
/// 3/4.
float gain(Nonlinearity nonlinearity, float negative_slope = 0.01f) noexcept;
/// The same of an activation, with its own slope; identity is linear. NaN where PyTorch defines none: every initializer
/// refuses it.
float gain(const Activation& activation) noexcept;

/// Every element uniform on [low, high). low <= high, both finite, and high - low.
Status uniform(const Matrix& weights, Pcg32& random, float low = 0.0f, float high = 1.0f) noexcept;
Status uniform(Network& network, Pcg32& random, float low = 0.0f, float high = 1.0f) noexcept;

/// Every element mean + deviation N(0, 1). deviation >= 0, |mean| + 7 deviation finite.
Status normal(const Matrix& weights, Pcg32& random, float mean = 0.0f, float deviation = 1.0f) noexcept;
Status normal(Network& network, Pcg32& random, float mean = 0.0f, float deviation = 1.0f) noexcept;

/// Normal, drawn again until it lies in [low, high]; the bounds are absolute, as PyTorch's. Exact however far in a
/// tail: a normal, uniform or exponential proposal is accepted or drawn again (Robert 1995). deviation >= 0, low <= high,
/// and not the whole interval a million deviations from the mean. Either bound may be infinite, or both: then it is
/// normal(), to the bit.
Status truncated_normal(const Matrix& weights, Pcg32& random, float mean = 0.0f, float deviation = 1.0f,
                        float low = -2.0f, float high = 2.0f) noexcept;
Status truncated_normal(Network& network, Pcg32& random, float mean = 0.0f, float deviation = 1.0f, float low = -2.0f,
                        float high = 2.0f) noexcept;

/// Every element `value`, 0, 1; ones on the diagonal and zeros elsewhere. No draws.
Status constant(const Matrix& weights, float value) noexcept;
Status constant(Network& network, float value) noexcept;
Status zeros(const Matrix& weights) noexcept;
Status zeros(Network& network) noexcept;
Status ones(const Matrix& weights) noexcept;
Status ones(Network& network) noexcept;
Status identity(const Matrix& weights) noexcept;
Status identity(Network& network) noexcept;

/// Uniform on [-a, a), a = gain sqrt(6 / (fan_in + fan_out)); normal with deviation gain sqrt(2 / (fan_in + fan_out)).
/// Glorot & Bengio 2010. gain in [0, 1e12].
Status xavier_uniform(const Matrix& weights, Pcg32& random, float gain = 1.0f) noexcept;
Status xavier_uniform(Network& network, Pcg32& random, float gain = 1.0f) noexcept;
Status xavier_normal(const Matrix& weights, Pcg32& random, float gain = 1.0f) noexcept;
Status xavier_normal(Network& network, Pcg32& random, float gain = 1.0f) noexcept;

/// Parameters of Kaiming: as in PyTorch, a leaky ReLU of slope 0 (gain sqrt(2)) unless told otherwise.
struct Kaiming {
  float negative_slope = 0.0f;
  Fan fan = Fan::in;
  Nonlinearity nonlinearity = Nonlinearity::leaky_relu;
};

/// Uniform on [-a, a), a = gain sqrt(3 / fan); normal with deviation gain / sqrt(fan). He et al. 2015.
Status kaiming_uniform(const Matrix& weights, Pcg32& random, Kaiming kaiming = {}) noexcept;
Status kaiming_uniform(Network& network, Pcg32& random, Kaiming kaiming = {}) noexcept;
Status kaiming_normal(const Matrix& weights, Pcg32& random, Kaiming kaiming = {}) noexcept;
Status kaiming_normal(Network& network, Pcg32& random, Kaiming kaiming = {}) noexcept;

/// gain times a matrix with orthonormal rows (as many rows as columns, or fewer) or columns, uniform among all such:
/// Gram-Schmidt on normal draws, twice over, in place. Saxe et al. 2014. gain in [-1e12, 1e12].
Status orthogonal(const Matrix& weights, Pcg32& random, float gain = 1.0f) noexcept;
Status orthogonal(Network& network, Pcg32& random, float gain = 1.0f) noexcept;

/// N(0, deviation^2), but in each column ceil(sparsity rows) elements, chosen at random, are zero. Martens 2010.
/// sparsity in [0, 1], deviation >= 0. Draws the normals first, then one below() per element, column by column.
Status sparse(const Matrix& weights, Pcg32& random, float sparsity, float deviation = 0.01f) noexcept;
Status sparse(Network& network, Pcg32& random, float sparsity, float deviation = 0.01f) noexcept;

/// What nn.Linear does by itself: weights, then biases, uniform on [-1 / sqrt(fan_in), 1 / sqrt(fan_in)).
Status linear_default(const Matrix& weights, Span<float> biases, Pcg32& random) noexcept;
Status linear_default(Network& network, Pcg32& random) noexcept;

/// By the activation behind the weights: before the ReLU family (relu, leaky_relu, relu6, elu, gelu, silu, mish,
/// softplus, hard_swish) kaiming_uniform with the gain of relu (leaky_relu: by its slope); before selu kaiming_normal
/// with gain 1, which self-normalization asks for; before all others xavier_uniform with gain 1.
Status automatic(const Matrix& weights, Pcg32& random, const Activation& activation) noexcept;
Status automatic(Network& network, Pcg32& random) noexcept;

/// The same as automatic().
Status initialize(Network& network, Pcg32& random) noexcept;

}  // namespace linnet
