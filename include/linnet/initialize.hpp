#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/activation.hpp>
#include <linnet/network.hpp>
#include <linnet/random.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// What the library knows of one initializer; each lives in a file of its own, and naming it is what links it.
struct InitializerDescriptor;

namespace descriptor {
extern const InitializerDescriptor automatic, constant, identity_matrix, kaiming_normal, kaiming_uniform,
    linear_default, normal, orthogonal, sparse, truncated_normal, uniform, xavier_normal, xavier_uniform;
}  // namespace descriptor

/// What Kaiming divides by: the inputs of a layer, which keeps variance on the way up, or its units, on the way down.
enum class Mode : std::uint8_t { fan_in = 0, fan_out = 1 };

/// How weights are drawn: one of namespace initializer, with other parameters where it has them:
/// `initializer::xavier_uniform.with_gain(2.0f)`. A parameter that it does not have makes an initializer that every call
/// refuses, for it would do nothing.
struct Initializer {
  /// Bits of `options`.
  ///@{
  static constexpr std::uint8_t kGain = 1, kMode = 2, kMean = 4, kStddev = 8, kBounds = 16;
  ///@}

  /// Which one it is; null: initialize() returns bad_initializer.
  const InitializerDescriptor* descriptor = nullptr;
  std::uint8_t options = 0;  ///< the parameters that it has
  Mode mode = Mode::fan_in;  ///< Kaiming
  float gain = 1.0f;         ///< Xavier, Kaiming: in [0, 1e12]; orthogonal: in [-1e12, 1e12], a sign flips every sign
  float mean = 0.0f;         ///< finite; of constant its value
  float stddev = 1.0f;       ///< >= 0; |mean| + 7 stddev finite
  float low = 0.0f;          ///< <= high
  float high = 1.0f;         ///< of uniform: both finite, and high - low
  float sparsity = 0.0f;     ///< sparse: in [0, 1]

  /// The same with this parameter, in the range of its field; one that every call refuses where it does not have it.
  ///@{
  [[nodiscard]] constexpr Initializer with_gain(float value) const noexcept {
    Initializer result = having(kGain);
    result.gain = value;
    return result;
  }
  [[nodiscard]] constexpr Initializer with_mode(Mode value) const noexcept {
    Initializer result = having(kMode);
    result.mode = value;
    return result;
  }
  [[nodiscard]] constexpr Initializer with_mean(float value) const noexcept {
    Initializer result = having(kMean);
    result.mean = value;
    return result;
  }
  [[nodiscard]] constexpr Initializer with_stddev(float value) const noexcept {
    Initializer result = having(kStddev);
    result.stddev = value;
    return result;
  }
  [[nodiscard]] constexpr Initializer with_bounds(float from, float to) const noexcept {
    Initializer result = having(kBounds);
    result.low = from;
    result.high = to;
    return result;
  }
  ///@}

 private:
  [[nodiscard]] constexpr Initializer having(std::uint8_t option) const noexcept {
    Initializer result = *this;
    if ((options & option) == 0) {
      result.descriptor = nullptr;
    }
    return result;
  }
};

/// The vocabulary of torch.nn.init, with its formulas and defaults. fan_in is the number of inputs of a layer, fan_out that
/// of its units.
namespace initializer {

/// Every element uniform on [low, high).
inline constexpr Initializer uniform{&descriptor::uniform, Initializer::kBounds};

/// Every element mean + stddev N(0, 1).
inline constexpr Initializer normal{&descriptor::normal, Initializer::kMean | Initializer::kStddev};

/// Normal, drawn again until it lies in [low, high]; the bounds are absolute, as PyTorch's. Exact however far in a
/// tail: a normal, uniform or exponential proposal is accepted or drawn again (Robert 1995). Not the whole interval may be
/// a million deviations from the mean. Either bound may be infinite, or both: then it is `normal`, to the bit.
inline constexpr Initializer truncated_normal{&descriptor::truncated_normal,
                                              Initializer::kMean | Initializer::kStddev | Initializer::kBounds,
                                              Mode::fan_in,
                                              1.0f,
                                              0.0f,
                                              1.0f,
                                              -2.0f,
                                              2.0f};

/// Every element `value`. No draws.
constexpr Initializer constant(float value) noexcept { return {&descriptor::constant, 0, Mode::fan_in, 1.0f, value}; }
inline constexpr Initializer zeros = constant(0.0f);  ///< every element 0
inline constexpr Initializer ones = constant(1.0f);   ///< every element 1
/// Ones on the diagonal and zeros elsewhere. No draws.
inline constexpr Initializer identity{&descriptor::identity_matrix};

/// Uniform on [-a, a), a = gain sqrt(6 / (fan_in + fan_out)). Glorot & Bengio 2010.
inline constexpr Initializer xavier_uniform{&descriptor::xavier_uniform, Initializer::kGain};
/// Normal with deviation gain sqrt(2 / (fan_in + fan_out)). Glorot & Bengio 2010.
inline constexpr Initializer xavier_normal{&descriptor::xavier_normal, Initializer::kGain};

/// Uniform on [-a, a), a = gain sqrt(3 / fan). The gain is that of a ReLU, sqrt(2), unless told otherwise, as by
/// `with_gain(gain(activation))`. He et al. 2015.
inline constexpr Initializer kaiming_uniform{&descriptor::kaiming_uniform, Initializer::kGain | Initializer::kMode,
                                             Mode::fan_in, 1.41421356f};
/// Normal with deviation gain / sqrt(fan); the gain as of kaiming_uniform. He et al. 2015.
inline constexpr Initializer kaiming_normal{&descriptor::kaiming_normal, Initializer::kGain | Initializer::kMode,
                                            Mode::fan_in, kaiming_uniform.gain};

/// gain times a matrix with orthonormal rows (as many rows as columns, or fewer) or columns, uniform among all such:
/// Gram-Schmidt on normal draws, twice over, in place. Saxe et al. 2014.
inline constexpr Initializer orthogonal{&descriptor::orthogonal, Initializer::kGain};

/// N(0, stddev^2), but in each column ceil(sparsity rows) elements, chosen at random, are zero. Martens 2010.
/// Draws the normals first, then one below() per element, column by column.
constexpr Initializer sparse(float sparsity) noexcept {
  return {&descriptor::sparse, Initializer::kStddev, Mode::fan_in, 1.0f, 0.0f, 0.01f, 0.0f, 1.0f, sparsity};
}

/// What nn.Linear does by itself: weights, then the biases of the layer, uniform on [-1 / sqrt(fan_in), 1 / sqrt(fan_in)).
inline constexpr Initializer linear_default{&descriptor::linear_default};

/// By the activation behind the weights, before(activation), layer by layer. Not for a matrix alone.
inline constexpr Initializer automatic{&descriptor::automatic};

/// What `automatic` takes before an activation. Before the ReLU family (relu, leaky_relu, relu6, elu, gelu, silu, mish,
/// softplus, hard_swish) kaiming_uniform with the gain of relu (leaky_relu: by its slope); before selu kaiming_normal
/// with gain 1, which self-normalization asks for; before all others xavier_uniform.
Initializer before(const Activation& activation) noexcept;

}  // namespace initializer

/// Draws the weights of every trainable layer, from the first on, unit by unit, then input by input, and sets its biases to
/// zero (linear_default draws them). A distribution without spread (uniform from a to a, a deviation of 0) and a gain of 0
/// give their one value and draw as any.
///
/// Returns ok, not_bound, or bad_initializer (a parameter out of its range, NaN, or not one of this initializer; no
/// descriptor); then neither parameters nor generator have changed. A network without trainable layers takes any.
Status initialize(Network& network, Pcg32& random, const Initializer& initializer = initializer::automatic) noexcept;

/// The same for layer `l` alone. Returns what the call above returns; bad_initializer too when it is frozen or there is none.
Status initialize(Network& network, std::size_t l, Pcg32& random, const Initializer& initializer) noexcept;

/// The same for a matrix alone, as Network::weights() gives it, of any storage order: rows are units (fan_out), columns
/// inputs (fan_in). Returns ok, null_memory, or bad_initializer (as above, `automatic`, or a matrix without elements).
Status initialize(const Matrix& weights, Pcg32& random, const Initializer& initializer) noexcept;

/// PyTorch's calculate_gain: identity and sigmoid 1, tanh 5/3, relu sqrt(2), leaky_relu sqrt(2 / (1 + slope^2)), selu
/// 3/4. NaN where PyTorch defines none, or of a slope that is not finite: every initializer refuses it.
float gain(const Activation& activation) noexcept;

/// Why an initializer does not fit weights before `activation` in a hidden layer, as a sentence in read-only memory; null
/// where nothing speaks against it. Xavier wants activations that are linear around 0, Kaiming wants rectifiers, SELU
/// deviations of 1 / sqrt(fan_in). nn.Linear's default keeps at most a third of the variance and fits none; orthogonal
/// is judged as Xavier is. Of the others, of other gains and of `automatic` it says nothing.
const char* objection(const Initializer& initializer, const Activation& activation) noexcept;

/// The objection of the lowest trainable hidden layer that has one, or null.
const char* objection(const Initializer& initializer, const Network& network) noexcept;

}  // namespace linnet
