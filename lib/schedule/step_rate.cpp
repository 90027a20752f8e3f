#include "schedule/descriptor.hpp"

namespace linnet {

constexpr ScheduleDescriptor descriptor::step_rate = {
    [](const Schedule& schedule, std::uint64_t step, float base) {
      return base * power_of_gamma(schedule.log2_gamma, step / schedule.steps);
    },
    [](const Schedule& schedule) { return schedule.steps >= 1 && is_gamma(schedule); }};

}  // namespace linnet
