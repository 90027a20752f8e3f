#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet {
const float kNothing[8] = {-0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f};
}

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
    BankA::store(c + o, sum);
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

// A row of A, up to `end`, against eight columns of B or one. Chains start at -0, the number that changes no sum.
[[gnu::always_inline]] inline Eight eight_columns(const float* x, const float* end, const float* column,
                                                  std::size_t outputs) {
  Eight sum = BankA::load(kNothing);
  for (; x < end; ++x, column += outputs) {
    const float factor = *x;
    Eight w = BankB::load(column);
    unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] = multiply_add(factor, w.of[k], sum.of[k]); });
  }
  return sum;
}
[[gnu::always_inline]] inline float one_column(const float* x, const float* end, const float* column,
                                               std::size_t outputs) {
  float sum = *x * *column;
  for (++x; x < end; ++x) {
    column += outputs;
    sum = multiply_add(*x, *column, sum);
  }
  return sum;
}

// B: (terms, outputs)
std::uint32_t multiply(const Product& m) {
  const float* a = m.a;
  RowOfC row{m.bias, m.c, m.finish == Finish::times_c, {}};
  for (std::size_t b = 0; b < m.batch; ++b, row.c += m.outputs) {
    const float* end = a + m.terms;
    for (std::size_t o = 0; o < m.outputs;) {
      float sums[8];
      std::size_t n = 1;
      if (kHasRegisters && o + 8 <= m.outputs) {
        n = 8;
        Eight sum = eight_columns(a, end, m.b + o, m.outputs);
        if (!kCompact || !row.times_c) {
          row.finish(o, sum);
          o += n;
          continue;
        }
        BankA::store(sums, sum);
      } else {
        sums[0] = one_column(a, end, m.b + o, m.outputs);
      }
      for (std::size_t k = 0; k < n; ++k, ++o) {
        row.finish(o, sums[k]);
      }
    }
    a = end;
  }
  return row.largest.magnitude_bits();
}

// ---- Lanes.

// Half of the lanes is in registers at a time: what a function may use without saving is 16 floats.
// a: (terms), up to `end`; row: (terms), left at the next row
[[gnu::always_inline]] inline float sum_in_registers(const float* a, const float* end, const float*& row) {
  float lane[kLanes];
  Eight sum = BankA::load(kNothing);
  BankA::store(lane, sum);
  BankA::store(lane + 8, sum);
  std::size_t first = 0;
  for (; a + 8 <= end; first ^= 8u) {
    sum = BankA::load(lane + first);
    unroll<2>([&](auto half) LINNET_INLINED {
      Four x = LowerB::next(a);
      Four w = UpperB::next(row);
      unroll<4>([&](auto k) LINNET_INLINED {
        float& lane_of_k = sum.of[4 * half + k];
        lane_of_k = multiply_add(x.of[k], w.of[k], lane_of_k);
      });
      wait_for(&sum.of[4 * half], a, row);
    });
    BankA::store(lane + first, sum);
  }
  for (float* l = lane + first; a < end; ++l) {
    *l = multiply_add(*a++, *row++, *l);
    wait_for(a, row);
  }
  sum = BankA::load(lane);
  Eight high = BankB::load(lane + 8);
  unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] += high.of[k]; });
  unroll<4>([&](auto k) LINNET_INLINED { sum.of[k] += sum.of[k + 4]; });
  return (sum.of[0] + sum.of[2]) + (sum.of[1] + sum.of[3]);
}

// B: (outputs, terms)
std::uint32_t multiply_lanes(const Product& m) {
  const float* a = m.a;
  for (std::size_t b = 0; b < m.batch; ++b) {
    const float* end = a + m.terms;
    const float* row = m.b;
    float* c = m.c + b * m.outputs;
    for (std::size_t o = 0; o < m.outputs; ++o) {
      float sum = 0.0f;
      if constexpr (kHasRegisters) {
        sum = sum_in_registers(a, end, row);
      } else {
        sum = sum_in_tree(
            m.terms, [a, row](std::size_t k, float lane) LINNET_INLINED { return multiply_add(a[k], row[k], lane); });
        row += m.terms;
      }
      c[o] = m.bias != nullptr ? sum + m.bias[o] : sum;
    }
    a = end;
  }
  return 0;
}

}  // namespace

extern constexpr KernelTable table = {0, multiply, multiply_lanes, largest};

}  // namespace linnet::scalar
