// Apart from scalar.cpp so that a program that only predicts does not carry it.
#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

// R rows of B against a row of A, chains from -0, four terms at a time; `row` is left at the next one.
// a: (terms), up to `end`; row: (R, terms), c: (R)
template <std::size_t R>
[[gnu::always_inline]] inline void rows(const float* a, const float* end, const float*& row, bool times_c, float* c,
                                        Largest<float>& largest) {
  const float* other = R == 2 ? row + (end - a) : row;
  float sum[R];
  if constexpr (!kHasRegisters) {
    sum[0] = *a++ * *row++;
  } else {
    unroll<R>([&](auto r) LINNET_INLINED { sum[r] = -0.0f; });
    constexpr std::size_t kTogether = R == 2 ? 4 : 8;
    while (a + kTogether <= end) {
      if constexpr (R == 2) {
        Four x = LowerA::next(a);
        Four w = LowerB::next(row);
        Four v = UpperB::next(other);
        unroll<4>([&](auto k) LINNET_INLINED {
          sum[0] = multiply_add(x.of[k], w.of[k], sum[0]);
          sum[1] = multiply_add(x.of[k], v.of[k], sum[1]);
        });
      } else {
        Eight x = BankA::next(a);
        Eight w = BankB::next(row);
        unroll<8>([&](auto k) LINNET_INLINED { sum[0] = multiply_add(x.of[k], w.of[k], sum[0]); });
      }
    }
  }
  while (a < end) {
    const float x = *a++;
    sum[0] = multiply_add(x, *row++, sum[0]);
    if constexpr (R == 2) {
      sum[1] = multiply_add(x, *other++, sum[1]);
    }
    wait_for(row, other);
  }
  row = R == 2 ? other : row;
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
    const float* row = m.b;
    float* c = m.c + b * m.outputs;
    const float* last = c + m.outputs;
    if constexpr (kHasRegisters && !kCompact) {
      for (; c + 2 <= last; c += 2) {
        rows<2>(a, end, row, m.finish == Finish::times_c, c, largest);
      }
    }
    for (; c < last; ++c) {
      rows<1>(a, end, row, m.finish == Finish::times_c, c, largest);
    }
    a = end;
  }
  return largest.magnitude_bits();
}

}  // namespace

extern constexpr TrainingKernels training = {multiply_transposed};

}  // namespace linnet::scalar
