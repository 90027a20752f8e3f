// What can be wrong with schedules and plateaus.
#pragma once

#include <limits>

#include "refusals/fault.hpp"

namespace linnet_refusals {

inline const std::vector<Fault>& data_faults() {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  static const std::vector<Fault> all = {
      {"no milestones", Status::null_memory,
       [](World& at) {
         at.schedule.milestones = {nullptr, 2};
       }},
      {"milestones that descend", Status::bad_setting, [](World& at) { at.milestones[1] = 1; }},
      {"a gamma that is NaN", Status::bad_setting,
       [](World& at) { at.schedule = linnet::schedule::step(3, static_cast<double>(kNaN)); }},
      {"a warm-up from NaN", Status::bad_setting, [](World& at) { at.schedule.warm_first = kNaN; }},
      {"a schedule that is none", Status::bad_setting, [](World& at) { at.schedule.descriptor = nullptr; }},
      {"a factor that does not reduce", Status::bad_setting, [](World& at) { at.plateau.factor = 1.0f; }},
      {"a value that is NaN", Status::bad_input, [](World& at) { at.observed = kNaN; }},
      {"a best value that is NaN", Status::bad_state, [](World& at) { at.plateau_state.best = kNaN; }},
  };
  return all;
}

}  // namespace linnet_refusals
