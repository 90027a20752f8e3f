// Weight gradients where there are no vectors: the sums of specification.hpp, eight columns side by side where there are
// registers for them, so that chains do not wait for each other.
#pragma once

#include "kernels/apply.hpp"
#include "kernels/eight.hpp"
#include "kernels/specification.hpp"

namespace linnet {

namespace {

// 8 columns of a row of an outer sum.
[[gnu::always_inline]] inline void outer_eight(const OuterSum& g, const float* p, const float* q, float* sums) {
  Eight sum = BankA::load(kNothing);
  for (std::size_t b = 0; b < g.batch; ++b, p += g.p_stride, q += g.columns) {
    const float factor = *p;
    Eight row = BankB::load(q);
    unroll<8>([&](auto k) LINNET_INLINED { sum.of[k] = multiply_add(factor, row.of[k], sum.of[k]); });
  }
  BankA::store(sums, sum);
}

// Each element is handed to the rule.
template <class Rule>
[[gnu::always_inline]] inline void outer(const OuterSum& whole, const Rule& rule, Parameters at, float limit) {
  for (std::size_t r = 0; r < whole.rows; ++r) {
    for (std::size_t c = 0; c < whole.columns;) {
      const OuterSum& g = *looked_up_anew(&whole);
      const float* p = g.p + r;
      const float* q = g.q + c;
      float sums[8];
      std::size_t n = 1;
      if (kHasRegisters && c + 8 <= g.columns) {
        outer_eight(g, p, q, sums);
        n = 8;
      } else {
        float sum = -0.0f;
        for (std::size_t b = 0; b < g.batch; ++b, p += g.p_stride, q += g.columns) {
          sum = multiply_add(*p, *q, sum);
        }
        sums[0] = sum;
      }
      for (std::size_t k = 0; k < n; ++k) {
        const float mean = kHasRegisters || g.share != 1.0f ? sums[k] * g.share : sums[k];
        update_at(rule, limit > 0.0f ? clipped(mean, limit) : mean, at, k, Full{});
      }
      c += n;
      at = at.template from<Rule::kSlots>(n);
    }
  }
}

}  // namespace
}  // namespace linnet
