#include "schedule/descriptor.hpp"

namespace linnet {

constexpr ScheduleDescriptor descriptor::linear_rate = {
    [](const Schedule& schedule, std::uint64_t step, float base) {
      const auto done = static_cast<std::uint32_t>(step < schedule.steps ? step : schedule.steps);
      return base * along_line(schedule.first, schedule.last, done, schedule.steps);
    },
    [](const Schedule& schedule) {
      return schedule.steps >= 1 && is_share(schedule.first) && is_share(schedule.last);
    }};

}  // namespace linnet
