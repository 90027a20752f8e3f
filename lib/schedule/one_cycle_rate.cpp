#include "schedule/descriptor.hpp"

namespace linnet {

namespace {

// The step at which the rate is the base rate; PyTorch's, no whole number.
float peak_of(const Schedule& schedule) {
  return multiply_add(schedule.shape, static_cast<float>(schedule.steps), -1.0f);
}

float rate(const Schedule& schedule, std::uint64_t step, float base) {
  const std::uint32_t end = schedule.steps - 1;
  const auto now = static_cast<std::uint32_t>(step < end ? step : end);
  const auto at = static_cast<float>(now);
  const float peak = peak_of(schedule);
  if (at <= peak) {
    return base * along_cosine(schedule.first, 1.0f, divide(at, peak), divide(peak - at, peak));
  }
  const float down = static_cast<float>(end) - peak;
  return base * along_cosine(1.0f, schedule.last, divide(at - peak, down), divide(static_cast<float>(end - now), down));
}

bool sound(const Schedule& schedule) {
  return schedule.shape > 0.0f && schedule.shape < 1.0f && schedule.steps >= 2 && peak_of(schedule) > 0.0f &&
         peak_of(schedule) < static_cast<float>(schedule.steps - 1) && is_share(schedule.first) &&
         is_share(schedule.last);
}

}  // namespace

constexpr ScheduleDescriptor descriptor::one_cycle_rate = {rate, sound};

}  // namespace linnet
