#include "schedule/descriptor.hpp"

namespace linnet {

float Schedule::operator()(std::uint64_t step, float base) const noexcept {
  if (check(*this) != Status::ok) {
    return float_of(0x7fc00000u);
  }
  const float rate = step < warm_steps
                         ? base * along_line(warm_first, 1.0f, static_cast<std::uint32_t>(step), warm_steps)
                         : descriptor->rate(*this, step - warm_steps, base);
  return zero_if_subnormal(magnitude(rate), rate);
}

Status check(const Schedule& schedule) noexcept {
  if (schedule.milestones.data() == nullptr && !schedule.milestones.empty()) {
    return Status::null_memory;
  }
  const bool sound =
      schedule.descriptor != nullptr && is_share(schedule.warm_first) && schedule.descriptor->sound(schedule);
  return sound ? Status::ok : Status::bad_setting;
}

}  // namespace linnet
