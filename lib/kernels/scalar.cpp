#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

struct RowOfC {
  const float* bias;  // or null
  float* c;
  bool times_c;
  Largest<float> largest;  // with times_c

  // The outputs from `o` on are complete but for these.
  [[gnu::always_inline]] void finish(std::size_t o, Eight sum) {
    if (bias != nullptr) {
      Eight more = BankB::load(bias + o);
      unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] += more.of[k]; });
    }
    if (times_c) {
      Eight factor = BankB::load(c + o);
      unroll<8>([&](auto k) LINNET_INLINED {
        sum.of[k] *= factor.of[k];
        largest.see(sum.of[k], Full{});
      });
    }
    BankC::store(c + o, sum);
  }
  [[gnu::always_inline]] void finish(std::size_t o, float sum) {
    if (bias != nullptr) {
      sum += bias[o];
    }
    if (times_c) {
      sum *= c[o];
      largest.see(sum, Full{});
    }
    c[o] = sum;
  }
};

// With the sign masked out it is twice the magnitude that is compared: shifting the sign out is one instruction.
std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask) {
  const unsigned shift = mask == kMagnitudeBits ? 1 : 0;
  const float* end = x + n;
  std::uint32_t most = 0;
  const auto join = [&most, shift](float value) LINNET_INLINED {
    const std::uint32_t bits = bits_of(value) << shift;
    most = bits > most ? bits : most;
  };
  constexpr std::size_t kTogether = kCompact ? 4 : 8;
  for (; x + kTogether <= end; x += kTogether) {
    unroll<kTogether>([&](auto j) LINNET_INLINED { join(x[j]); });
  }
  for (; x < end; ++x) {
    join(*x);
  }
  return most >> shift;
}

// B: (terms, outputs). Chains start at -0, the number that changes no sum.
std::uint32_t multiply(const Product& m) {
  const std::size_t outputs = m.outputs;
  const float* a = m.a;
  RowOfC row{m.bias, m.c, m.times_c, {}};
  for (std::size_t b = 0; b < m.batch; ++b, row.c += outputs) {
    const float* end = a + m.terms;
    over_eights(m.first, m.last, [&](auto n, std::size_t o) LINNET_INLINED {
      const float* column = m.b + o;
      if constexpr (n == 8) {
        Eight sum = BankC::load(kNothing.of);
        for (const float* x = a; x < end; ++x, column += outputs) {
          const float factor = *x;
          Eight w = BankB::load(column);
          unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] = multiply_add(factor, w.of[k], sum.of[k]); });
        }
        row.finish(o, sum);
      } else {
        float sum = *a * *column;
        for (const float* x = a + 1; x < end; ++x) {
          column += outputs;
          sum = multiply_add(*x, *column, sum);
        }
        row.finish(o, sum);
      }
    });
    a = end;
  }
  return row.largest.magnitude_bits();
}

// ---- Lanes: 16 in registers where there are as many terms, or else by quarters.

[[gnu::always_inline]] inline float sum_in_registers(const float* a, const float* row, const float* end) {
  Eight low = BankC::load(kNothing.of);
  Eight high = BankD::load(kNothing.of);
  for (; a + kLanes <= end; a += kLanes, row += kLanes) {
    Eight x = BankA::load(a);
    Eight w = BankB::load(row);
    unroll<8>([&](auto k) LINNET_INLINED { low.of[k] = multiply_add(x.of[k], w.of[k], low.of[k]); });
    Eight y = BankA::load(a + 8);
    Eight v = BankB::load(row + 8);
    unroll<8>([&](auto k) LINNET_INLINED { high.of[k] = multiply_add(y.of[k], v.of[k], high.of[k]); });
  }
  if (a < end) {
    float lane[kLanes];
    BankC::store(lane, low);
    BankD::store(lane + 8, high);
    for (float* l = lane; a < end; ++l, ++a, ++row) {
      *l = multiply_add(*a, *row, *l);
    }
    low = BankC::load(lane);
    high = BankD::load(lane + 8);
  }
  unroll<8>([&](auto k) LINNET_INLINED { low.of[k] += high.of[k]; });
  unroll<4>([&](auto k) LINNET_INLINED { low.of[k] += low.of[k + 4]; });
  return (low.of[0] + low.of[2]) + (low.of[1] + low.of[3]);
}

// B: (outputs, terms)
std::uint32_t multiply_lanes(const Product& m) {
  const float* a = m.a;
  RowOfC c{m.bias, m.c, false, {}};
  for (std::size_t b = 0; b < m.batch; ++b, a += m.terms, c.c += m.outputs) {
    const float* row = m.b + m.first * m.terms;
    for (std::size_t o = m.first; o < m.last; ++o, row += m.terms) {
      if constexpr (kHasRegisters) {
        c.finish(o, sum_in_registers(a, row, a + m.terms));
      } else {
        c.finish(o, sum_by_quarters(m.terms, [a, row](std::size_t k, float lane)
                                                 LINNET_INLINED { return multiply_add(a[k], row[k], lane); }));
      }
    }
  }
  return 0;
}

}  // namespace

extern constexpr KernelTable table = {"scalar", 0, multiply, multiply_lanes, largest};

}  // namespace linnet::scalar
