#include "schedule/descriptor.hpp"

namespace linnet {

namespace {

bool ascends(Span<const std::uint32_t> milestones) {
  for (std::size_t k = 1; k < milestones.size(); ++k) {
    if (milestones[k] < milestones[k - 1]) {
      return false;
    }
  }
  return true;
}

float rate(const Schedule& schedule, std::uint64_t step, float base) {
  std::size_t reached = 0;
  while (reached < schedule.milestones.size() && schedule.milestones[reached] <= step) {
    ++reached;
  }
  return base * power_of_gamma(schedule.log2_gamma, reached);
}

}  // namespace

constexpr ScheduleDescriptor descriptor::multi_step_rate = {
    rate, [](const Schedule& schedule) { return ascends(schedule.milestones) && is_gamma(schedule); }};

}  // namespace linnet
