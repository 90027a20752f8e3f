// Apart from scalar.cpp so that a program that only predicts does not carry it.
#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

// R rows of B against a row of A, chains from -0, eight terms at a time.  a: (terms), row: (R, terms), c: (R)
template <std::size_t R>
[[gnu::always_inline]] inline void rows(const float* a, const float* end, const float* row, bool times_c, float* c,
                                        Largest<float>& largest) {
  const auto terms = static_cast<std::size_t>(end - a);
  float sum[R];
  if constexpr (!kHasRegisters) {
    sum[0] = *a++ * *row++;
  } else {
    unroll<R>([&](auto r) LINNET_INLINED { sum[r] = -0.0f; });
    for (; a + 8 <= end; a += 8, row += 8) {
      Eight x = BankA::load(a);
      Eight w = BankB::load(row);
      unroll<8>([&](auto k) LINNET_INLINED { sum[0] = multiply_add(x.of[k], w.of[k], sum[0]); });
      if constexpr (R == 2) {
        Eight v = BankC::load(row + terms);
        unroll<8>([&](auto k) LINNET_INLINED { sum[1] = multiply_add(x.of[k], v.of[k], sum[1]); });
      }
    }
  }
  for (; a < end; ++a, ++row) {
    unroll<R>([&](auto r) LINNET_INLINED { sum[r] = multiply_add(*a, row[r * terms], sum[r]); });
  }
  unroll<R>([&](auto r) LINNET_INLINED {
    if (times_c) {
      sum[r] *= c[r];
      largest.see(sum[r], Full{});
    }
    c[r] = sum[r];
  });
}

// B: (outputs, terms)
std::uint32_t multiply_transposed(const Product& m) {
  const float* a = m.a;
  Largest<float> largest;
  for (std::size_t b = 0; b < m.batch; ++b) {
    const float* end = a + m.terms;
    const float* row = m.b + m.first * m.terms;
    float* c = m.c + b * m.outputs + m.first;
    std::size_t left = m.last - m.first;
    if constexpr (kHasRegisters) {
      for (; left > 1; left -= 2, row += 2 * m.terms, c += 2) {
        rows<2>(a, end, row, m.times_c, c, largest);
      }
    }
    for (; left > 0; --left, row += m.terms, ++c) {
      rows<1>(a, end, row, m.times_c, c, largest);
    }
    a = end;
  }
  return largest.magnitude_bits();
}

}  // namespace

extern constexpr TrainingKernels training = {multiply_transposed};

}  // namespace linnet::scalar
