#include "schedule/descriptor.hpp"

namespace linnet {

constexpr ScheduleDescriptor descriptor::exponential_rate = {
    [](const Schedule& schedule, std::uint64_t step, float base) {
      return base * power_of_gamma(schedule.log2_gamma, step);
    },
    is_gamma};

}  // namespace linnet
