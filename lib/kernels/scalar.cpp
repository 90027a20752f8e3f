#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet {
const float kNothing[8] = {-0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f};
}

namespace linnet::scalar {

namespace {

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

// What all lanes come to.  a: (terms), up to `end`; row: (terms), left at the next row
[[gnu::always_inline]] inline float sum_of_row(const float* a, const float* end, const float*& row) {
  if constexpr (kHasRegisters) {
    return sum_in_registers(a, end, row);
  } else {
    const float* w = row;
    row += end - a;
    return sum_in_tree(static_cast<std::size_t>(end - a),
                       [a, w](std::size_t k, float lane) LINNET_INLINED { return multiply_add(a[k], w[k], lane); });
  }
}

// B: (outputs, terms) if by_unit, else (terms, outputs)
std::uint32_t multiply(const Product& product, bool by_unit) {
  const float* a = product.a;
  float* c = product.c;
  for (const Product* row = &product; a < row->a + row->batch * row->terms;) {
    row = looked_up_anew(row);
    const Product& m = *row;
    const float* end = a + m.terms;
    const float* next = m.b;  // row or column
    const float* bias = m.bias;
    const float* last = c + m.outputs;
    do {
      if (kHasRegisters && !by_unit && last - c >= 8) {
        Eight sum = eight_columns(a, end, next, m.outputs);
        if (bias != nullptr) {
          Eight more = BankB::next(bias);
          unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] += more.of[k]; });
        }
        BankA::store(c, sum);
        next += 8;
        c += 8;
      } else {
        const float sum = by_unit ? sum_of_row(a, end, next) : one_column(a, end, next++, m.outputs);
        *c++ = bias != nullptr ? sum + *bias++ : sum;
      }
    } while (c < last);
    a = end;
  }
  return 0;
}

}  // namespace

extern constexpr KernelTable table = {0, multiply};

}  // namespace linnet::scalar
