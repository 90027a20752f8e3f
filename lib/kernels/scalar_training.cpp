// Apart from scalar.cpp so that a program that only predicts does not carry it.
#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

// A row of B against a row of A, a chain that goes on from `sum`.  a, row: (terms)
[[gnu::always_inline]] inline float chain(const float* a, const float* end, const float* row, float sum) {
  for (; a < end; ++a, ++row) {
    sum = multiply_add(*a, *row, sum);
  }
  return sum;
}

// Two rows, eight terms at a time.  row: (2, terms), c: (2)
[[gnu::always_inline]] inline void two_rows(const float* a, const float* end, const float* row, bool times_c,
                                            float* c) {
  const float* other = row + (end - a);
  float first = -0.0f;  // the number that changes no sum
  float second = -0.0f;
  for (; a + 8 <= end; a += 8, row += 8, other += 8) {
    Eight x = BankA::load(a);
    Eight w = BankB::load(row);
    Eight v = BankC::load(other);
    unroll<8>([&](auto k) LINNET_INLINED {
      first = multiply_add(x.of[k], w.of[k], first);
      second = multiply_add(x.of[k], v.of[k], second);
    });
  }
  first = chain(a, end, row, first);
  second = chain(a, end, other, second);
  c[0] = times_c ? first * c[0] : first;
  c[1] = times_c ? second * c[1] : second;
}

// B: (outputs, terms)
void multiply_transposed(const Product& m) {
  const float* a = m.a;
  for (std::size_t b = 0; b < m.batch; ++b) {
    const float* end = a + m.terms;
    const float* row = m.b + m.first * m.terms;
    float* c = m.c + b * m.outputs + m.first;
    std::size_t left = m.last - m.first;
    if constexpr (kHasRegisters) {
      for (; left > 1; left -= 2, row += 2 * m.terms, c += 2) {
        two_rows(a, end, row, m.times_c, c);
      }
    }
    for (; left > 0; --left, row += m.terms, ++c) {
      const float sum = chain(a, end, row, -0.0f);
      *c = m.times_c ? sum * *c : sum;
    }
    a = end;
  }
}

}  // namespace

extern constexpr TrainingKernels training = {multiply_transposed};

}  // namespace linnet::scalar
