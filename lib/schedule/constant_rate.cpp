#include "schedule/descriptor.hpp"

namespace linnet {

constexpr ScheduleDescriptor descriptor::constant_rate = {
    [](const Schedule& schedule, std::uint64_t step, float base) {
      return step < schedule.steps ? base * schedule.first : base;
    },
    [](const Schedule& schedule) { return is_share(schedule.first); }};

}  // namespace linnet
