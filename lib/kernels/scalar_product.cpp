// The scalar table, for inference: what a core without SIMD runs.
#include "kernels/eight.hpp"
#include "kernels/specification.hpp"

namespace linnet {
const float kNothing[8] = {-0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f};
}

namespace linnet::scalar {

namespace {

// Eight columns at a time; of a transposed B each output is a row.
void multiply_side_by_side(const Product& product, bool transposed) {
  const float* a = product.a;
  float* c = product.c;
  for (const Product* row = &product; a < row->a + row->batch * row->terms;) {
    row = looked_up_anew(row);
    const Product& m = *row;
    const float* end = a + m.terms;
    const float* column = m.b;
    const float* bias = m.bias;
    const float* last = c + m.outputs;
    do {
      if (!transposed && last - c >= 8) {
        Eight sum = bias != nullptr ? BankA::next(bias) : BankA::load(kNothing);
        join_eight_columns(a, end, column, m.outputs, sum);
        BankA::store(c, sum);
        column += 8;
        c += 8;
      } else {
        *c++ = join_column(a, end, column, transposed ? 1 : m.outputs, bias != nullptr ? *bias++ : -0.0f);
        column += transposed ? m.terms : 1;
      }
    } while (c < last);
    a = end;
  }
}

void multiply(const Product& m, bool transposed) {
  if constexpr (kHasRegisters) {
    multiply_side_by_side(m, transposed);
  } else {
    specification::multiply(m, transposed);
  }
}

}  // namespace

extern constexpr KernelTable table = {0, multiply};

}  // namespace linnet::scalar
