// What the tests of initialize.hpp share: matrices in memory of their own, the initializers as a list, and the table of
// bounds that PyTorch's formulas give.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <linnet/activation.hpp>
#include <linnet/initialize.hpp>
#include <linnet/network.hpp>
#include <linnet/random.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace initializers {

namespace ln = linnet;
using ln::Matrix;
using ln::Network;
using ln::Pcg32;
using ln::Status;

constexpr float kMark = -12345.75f;  // what no initializer draws

constexpr std::size_t kAsNeeded = 99;  // draws, until one is accepted

enum class Order { by_unit, by_input, padded };

/// A (units, inputs) matrix, marked all over, in the order asked for; `padded` leaves gaps in both directions.
class Tensor {
 public:
  Tensor(std::size_t units, std::size_t inputs, Order order = Order::by_unit)
      : units_(units),
        inputs_(inputs),
        row_stride_(order == Order::padded    ? 2 * inputs + 3
                    : order == Order::by_unit ? inputs
                                              : 1),
        column_stride_(order == Order::padded    ? 2
                       : order == Order::by_unit ? 1
                                                 : units),
        memory_(units * row_stride_ + inputs * column_stride_, kMark) {}

  Matrix view() { return {memory_.data(), units_, inputs_, row_stride_, column_stride_}; }
  const std::vector<float>& memory() const { return memory_; }

 private:
  std::size_t units_, inputs_, row_stride_, column_stride_;
  std::vector<float> memory_;
};

/// The elements unit by unit, then input by input.
inline std::vector<float> elements(ln::ConstMatrix weights) {
  std::vector<float> all;
  all.reserve(weights.size());
  for (std::size_t o = 0; o < weights.rows(); ++o) {
    for (std::size_t i = 0; i < weights.columns(); ++i) {
      all.push_back(weights(o, i));
    }
  }
  return all;
}

/// An initializer with its parameters.
struct Initializer {
  std::string name;
  std::size_t draws;     // for each element
  std::uint64_t golden;  // hash of 7 x 5 weights (and 7 biases where it sets any) drawn with seed 2024 and stream 3
  ln::Initializer how;

  Status on_network(Network& network, Pcg32& random) const { return ln::initialize(network, random, how); }

  /// The same on weights of any order: `automatic` is told the activation, and the biases are nn.Linear's or zero.
  Status on_layer(Matrix weights, ln::Span<float> biases, const ln::Activation& activation, Pcg32& random) const {
    const bool automatic = how.descriptor == ln::initializer::automatic.descriptor;
    const Status status = ln::initialize(weights, random, automatic ? ln::initializer::before(activation) : how);
    if (status == Status::ok && how.descriptor == ln::initializer::linear_default.descriptor) {
      const float bound = 1.0f / std::sqrt(static_cast<float>(weights.columns()));
      for (float& bias : biases) bias = random.uniform(-bound, bound);
    }
    return status;
  }
};

inline std::vector<Initializer> drawing_scaled() {
  return {{"uniform", 1, 0x13db0d025065b686u, ln::initializer::uniform.with_bounds(-0.25f, 0.75f)},
          {"normal", 1, 0xb476daeb973912d3u, ln::initializer::normal.with_mean(0.5f).with_stddev(0.25f)},
          {"xavier_uniform", 1, 0xac78dfccb69fa16bu, ln::initializer::xavier_uniform.with_gain(1.0f)},
          {"xavier_normal", 1, 0xcf8c782e2a78c392u, ln::initializer::xavier_normal.with_gain(1.6666666f)},
          {"kaiming_uniform", 1, 0x266f5f8b86b89eaau,
           ln::initializer::kaiming_uniform.with_gain(ln::gain(ln::activation::leaky_relu.with_slope(0.2f)))},
          {"kaiming_normal of fan_out", 1, 0x605ccaa5a8a4fc3fu,
           ln::initializer::kaiming_normal.with_mode(ln::Mode::fan_out)},
          {"linear_default", 1, 0xe6c03665707ce608u, ln::initializer::linear_default},
          {"automatic", 1, 0x4e9323534072ab8au, ln::initializer::automatic}};
}

inline std::vector<Initializer> drawing_otherwise() {
  return {{"orthogonal", 1, 0x8b8457b43e936555u, ln::initializer::orthogonal.with_gain(1.5f)},
          {"sparse", 2, 0x038b68570f391c1eu, ln::initializer::sparse(0.4f).with_stddev(0.1f)},
          {"truncated_normal", kAsNeeded, 0xa677cda6563610e6u, ln::initializer::truncated_normal},
          {"truncated_normal in a tail", kAsNeeded, 0x18b583f996f62843u,
           ln::initializer::truncated_normal.with_mean(1.0f).with_stddev(0.5f).with_bounds(3.0f, 9.0f)},
          {"truncated_normal in a short interval", kAsNeeded, 0x2f03897d182ebc1bu,
           ln::initializer::truncated_normal.with_bounds(-2.0f, -1.25f)},
          {"truncated_normal around the mean", kAsNeeded, 0x6c4788bc3c12cb57u,
           ln::initializer::truncated_normal.with_bounds(-0.5f, 0.25f)}};
}

inline std::vector<Initializer> drawing_nothing() {
  return {{"constant", 0, 0x0fad53406e50c72bu, ln::initializer::constant(0.125f)},
          {"zeros", 0, 0x7b71c07e2c060e95u, ln::initializer::zeros},
          {"ones", 0, 0x5749dff3b7711e48u, ln::initializer::ones},
          {"identity", 0, 0x3086cbeddd9b2b58u, ln::initializer::identity}};
}

inline std::vector<Initializer> all() {
  std::vector<Initializer> every;
  for (const std::vector<Initializer>& some : {drawing_scaled(), drawing_otherwise(), drawing_nothing()}) {
    for (const Initializer& one : some) {
      every.push_back(one);
    }
  }
  return every;
}

/// What PyTorch's formulas give for weights of shape (units, inputs), in double precision: bounds of the uniform
/// distributions, deviations of the normal ones.
struct Bounds {
  std::size_t units, inputs;
  double xavier_uniform, xavier_uniform_relu, xavier_normal, kaiming_uniform_relu, kaiming_normal_in,
      kaiming_normal_out, kaiming_uniform_leaky, linear, kaiming_uniform_tanh;
};

constexpr Bounds kBounds[] = {
    {16, 8, 0.5, 0.707106781, 0.288675135, 0.866025404, 0.5, 0.353553391, 0.865982106, 0.353553391, 1.02062073},
    {64, 64, 0.216506351, 0.306186218, 0.125, 0.306186218, 0.176776695, 0.176776695, 0.306170910, 0.125, 0.360843918},
    {128, 784, 0.0811107106, 0.114707867, 0.0468292906, 0.0874817765, 0.0505076272, 0.125, 0.0874774028, 0.0357142857,
     0.103098262},
    {10, 128, 0.208514414, 0.294883912, 0.120385853, 0.216506351, 0.125, 0.447213595, 0.216495526, 0.0883883476,
     0.255155182},
    {1, 16, 0.594088526, 0.840168050, 0.342997170, 0.612372436, 0.353553391, 1.41421356, 0.612341819, 0.25,
     0.721687836}};

struct Scaled {
  std::string name;
  bool normal;
  double Bounds::*scale;
  ln::Initializer how;
};

inline const std::vector<Scaled>& scaled() {
  static const std::vector<Scaled> all = {
      {"xavier_uniform", false, &Bounds::xavier_uniform, ln::initializer::xavier_uniform},
      {"xavier_uniform for relu", false, &Bounds::xavier_uniform_relu,
       ln::initializer::xavier_uniform.with_gain(ln::gain(ln::activation::relu))},
      {"xavier_normal", true, &Bounds::xavier_normal, ln::initializer::xavier_normal},
      {"kaiming_uniform for relu", false, &Bounds::kaiming_uniform_relu, ln::initializer::kaiming_uniform},
      {"kaiming_uniform as it stands", false, &Bounds::kaiming_uniform_relu, ln::initializer::kaiming_uniform},
      {"kaiming_normal of fan_in", true, &Bounds::kaiming_normal_in, ln::initializer::kaiming_normal},
      {"kaiming_normal of fan_out", true, &Bounds::kaiming_normal_out,
       ln::initializer::kaiming_normal.with_mode(ln::Mode::fan_out)},
      {"kaiming_uniform for leaky_relu", false, &Bounds::kaiming_uniform_leaky,
       ln::initializer::kaiming_uniform.with_gain(ln::gain(ln::activation::leaky_relu.with_slope(0.01f)))},
      {"linear_default", false, &Bounds::linear, ln::initializer::linear_default},
      {"kaiming_uniform for tanh", false, &Bounds::kaiming_uniform_tanh,
       ln::initializer::kaiming_uniform.with_gain(ln::gain(ln::activation::tanh))}};
  return all;
}

}  // namespace initializers
