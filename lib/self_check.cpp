// Whether this build and this processor compute as the contract says. Flags that no macro tells of, and settings of the
// processor, change results without a word; here are sums of which each such change gives another one.
#include "arithmetic/contract.hpp"

#include <linnet/version.hpp>

#include "arithmetic/number.hpp"

namespace linnet {

namespace {

constexpr float kUnit = 0x1p-23f;  // from 1 to the next float

// The number itself, out of the compiler's sight: what it can see it computes while it compiles, and rightly.
float hidden(float x) {
  volatile float seen = x;
  return seen;
}

// Told by bits, because flags spoil comparisons too.
bool is(float x, float expected) { return bits_of(x) == bits_of(expected); }

bool multiply_add_keeps_the_contract() {
  const bool fused = contract() == Contract::fused;
  const float above = hidden(1.0f + kUnit);
  const float below = hidden(1.0f - kUnit);
  // (1 + u)^2 = 1 + 2u + u^2, and 1 + u + (1 - u^2) u / 2 is just below the middle of two floats: a sum in double would
  // have to be rounded to odd.
  return is(multiply_add(above, above, hidden(-1.0f - 2.0f * kUnit)), fused ? kUnit * kUnit : 0.0f) &&
         is(multiply_add(above * 0x1p-12f, below * 0x1p-12f, above), fused ? above : 1.0f + 2.0f * kUnit);
}

// No product and sum in one rounding, no sum in another order.
bool rounds_every_step() {
  const float above = hidden(1.0f + kUnit);
  const float large = hidden(0x1p24f);
  return is(above * above + hidden(-1.0f - 2.0f * kUnit), 0.0f) && is((large + hidden(1.0f)) - large, 0.0f);
}

// No product with a reciprocal: of the constant, or of a divisor that several quotients share.
bool divides() {
  const float divisor = hidden(41.0f);
  const float one = hidden(41.0f) / divisor;
  const float two = hidden(82.0f) / divisor;
  const float four = hidden(164.0f) / divisor;
  return is(hidden(9.0f) / 10.0f, 0.9f) && is(one, 1.0f) && is(two, 2.0f) && is(four, 4.0f);
}

bool keeps_signs_of_zero() { return is(hidden(-0.0f) + 0.0f, 0.0f) && is(0.0f - hidden(0.0f), 0.0f); }

// Neither taken for zero nor set to zero.
bool keeps_subnormal_numbers() {
  return is(hidden(0x1p-149f) * 0x1p126f, kUnit) && bits_of(hidden(0x1p-126f) * 0.5f) == 0x00400000u;
}

// To the nearest float, halves to the even one. Every other direction gives one of the two a neighbour.
bool rounds_to_nearest() {
  const float half = hidden(0.5f * kUnit);
  return is(hidden(1.0f) + half, 1.0f) && is(hidden(1.0f + kUnit) + half, 1.0f + 2.0f * kUnit);
}

bool tells_nan() {
  const float nan = hidden(float_of(0x7fc00000u));
  return nan != nan && !(nan <= 1.0f);
}

}  // namespace

Status self_check() noexcept {
  const bool good = multiply_add_keeps_the_contract() && rounds_every_step() && divides() && keeps_signs_of_zero() &&
                    keeps_subnormal_numbers() && rounds_to_nearest() && tells_nan();
  return good ? Status::ok : Status::broken_arithmetic;
}

}  // namespace linnet
