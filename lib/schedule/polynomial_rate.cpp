#include "schedule/descriptor.hpp"

namespace linnet {

namespace {

// log2(n) in units of 2^-56, n >= 1.
std::uint64_t log2_of_count(std::uint32_t n) {
  std::uint64_t mantissa = std::uint64_t{n} << 32u;
  std::uint64_t exponent = 31;
  for (; (mantissa >> 63u) == 0; mantissa <<= 1u) {
    --exponent;
  }
  return (exponent << 56u) + static_cast<std::uint64_t>(schedule::log2_of_mantissa(mantissa));
}

// (left / steps)^power; in integers, because a logarithm in float is off by 1e-6 where the ratio is small.
float power_of_ratio(std::uint32_t left, std::uint32_t steps, float power) {
  const std::uint64_t halvings = (log2_of_count(steps) - log2_of_count(left)) >> 27u;  // in units of 2^-29
  const std::uint64_t times = static_cast<std::uint32_t>(power * 0x1p27f);             // in units of 2^-27
  std::uint64_t product = 0;
  return __builtin_mul_overflow(halvings, times, &product) ? 0.0f : power_of_half(product);
}

}  // namespace

constexpr ScheduleDescriptor descriptor::polynomial_rate = {
    [](const Schedule& schedule, std::uint64_t step, float base) {
      return step < schedule.steps ? base * power_of_ratio(schedule.steps - static_cast<std::uint32_t>(step),
                                                           schedule.steps, schedule.shape)
                                   : 0.0f;
    },
    [](const Schedule& schedule) { return schedule.steps >= 1 && schedule.shape > 0.0f && schedule.shape <= 16.0f; }};

}  // namespace linnet
