// One row through a layer, activation included, for the vector tables: pre-activations stay in registers. The
// products of wide layers are called through the table: they are compiled in another of its objects.
#pragma once

#include "activation/softmax.hpp"
#include "kernels/row.hpp"

namespace linnet {
namespace {

struct RowOfLayer : RowSums {
  float parameter;  // of the activation
  float* y;         // (outputs)
  float* slopes;    // (outputs), or null
};

// The activations of N vectors from `o` on.
template <Formula<Vector> kFormula, std::size_t N, class Last>
[[gnu::always_inline]] inline bool activate(const RowOfLayer& row, std::size_t o, Last last, const Vector (&z)[N]) {
  Watch<Vector> watch;
  Vector y[N];
  Vector slopes[N];
  unroll<N>([&](auto n) LINNET_INLINED {
    watch.see(z[n]);
    y[n] = kFormula(z[n], Vector(row.parameter), slopes[n]);
    if constexpr (kGrows<Vector, kFormula>) {
      watch.see(y[n]);
    }
  });
  Tile<1, N>::store_row(row.y + o, y, in_pieces(last));
  if (row.slopes != nullptr) {
    Tile<1, N>::store_row(row.slopes + o, slopes, in_pieces(last));
  }
  return watch.finite();
}

template <Formula<Vector> kFormula>
[[gnu::noinline]] bool transposed_layer(const RowOfLayer& row) {
  bool finite = true;
  for_each<Vector>(row.outputs, [&](std::size_t o, auto last) LINNET_INLINED {
    const Vector z[1] = {transposed_sums_of_row(row, o, last)};
    finite = activate<kFormula>(row, o, last, z) && finite;
  });
  return finite;
}

template <Formula<Vector> kFormula>
[[gnu::noinline]] bool wide_layer(const RowOfLayer& row) {
  LINNET_TABLE::table.multiply(row.product(row.y), false);
  return row.slopes != nullptr ? run_formula<Vector, kFormula, true>(row.y, row.slopes, row.outputs, row.parameter)
                               : apply_formula<Vector, kFormula>(row.y, row.outputs, row.parameter);
}

// NOLINTBEGIN(readability-non-const-parameter): y and slopes are written
template <Formula<Vector> kFormula>
bool formula_layer(const float* x, const float* parameters, std::size_t inputs, const Layer& layer, float* y,
                   float* slopes) {
  const RowOfLayer row{{x, parameters, inputs, layer.units, layer.bias}, layer.activation.parameter, y, slopes};
  if (is_transposed(inputs, row.outputs)) {
    return transposed_layer<kFormula>(row);
  }
  if (row.outputs > kRowVectors * kWidth) {
    return wide_layer<kFormula>(row);
  }
  bool finite = true;
  over_columns<kRowVectors>(0, row.outputs, [&](auto n, std::size_t o, auto last) LINNET_INLINED {
    Vector z[n];
    sums_of_row<n>(row, o, last, z);
    finite = activate<kFormula, n>(row, o, last, z) && finite;
  });
  return finite;
}
// NOLINTEND(readability-non-const-parameter)

inline bool softmax_layer(const float* x, const float* parameters, std::size_t inputs, const Layer& layer, float* y,
                          float* /*slopes*/) {
  const RowSums row{x, parameters, inputs, layer.units, layer.bias};
  if (row.outputs < kWidth) {
    const Pieces part(row.outputs);
    return softmax_in_registers(y, short_row(row, part), part);
  }
  LINNET_TABLE::table.multiply(row.product(y), is_transposed(inputs, row.outputs));
  return softmax_row<Vector>(y, row.outputs, 0.0f);
}

template <Formula<Vector> kFormula>
constexpr ActivationVariant vector_activation() {
  return {apply_formula<Vector, kFormula>, run_formula<Vector, kFormula, true>, formula_layer<kFormula>};
}

constexpr ActivationVariant vector_softmax() { return {softmax_row<Vector>, nullptr, softmax_layer}; }

}  // namespace
}  // namespace linnet
