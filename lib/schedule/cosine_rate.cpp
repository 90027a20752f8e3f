#include "schedule/descriptor.hpp"

namespace linnet {

constexpr ScheduleDescriptor descriptor::cosine_rate = {
    [](const Schedule& schedule, std::uint64_t step, float base) {
      const std::uint32_t steps = schedule.steps;
      const bool down = step / steps % 2 == 0;  // then up again
      const auto along = static_cast<std::uint32_t>(step % steps);
      const std::uint32_t done = down ? along : steps - along;
      return along_cosine(base, schedule.lowest, ratio(done, steps), ratio(steps - done, steps));
    },
    [](const Schedule& schedule) { return schedule.steps >= 1 && is_lowest(schedule.lowest); }};

}  // namespace linnet
