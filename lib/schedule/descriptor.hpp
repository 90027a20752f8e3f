// What the library knows of a schedule, and what the formulas share: powers, and half a wave of the cosine.
#pragma once

// Rounded after every product and every sum, whatever the contract: both have the same rates.
#undef LINNET_FUSED
#define LINNET_FUSED 0

#include <linnet/schedule.hpp>

#include "arithmetic/elementary.hpp"
#include "arithmetic/range.hpp"

namespace linnet {

struct ScheduleDescriptor {
  float (*rate)(const Schedule& schedule, std::uint64_t step, float base);  // of one that is sound
  bool (*sound)(const Schedule& schedule);
};

namespace {

template <class Count>
float ratio(Count a, Count b) {
  return divide(static_cast<float>(a), static_cast<float>(b));
}

inline bool is_share(float x) { return in_range(x, 0.0f, 1.0f); }
inline bool is_gamma(const Schedule& schedule) { return schedule.log2_gamma != schedule::kNoLogarithm; }
inline bool is_lowest(float x) { return in_range(x, 0.0f, 1e6f); }

// 2^(-halvings 2^-56); 0 below the smallest normal number.
inline float power_of_half(std::uint64_t halvings) {
  const auto whole = static_cast<std::uint32_t>(halvings >> 56u);
  const float rest = static_cast<float>(static_cast<std::uint32_t>(halvings >> 24u)) * 0x1p-32f;  // in [0, 1]
  return whole >= 126 ? 0.0f : exponential_in_range(rest * -kLn2) * float_of((127u - whole) << 23u);
}

// gamma^n in a time that does not depend on n. The logarithm is off by 2^-56 at most, so the power by n 2^-56 of its size.
inline float power_of_gamma(std::int64_t log2_gamma, std::uint64_t n) {
  const bool grows = log2_gamma > 0;
  const auto once = static_cast<std::uint64_t>(grows ? log2_gamma : -log2_gamma);
  std::uint64_t product = 0;  // in units of 2^-56, below 256
  const bool beyond = __builtin_mul_overflow(once, n, &product);
  const float power = beyond ? 0.0f : power_of_half(product);
  return grows ? divide(1.0f, power) : power;
}

// sin(pi u / 2) for u in [0, 1]: u p(u^2), degree 4, minimax (Remez) for relative error 5.4e-9; with roundings 1.6e-7.
// It is 0 at 0, 1 at 1 and never above 1.
inline float quarter_wave(float u) {
  static constexpr float kCoefficients[] = {1.51485132e-4f, -4.67376644e-3f, 7.96896368e-2f, -0.645963728f,
                                            1.57079637f};
  return u * polynomial(u * u, kCoefficients);
}

// From a to b along half a cosine, of which `left` of 1 lies ahead and `done` behind: (1 + cos(pi done)) / 2 is
// sin(pi left / 2)^2. Both weights are sines, so that neither is a small difference.
inline float along_cosine(float a, float b, float done, float left) {
  const float of_a = quarter_wave(left);
  const float of_b = quarter_wave(done);
  return multiply_add(of_a * of_a, a, of_b * of_b * b);
}

// From a to b in a line, at step `done` of `steps`; exactly a and b at the ends.
inline float along_line(float a, float b, std::uint32_t done, std::uint32_t steps) {
  return multiply_add(ratio(steps - done, steps), a, ratio(done, steps) * b);
}

}  // namespace

}  // namespace linnet
