// Input gradients and magnitudes. Apart from scalar_product.cpp so that a program that only predicts does not carry it.
#include "kernels/eight.hpp"
#include "kernels/specification.hpp"

namespace linnet::scalar {
namespace {

// c = sum c: the derivative is replaced by the unit gradient.
[[gnu::always_inline]] inline void finish(float sum, float& c, Largest<float>& largest) {
  sum *= c;
  largest.see(sum, Full{});
  c = sum;
}

// Two rows of B side by side, (2, terms), four terms at a time.  a: (terms), up to `end`; c: (2)
[[gnu::always_inline]] inline void two_rows(const float* a, const float* end, const float* row, float* c,
                                            Largest<float>& largest) {
  const float* other = row + (end - a);
  float sum = -0.0f;
  float other_sum = -0.0f;
  while (a + 4 <= end) {
    Four x = LowerA::next(a);
    Four w = LowerB::next(row);
    Four v = UpperB::next(other);
    unroll<4>([&](auto k) LINNET_INLINED {
      sum = multiply_add(x.of[k], w.of[k], sum);
      other_sum = multiply_add(x.of[k], v.of[k], other_sum);
    });
  }
  while (a < end) {
    const float x = *a++;
    sum = multiply_add(x, *row++, sum);
    other_sum = multiply_add(x, *other++, other_sum);
    hide(row, other);
  }
  finish(sum, c[0], largest);
  finish(other_sum, c[1], largest);
}

// Eight columns of B, `stride` apart from term to term.  a: (terms), up to `end`; c: (8)
[[gnu::always_inline]] inline void eight_outputs(const float* a, const float* end, const float* column,
                                                 std::size_t stride, float* c, Largest<float>& largest) {
  Eight sum = BankA::load(kNothing);
  join_eight_columns(a, end, column, stride, sum);
  Eight factor = BankB::load(c);
  unroll<8>([&](auto k) LINNET_INLINED {
    sum.of[k] *= factor.of[k];
    largest.see(sum.of[k], Full{});
  });
  BankA::store(c, sum);
}

// One function for both orders of B: lib/DESIGN.md, Small code.
std::uint32_t input_gradient_side_by_side(const Product& m, bool transposed) {
  const std::size_t stride = transposed ? 1 : m.outputs;  // from term to term
  const std::size_t next = transposed ? m.terms : 1;      // from output to output
  const float* a = m.a;
  float* c = m.c;
  Largest<float> largest;
  for (std::size_t b = m.batch; b > 0; --b) {
    const float* end = a + m.terms;
    const float* column = m.b;
    std::size_t left = m.outputs;
    if constexpr (!kCompact) {
      const std::size_t n = transposed ? 2 : 8;
      for (; left >= n; left -= n, column += n * next, c += n) {
        if (transposed) {
          two_rows(a, end, column, c, largest);
        } else {
          eight_outputs(a, end, column, stride, c, largest);
        }
      }
    }
    for (; left > 0; --left, column += next) {
      finish(join_column(a, end, column, stride, -0.0f), *c++, largest);
    }
    a = end;
  }
  return largest.magnitude_bits();
}

}  // namespace

std::uint32_t input_gradient(const Product& product, bool transposed) {
  if constexpr (kHasRegisters) {
    return input_gradient_side_by_side(product, transposed);
  } else {
    return specification::input_gradient(product, transposed);
  }
}

// With the sign masked out it is twice the magnitude that is compared: shifting the sign out is one instruction.
std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask) {
  const unsigned shift = mask == kMagnitudeBits ? 1 : 0;
  std::uint32_t most = 0;
  const auto join = [&most, shift](float value) LINNET_INLINED {
    const std::uint32_t bits = bits_of(value) << shift;
    most = bits > most ? bits : most;
  };
  std::size_t k = 0;
  if constexpr (!kCompact) {
    for (; k + 8 <= n; k += 8) {
      unroll<8>([&](auto j) LINNET_INLINED { join(x[k + j]); });
    }
  }
  for (; k < n; ++k) {
    join(x[k]);
  }
  return most >> shift;
}

}  // namespace linnet::scalar
