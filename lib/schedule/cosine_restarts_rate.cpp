#include "schedule/descriptor.hpp"

namespace linnet {

namespace {

// Each turn takes a period away and makes the next one longer, so there are few.
float rate(const Schedule& schedule, std::uint64_t step, float base) {
  std::uint64_t period = schedule.steps;
  if (schedule.growth == 1) {
    step %= period;
  }
  while (step >= period) {
    step -= period;
    // one that cannot be counted does not end
    period = __builtin_mul_overflow(period, std::uint64_t{schedule.growth}, &period) ? ~std::uint64_t{0} : period;
  }
  return along_cosine(base, schedule.lowest, ratio(step, period), ratio(period - step, period));
}

}  // namespace

constexpr ScheduleDescriptor descriptor::cosine_restarts_rate = {
    rate,
    [](const Schedule& schedule) { return schedule.steps >= 1 && schedule.growth >= 1 && is_lowest(schedule.lowest); }};

}  // namespace linnet
