// What the tests of initialize.hpp share: matrices in memory of their own, the initializers as a list, and the table of
// bounds that PyTorch's formulas give.
#pragma once

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

/// An initializer with its arguments, on one layer and on a network.
struct Initializer {
  using OnLayer = Status (*)(Matrix weights, ln::Span<float> biases, const ln::Activation& activation, Pcg32& random);

  std::string name;
  std::size_t draws;     // for each element
  std::uint64_t golden;  // hash of 7 x 5 weights (and 7 biases where it sets any) drawn with seed 2024 and stream 3
  Status (*on_network)(Network& network, Pcg32& random);
  Status (*on_tensor)(Matrix& weights, Pcg32& random);
  OnLayer on_weights_and_biases;  // instead, where it asks for more than the weights

  Status on_layer(Matrix weights, ln::Span<float> biases, const ln::Activation& activation, Pcg32& random) const {
    return on_tensor != nullptr ? on_tensor(weights, random)
                                : on_weights_and_biases(weights, biases, activation, random);
  }
};

/// `call` takes a Matrix& or a Network&, and the generator.
template <class Call>
Initializer initializer(const char* name, std::size_t draws, std::uint64_t golden, Call call) {
  return {name, draws, golden, call, call, nullptr};
}

inline std::vector<Initializer> drawing_scaled() {
  return {
      initializer("uniform", 1, 0x13db0d025065b686u,
                  [](auto& w, Pcg32& r) { return ln::uniform(w, r, -0.25f, 0.75f); }),
      initializer("normal", 1, 0xb476daeb973912d3u, [](auto& w, Pcg32& r) { return ln::normal(w, r, 0.5f, 0.25f); }),
      initializer("xavier_uniform", 1, 0xac78dfccb69fa16bu,
                  [](auto& w, Pcg32& r) { return ln::xavier_uniform(w, r, 1.0f); }),
      initializer("xavier_normal", 1, 0xcf8c782e2a78c392u,
                  [](auto& w, Pcg32& r) { return ln::xavier_normal(w, r, 1.6666666f); }),
      initializer("kaiming_uniform", 1, 0x266f5f8b86b89eaau,
                  [](auto& w, Pcg32& r) { return ln::kaiming_uniform(w, r, {0.2f}); }),
      initializer("kaiming_normal of fan_out", 1, 0x605ccaa5a8a4fc3fu,
                  [](auto& w, Pcg32& r) {
                    return ln::kaiming_normal(w, r, {0.0f, ln::Fan::out});
                  }),
      {"linear_default", 1, 0xe6c03665707ce608u,
       [](Network& network, Pcg32& r) { return ln::linear_default(network, r); }, nullptr,
       [](Matrix w, ln::Span<float> b, const ln::Activation&, Pcg32& r) { return ln::linear_default(w, b, r); }},
      {"automatic", 1, 0x4e9323534072ab8au, [](Network& network, Pcg32& r) { return ln::automatic(network, r); },
       nullptr, [](Matrix w, ln::Span<float>, const ln::Activation& f, Pcg32& r) { return ln::automatic(w, r, f); }}};
}

inline std::vector<Initializer> drawing_otherwise() {
  return {
      initializer("orthogonal", 1, 0x8b8457b43e936555u, [](auto& w, Pcg32& r) { return ln::orthogonal(w, r, 1.5f); }),
      initializer("sparse", 2, 0x038b68570f391c1eu, [](auto& w, Pcg32& r) { return ln::sparse(w, r, 0.4f, 0.1f); }),
      initializer("truncated_normal", kAsNeeded, 0xa677cda6563610e6u,
                  [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, -2.0f, 2.0f); }),
      initializer("truncated_normal in a tail", kAsNeeded, 0x18b583f996f62843u,
                  [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 1.0f, 0.5f, 3.0f, 9.0f); }),
      initializer("truncated_normal in a short interval", kAsNeeded, 0x2f03897d182ebc1bu,
                  [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, -2.0f, -1.25f); }),
      initializer("truncated_normal around the mean", kAsNeeded, 0x6c4788bc3c12cb57u,
                  [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, -0.5f, 0.25f); })};
}

inline std::vector<Initializer> drawing_nothing() {
  return {initializer("constant", 0, 0x0fad53406e50c72bu, [](auto& w, Pcg32&) { return ln::constant(w, 0.125f); }),
          initializer("zeros", 0, 0x7b71c07e2c060e95u, [](auto& w, Pcg32&) { return ln::zeros(w); }),
          initializer("ones", 0, 0x5749dff3b7711e48u, [](auto& w, Pcg32&) { return ln::ones(w); }),
          initializer("identity", 0, 0x3086cbeddd9b2b58u, [](auto& w, Pcg32&) { return ln::identity(w); })};
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
  Status (*fill)(Matrix weights, Pcg32& random);
};

inline const std::vector<Scaled>& scaled() {
  using ln::Fan;
  using ln::Nonlinearity;
  static const std::vector<Scaled> all = {
      {"xavier_uniform", false, &Bounds::xavier_uniform, [](Matrix w, Pcg32& r) { return ln::xavier_uniform(w, r); }},
      {"xavier_uniform for relu", false, &Bounds::xavier_uniform_relu,
       [](Matrix w, Pcg32& r) { return ln::xavier_uniform(w, r, ln::gain(Nonlinearity::relu)); }},
      {"xavier_normal", true, &Bounds::xavier_normal, [](Matrix w, Pcg32& r) { return ln::xavier_normal(w, r); }},
      {"kaiming_uniform for relu", false, &Bounds::kaiming_uniform_relu,
       [](Matrix w, Pcg32& r) {
         return ln::kaiming_uniform(w, r, {0.0f, Fan::in, Nonlinearity::relu});
       }},
      {"kaiming_uniform as it stands", false, &Bounds::kaiming_uniform_relu,
       [](Matrix w, Pcg32& r) { return ln::kaiming_uniform(w, r); }},
      {"kaiming_normal of fan_in", true, &Bounds::kaiming_normal_in,
       [](Matrix w, Pcg32& r) {
         return ln::kaiming_normal(w, r, {0.0f, Fan::in, Nonlinearity::relu});
       }},
      {"kaiming_normal of fan_out", true, &Bounds::kaiming_normal_out,
       [](Matrix w, Pcg32& r) {
         return ln::kaiming_normal(w, r, {0.0f, Fan::out, Nonlinearity::relu});
       }},
      {"kaiming_uniform for leaky_relu", false, &Bounds::kaiming_uniform_leaky,
       [](Matrix w, Pcg32& r) { return ln::kaiming_uniform(w, r, {0.01f}); }},
      {"linear_default", false, &Bounds::linear, [](Matrix w, Pcg32& r) { return ln::linear_default(w, {}, r); }},
      {"kaiming_uniform for tanh", false, &Bounds::kaiming_uniform_tanh, [](Matrix w, Pcg32& r) {
         return ln::kaiming_uniform(w, r, {0.0f, Fan::in, Nonlinearity::tanh});
       }}};
  return all;
}

}  // namespace initializers
