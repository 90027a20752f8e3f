// Apart from scalar.cpp so that a program that only predicts does not carry it.
#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

// What a sum is multiplied with is replaced by the product.
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
    wait_for(row, other);
  }
  finish(sum, c[0], largest);
  finish(other_sum, c[1], largest);
}

// Eight columns of B, `stride` apart from term to term.  a: (terms), up to `end`; c: (8)
[[gnu::always_inline]] inline void eight_outputs(const float* a, const float* end, const float* column,
                                                 std::size_t stride, float* c, Largest<float>& largest) {
  Eight sum = eight_columns(a, end, column, stride);
  Eight factor = BankB::load(c);
  unroll<8>([&](auto k) LINNET_INLINED {
    sum.of[k] *= factor.of[k];
    largest.see(sum.of[k], Full{});
  });
  BankA::store(c, sum);
}

// B: (terms, outputs) if by_unit, else (outputs, terms). One function for both: lib/README.md, Small code.
// NOLINTNEXTLINE(readability-function-cognitive-complexity)
std::uint32_t input_gradient(const Product& m, bool by_unit) {
  const std::size_t stride = by_unit ? m.outputs : 1;  // from term to term
  const std::size_t next = by_unit ? 1 : m.terms;      // from output to output
  const std::size_t together = kHasRegisters && !by_unit ? m.terms / 8 * 8 : 0;
  const float* a = m.a;
  float* c = m.c;
  Largest<float> largest;
  for (std::size_t b = m.batch; b > 0; --b) {
    const float* end = a + m.terms;
    const float* row = m.b;
    std::size_t left = m.outputs;
    if constexpr (kHasRegisters && !kCompact) {
      const std::size_t n = by_unit ? 8 : 2;
      for (; left >= n; left -= n, row += n * next, c += n) {
        if (by_unit) {
          eight_outputs(a, end, row, stride, c, largest);
        } else {
          two_rows(a, end, row, c, largest);
        }
      }
    }
    for (; left > 0; --left) {
      const float* x = a;
      const float* w = row;
      float sum = kHasRegisters ? -0.0f : *x++ * *w;
      w += kHasRegisters ? 0 : stride;
      while (x < a + together) {
        Eight p = BankA::next(x);
        Eight q = BankB::next(w);
        unroll<8>([&](auto k) LINNET_INLINED { sum = multiply_add(p.of[k], q.of[k], sum); });
      }
      for (; x < end; w += stride) {
        sum = multiply_add(*x++, *w, sum);
      }
      finish(sum, *c++, largest);
      row += next;
    }
    a = end;
  }
  return largest.magnitude_bits();
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

}  // namespace

extern constexpr TrainingKernels training = {input_gradient, largest};

}  // namespace linnet::scalar
