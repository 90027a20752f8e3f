// One row through a layer, activation included, for the vector tables: pre-activations stay in registers.
#pragma once

#include "activation/formulas.hpp"
#include "kernels/row.hpp"

namespace linnet {
namespace {

struct RowOfLayer : RowSums {
  float parameter;  // of the activation
  float* y;         // (outputs)
  float* slopes;    // (outputs), or null
};

// The activations of N vectors from `o` on.
template <class Formula, std::size_t N, class Last>
[[gnu::always_inline]] inline bool activate(const RowOfLayer& row, std::size_t o, Last last, const Vector (&z)[N]) {
  Watch<Vector> watch;
  Vector y[N];
  Vector slopes[N];
  unroll<N>([&](auto n) LINNET_INLINED {
    watch.see(z[n]);
    y[n] = Formula::apply(z[n], Vector(row.parameter), slopes[n]);
    if constexpr (kGrows<Formula>) {
      watch.see(y[n]);
    }
  });
  Tile<1, N>::store_row(row.y + o, y, in_pieces(last));
  if (row.slopes != nullptr) {
    Tile<1, N>::store_row(row.slopes + o, slopes, in_pieces(last));
  }
  return watch.finite();
}

template <class Formula, std::size_t N, class Last>
[[gnu::always_inline]] inline bool chains_of_layer(const RowOfLayer& row, std::size_t o, Last last) {
  Vector z[N];
  chains_of_row(row, o, last, z);
  return activate<Formula>(row, o, last, z);
}

// Any layer. It takes what layer() takes, so that layer() can leave its arguments where they are.
template <class Formula>
[[gnu::noinline]] bool layer_in_parts(const float* x, const float* parameters, std::size_t inputs, const Layer& layer,
                                      float* y, float* slopes) {
  const RowOfLayer row{{x, parameters, inputs, layer.units, layer.bias}, layer.activation.parameter, y, slopes};
  bool finite = true;
  if (in_lanes(inputs, row.outputs)) {
    for_each<Vector>(row.outputs, [&](std::size_t o, auto last) LINNET_INLINED {
      const Vector z[1] = {lanes_of_row(row, o, last)};
      finite = activate<Formula>(row, o, last, z) && finite;
    });
    return finite;
  }
  if (row.outputs > kRowVectors * kWidth) {
    multiply_row(row.product(y));
    return slopes != nullptr ? forward_formula<Vector, Formula>(y, slopes, row.outputs, row.parameter)
                             : apply_formula<Vector, Formula>(y, 1, row.outputs, row.parameter);
  }
  over_columns<kRowVectors>(0, row.outputs, [&](auto n, std::size_t o, auto last) LINNET_INLINED {
    finite = chains_of_layer<Formula, n>(row, o, last) && finite;
  });
  return finite;
}

// A layer of as many units as N vectors have lanes, in chains: no loop over them.
template <class Formula, std::size_t N>
[[gnu::noinline]] bool layer_at_once(const float* x, const float* parameters, std::size_t inputs, const Layer& layer,
                                     // NOLINTNEXTLINE(readability-non-const-parameter): both are written
                                     float* y, float* slopes) {
  const RowOfLayer row{{x, parameters, inputs, N * kWidth, layer.bias}, layer.activation.parameter, y, slopes};
  return chains_of_layer<Formula, N>(row, 0, Full{});
}

// A function that ends in another call has a frame, so each way is one: the calls here are jumps.
template <class Formula>
bool formula_layer(const float* x, const float* parameters, std::size_t inputs, const Layer& layer, float* y,
                   float* slopes) {
  auto* way = layer_in_parts<Formula>;
  if (!in_lanes(inputs, layer.units)) {
    way = way_of(layer.units, layer_at_once<Formula, 1>, layer_at_once<Formula, 2>, layer_at_once<Formula, kMostAtOnce>,
                 way);
  }
  return way(x, parameters, inputs, layer, y, slopes);
}

[[gnu::noinline]] inline bool wide_softmax_layer(const float* x, const float* parameters, std::size_t inputs,
                                                 const Layer& layer, float* y, float* /*slopes*/) {
  const RowSums row{x, parameters, inputs, layer.units, layer.bias};
  (in_lanes(inputs, row.outputs) ? multiply_lanes : multiply_row)(row.product(y));
  return softmax_rows<Vector>(y, 1, row.outputs, 0.0f);
}

template <bool kFew>
[[gnu::noinline]] bool short_softmax_layer(const float* x, const float* parameters, std::size_t inputs,
                                           const Layer& layer, float* y, float* /*slopes*/) {
  const RowSums row{x, parameters, inputs, layer.units, layer.bias};
  const Pieces part(row.outputs);
  return softmax_in_registers(y, kFew ? few_of_row(row, part) : short_row(row, part), part);
}

inline bool softmax_layer(const float* x, const float* parameters, std::size_t inputs, const Layer& layer, float* y,
                          float* slopes) {
  if (is_few(inputs, layer.units)) {
    return short_softmax_layer<true>(x, parameters, inputs, layer, y, slopes);
  }
  return (layer.units < kWidth ? short_softmax_layer<false> : wide_softmax_layer)(x, parameters, inputs, layer, y,
                                                                                  slopes);
}

template <class Formula>
constexpr ActivationVariant vector_activation() {
  return {apply_formula<Vector, Formula>, forward_formula<Vector, Formula>, formula_layer<Formula>};
}

constexpr ActivationVariant vector_softmax() { return {softmax_rows<Vector>, nullptr, softmax_layer}; }

}  // namespace
}  // namespace linnet
