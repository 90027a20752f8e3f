// What can be wrong with schedules, plateaus and reservoirs.
#pragma once

#include <limits>
#include <utility>

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

      {"no memory for kept inputs", Status::null_memory,
       [](World& at) { at.replay.to_inputs.data = at.replay.to_other_inputs.data = nullptr; }},
      {"no sample", Status::null_memory,
       [](World& at) {
         at.replay.sample = {nullptr, 2};
       }},
      {"no goal of a sample", Status::null_memory,
       [](World& at) {
         at.replay.goal = {nullptr, 1};
       }},
      {"no rows to draw into", Status::null_memory,
       [](World& at) {
         at.replay.draw_inputs = {nullptr, 4, 2};
       }},
      {"no kept inputs of a sample", Status::bad_columns,
       [](World& at) { at.replay.to_inputs.columns = at.replay.to_other_inputs.columns = 0; }},
      {"a sample of one input", Status::bad_columns,
       [](World& at) {
         at.replay.sample = {at.replay.x.data(), 1};
       }},
      {"a sample without a goal", Status::bad_columns,
       [](World& at) {
         at.replay.goal = {at.replay.t.data(), 0};
       }},
      {"rows of one input to draw into", Status::bad_columns,
       [](World& at) {
         at.replay.draw_inputs = {at.replay.drawn.data(), 4, 1};
       }},
      {"fewer kept inputs than goals", Status::bad_batch,
       [](World& at) { at.replay.to_inputs.capacity = at.replay.to_other_inputs.capacity = 2; }},
      {"no room for a sample", Status::bad_batch,
       [](World& at) {
         at.replay.to_inputs.capacity = at.replay.to_other_inputs.capacity = 0;
         at.replay.to_targets = {at.replay.targets.data(), 0, 1};
         at.replay.to_labels = {at.replay.labels.data(), 0};
       }},
      {"fewer goals to draw than inputs", Status::bad_batch,
       [](World& at) {
         at.replay.draw_targets = {at.replay.drawn_targets.data(), 3, 1};
         at.replay.draw_labels = {at.replay.drawn_labels.data(), 3};
       }},
      {"nothing to draw from", Status::bad_batch,
       [](World& at) {
         at.replay.of_targets.clear();
         at.replay.of_labels.clear();
       }},
      {"more samples than can be counted", Status::too_large,
       [](World& at) {
         const std::size_t many = std::size_t{1} << 29u;
         at.replay.to_inputs.capacity = at.replay.to_other_inputs.capacity = many;
         at.replay.to_targets = {at.replay.targets.data(), many, 1};
         at.replay.to_labels = {at.replay.labels.data(), many};
       }},
      {"no counts", Status::too_little_memory,
       [](World& at) {
         at.replay.to_counts = {at.replay.counts.data(), 0};
         at.replay.to_other_counts = {at.replay.other_counts.data(), linnet::replay_counts(2) - 1};
       }},
      {"a scale that is 0", Status::bad_setting,
       [](World& at) { at.replay.to_inputs.scale = at.replay.to_other_inputs.scale = 0.0f; }},
      {"an offset that is NaN", Status::bad_setting,
       [](World& at) { at.replay.to_inputs.offset = at.replay.to_other_inputs.offset = kNaN; }},
      {"balanced by no class", Status::bad_setting, [](World& at) { at.replay.choice.classes = 0; }},
      {"counts over kept inputs", Status::overlapping_memory,
       [](World& at) {
         at.replay.to_counts = {reinterpret_cast<std::uint32_t*>(at.replay.inputs.data() + 1), 1};
         at.replay.to_other_inputs.data = at.replay.other_counts.data() + 2;
       }},
      {"a sample that is kept", Status::overlapping_memory,
       [](World& at) { at.replay.sample = at.replay.inputs.part(2); }},
      {"a sample that is kept with its label", Status::overlapping_memory,
       [](World& at) { at.replay.sample = at.replay.other_inputs.part(2); }},
      {"a goal that is kept", Status::overlapping_memory,
       [](World& at) { at.replay.goal = at.replay.targets.part(1); }},
      {"kept inputs to draw into", Status::overlapping_memory,
       [](World& at) {
         at.replay.draw_inputs = {at.replay.inputs.data(), 3, 2};
         at.replay.draw_targets = {at.replay.drawn_targets.data(), 3, 1};
       },
       "Replay::draw(Rows, Rows"},
      {"kept labels to draw into", Status::overlapping_memory,
       [](World& at) {
         at.replay.draw_inputs = {at.replay.drawn.data(), 3, 2};
         at.replay.draw_labels = at.replay.labels.span();
       },
       "Replay::draw(Rows, Span"},
      {"labels where targets are kept, and targets where labels are", Status::bad_config,
       [](World& at) { std::swap(at.replay.of_targets, at.replay.of_labels); }},
      {"a label that is no class", Status::bad_label, [](World& at) { at.replay.label = 2; }},
      {"a sample that is NaN", Status::bad_input, [](World& at) { at.replay.x.data()[1] = kNaN; }},
      {"a goal that is NaN", Status::bad_target, [](World& at) { at.replay.t.data()[0] = kNaN; }},
  };
  return all;
}

}  // namespace linnet_refusals
