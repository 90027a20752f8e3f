#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// @file
/// Learning rates that depend on the number of the step and on nothing else: a run that goes on after a reset has its rate
/// by its count of steps, and nothing is kept. The values are those of torch.optim.lr_scheduler, within 1e-6 of their size.
///
///     constexpr auto plan = linnet::schedule::warm_up(100, linnet::schedule::cosine(5000, 1e-5f));
///     status = trainer.set_learning_rate(plan(trainer.steps(), 1e-3f));  // before each step
///
/// A step is what the program counts: steps of the trainer, or epochs. The first one is number 0.
namespace linnet {

/// What the library knows of a schedule; naming one is what links it.
struct ScheduleDescriptor;
namespace descriptor {
extern const ScheduleDescriptor constant_rate;         ///< that of schedule::constant()
extern const ScheduleDescriptor step_rate;             ///< that of schedule::step()
extern const ScheduleDescriptor multi_step_rate;       ///< that of schedule::multi_step()
extern const ScheduleDescriptor exponential_rate;      ///< that of schedule::exponential()
extern const ScheduleDescriptor linear_rate;           ///< that of schedule::linear()
extern const ScheduleDescriptor cosine_rate;           ///< that of schedule::cosine()
extern const ScheduleDescriptor cosine_restarts_rate;  ///< that of schedule::cosine_restarts()
extern const ScheduleDescriptor one_cycle_rate;        ///< that of schedule::one_cycle()
extern const ScheduleDescriptor polynomial_rate;       ///< that of schedule::polynomial()
}  // namespace descriptor

/// A schedule, made by a function below. Plain data; milestones stay lent.
struct Schedule {
  const ScheduleDescriptor* descriptor;    ///< its formula
  std::uint32_t steps = 1;                 ///< its length, or that of its first period
  std::uint32_t growth = 1;                ///< each period has so many times the steps of the one before
  Span<const std::uint32_t> milestones{};  ///< ascending
  std::int64_t log2_gamma = 0;             ///< in units of 2^-56
  float first = 1.0f;                      ///< the rate of step 0 over the base rate
  float last = 1.0f;                       ///< the rate at the end over the base rate
  float lowest = 0.0f;                     ///< a rate
  float shape = 1.0f;                      ///< a power, or the share of the steps in which the rate rises
  std::uint32_t warm_steps = 0;            ///< steps before the schedule begins
  float warm_first = 1.0f;                 ///< the rate of the first of them over the base rate

  /// The learning rate of step `step` when the base rate is `base`. NaN, which set_learning_rate() refuses, where check()
  /// refuses the schedule; +0 where it would be below the smallest normal float. The same bits on every target and in both
  /// contracts.
  float operator()(std::uint64_t step, float base) const noexcept;
};

/// Looks at what a schedule was made from. The functions below give the ranges.
/// Returns ok, null_memory (milestones), or bad_setting.
Status check(const Schedule& schedule) noexcept;

/// The formulas are PyTorch's; the name behind each is that of its class there.
namespace schedule {

/// Where there is no logarithm in fixed point.
inline constexpr std::int64_t kNoLogarithm = -0x7fffffffffffffff - 1;

/// The upper 64 bits of m^2.
constexpr std::uint64_t square_high(std::uint64_t m) noexcept {
  const std::uint64_t high = m >> 32u;
  const std::uint64_t low = m & 0xffffffffu;
  const std::uint64_t middle = high * low;
  const std::uint64_t carry = ((low * low) >> 32u) + 2 * (middle & 0xffffffffu);
  return high * high + 2 * (middle >> 32u) + (carry >> 32u);
}

/// log2(m / 2^63) for 2^63 <= m < 2^64, in units of 2^-56 and within one: digit by digit, since squaring a number doubles
/// its logarithm.
constexpr std::int64_t log2_of_mantissa(std::uint64_t m) noexcept {
  std::int64_t result = 0;
  for (std::int64_t digit = std::int64_t{1} << 55u; digit > 0; digit >>= 1u) {
    m = square_high(m);  // a quarter of the square
    if ((m >> 63u) != 0) {
      result += digit;
    } else {
      m <<= 1u;
    }
  }
  return result;
}

/// log2(x) in units of 2^-56, for x in [2^-64, 2], else kNoLogarithm: a power of x is then one product of integers. Of
/// doubles, because 0.9999f^10000 is off by 3e-4 of its size; a constexpr schedule leaves them to the compiler.
constexpr std::int64_t log2_in_fixed_point(double x) noexcept {
  if (!(x >= 0x1p-64 && x <= 2.0)) {
    return kNoLogarithm;
  }
  std::int64_t exponent = 0;
  while (x >= 2.0) {
    x *= 0.5;
    ++exponent;
  }
  while (x < 1.0) {
    x *= 2.0;
    --exponent;
  }
  return exponent * (std::int64_t{1} << 56u) + log2_of_mantissa(static_cast<std::uint64_t>(x * 0x1p63));
}

/// base, at every step.
constexpr Schedule constant() noexcept { return Schedule{&descriptor::constant_rate, 0}; }

/// base factor in the first `steps` steps, then base. factor in [0, 1].                  (ConstantLR)
constexpr Schedule constant(std::uint32_t steps, float factor) noexcept {
  Schedule result{&descriptor::constant_rate, steps};
  result.first = factor;
  return result;
}

/// base gamma^n, n = step / period rounded down. period >= 1, gamma in [2^-64, 2].       (StepLR)
constexpr Schedule step(std::uint32_t period, double gamma = 0.1) noexcept {
  Schedule result{&descriptor::step_rate, period};
  result.log2_gamma = log2_in_fixed_point(gamma);
  return result;
}

/// base gamma^n, n the milestones that are not above `step`. They are lent, ascending (one that is there twice counts
/// twice); gamma in [2^-64, 2].                                                           (MultiStepLR)
constexpr Schedule multi_step(Span<const std::uint32_t> milestones, double gamma = 0.1) noexcept {
  Schedule result{&descriptor::multi_step_rate};
  result.milestones = milestones;
  result.log2_gamma = log2_in_fixed_point(gamma);
  return result;
}
/// Refused when compiled: the milestones are kept, not copied, and a temporary ends with the call.
template <class C, class = container::IfTemporary<C>>
constexpr Schedule multi_step(C&&, double = 0.1) noexcept {
  return refuse_temporary<C, Schedule>();
}

/// base gamma^step, for steps below 2^36 within 1e-6. gamma in [2^-64, 2]: above 1 the rate grows, as in a search for the
/// largest that still learns. +Inf, which set_learning_rate() refuses, where the power is 2^126 or more. (ExponentialLR)
constexpr Schedule exponential(double gamma) noexcept {
  Schedule result{&descriptor::exponential_rate};
  result.log2_gamma = log2_in_fixed_point(gamma);
  return result;
}

/// base (first + (last - first) step / steps), from `steps` on base last. steps >= 1, first and last in [0, 1]. (LinearLR)
constexpr Schedule linear(std::uint32_t steps, float first = 1.0f / 3, float last = 1.0f) noexcept {
  Schedule result{&descriptor::linear_rate, steps};
  result.first = first;
  result.last = last;
  return result;
}

/// lowest + (base - lowest) (1 + cos(pi step / steps)) / 2: from base down to lowest, and behind `steps` up again.
/// steps >= 1, lowest in [0, 1e6].                      (CosineAnnealingLR; Loshchilov & Hutter 2017)
constexpr Schedule cosine(std::uint32_t steps, float lowest = 0.0f) noexcept {
  Schedule result{&descriptor::cosine_rate, steps};
  result.lowest = lowest;
  return result;
}

/// The same from base to lowest, again and again: `period` steps, then growth times as many, and so on.
/// period and growth >= 1, lowest in [0, 1e6].          (CosineAnnealingWarmRestarts; Loshchilov & Hutter 2017)
constexpr Schedule cosine_restarts(std::uint32_t period, std::uint32_t growth = 1, float lowest = 0.0f) noexcept {
  Schedule result{&descriptor::cosine_restarts_rate, period, growth};
  result.lowest = lowest;
  return result;
}

/// From base / divisor up to base in rising * steps - 1 steps, then down to base / (divisor final_divisor) at step
/// steps - 1 and from there on, both along half a cosine; momentum stays as it is. 0 < rising < 1, rising * steps > 1,
/// divisors at least 1.                                   (OneCycleLR, whose max_lr is the base; Smith & Topin 2018)
constexpr Schedule one_cycle(std::uint32_t steps, float rising = 0.3f, float divisor = 25.0f,
                             float final_divisor = 1e4f) noexcept {
  Schedule result{&descriptor::one_cycle_rate, steps};
  result.shape = rising;
  result.first = divisor >= 1.0f ? 1.0f / divisor : -1.0f;
  result.last = final_divisor >= 1.0f ? result.first / final_divisor : -1.0f;
  return result;
}

/// base (1 - step / steps)^power, from `steps` on 0. steps >= 1, 0 < power <= 16.         (PolynomialLR)
constexpr Schedule polynomial(std::uint32_t steps, float power = 1.0f) noexcept {
  Schedule result{&descriptor::polynomial_rate, steps};
  result.shape = power;
  return result;
}

/// In `steps` steps from base first to base, in a line; then `plan` from its step 0 on. first in [0, 1]; a plan that has a
/// warm-up takes no second one.            (SequentialLR of LinearLR and the other; Goyal et al. 2017)
constexpr Schedule warm_up(std::uint32_t steps, const Schedule& plan, float first = 0.01f) noexcept {
  Schedule result = plan;
  result.descriptor = plan.warm_steps == 0 ? plan.descriptor : nullptr;
  result.warm_steps = steps;
  result.warm_first = first;
  return result;
}

}  // namespace schedule

}  // namespace linnet
