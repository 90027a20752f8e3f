// What can be wrong with normalizers and what they are put into.
#pragma once

#include <limits>

#include "refusals/fault.hpp"

namespace linnet_refusals {

inline const std::vector<Fault>& scale_faults() {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  static const std::vector<Fault> all = {
      {"no normalizer is bound", Status::not_bound,
       [](World& at) { at.scales.used = at.scales.used_targets = &at.scales.unbound; }},
      {"a normalizer that has seen no row", Status::nothing_observed,
       [](World& at) {
         at.say(at.scales.inputs.bind(kInputs, at.scales.memory.span()));
         at.say(at.scales.targets.bind(kOutputs, at.scales.target_memory.span()));
       }},
      {"no memory for a normalizer", Status::null_memory,
       [](World& at) {
         at.scales.lent = {nullptr, 1000};
       }},
      {"no scaled rows", Status::null_memory,
       [](World& at) {
         at.scales.scaled = {nullptr, kRows, kInputs};
       }},
      {"no room for a state", Status::null_memory,
       [](World& at) {
         at.scales.state_lent = {nullptr, 1000};
       }},
      {"no state to restore", Status::null_memory,
       [](World& at) {
         at.scales.state_read = {nullptr, 9};
       }},
      {"a float of a normalizer too few", Status::too_little_memory,
       [](World& at) {
         at.scales.lent = {at.scales.memory.data(), at.scales.memory.size() - 1};
       }},
      {"a number of a state too few", Status::too_little_memory,
       [](World& at) {
         at.scales.state_lent = {at.scales.written.data(), at.scales.written.size() - 1};
       }},
      {"a state of another length", Status::bad_state,
       [](World& at) {
         at.scales.state_read = {at.scales.state.data(), at.scales.state.size() - 1};
       }},
      {"a state of minus one row", Status::bad_state, [](World& at) { at.scales.state[2] = -1.0; }},
      {"columns that cannot be counted", Status::too_large,
       [](World& at) { at.scales.columns = std::size_t{1} << 29; }},
      {"no columns", Status::bad_columns, [](World& at) { at.scales.columns = 0; }},
      {"a scaling that does not exist", Status::bad_setting,
       [](World& at) { at.scales.scaling = static_cast<linnet::Scaling>(7); }},
      {"inputs in the memory of the normalizer", Status::overlapping_memory,
       [](World& at) {
         at.inputs = {at.scales.memory.data(), kRows, kInputs};
       },
       "Normalizer::observe"},
      {"rows to be written in the memory of the normalizer", Status::overlapping_memory,
       [](World& at) {
         at.scales.scaled = {at.scales.memory.data(), kRows, kInputs};
         at.inputs = {at.scales.memory.data() + 1, kRows, kInputs};
       },
       "Normalizer::apply"},
      {"rows to be taken back in the memory of the normalizer", Status::overlapping_memory,
       [](World& at) {
         at.scales.scaled = {at.scales.memory.data(), kRows, kInputs};
         at.inputs = {at.scales.memory.data() + 1, kRows, kInputs};
       },
       "Normalizer::undo"},
      {"scaled rows one float behind the inputs", Status::overlapping_memory,
       [](World& at) {
         at.scales.scaled = {at.x.data() + 1, kRows, kInputs};
       }},
      {"two normalizers in one memory", Status::overlapping_memory,
       [](World& at) { at.say(at.scales.other.bind(kInputs, at.scales.memory.span())); }, "Normalizer::merge"},
      {"a state in the memory of the normalizer", Status::overlapping_memory,
       [](World& at) {
         auto* place = reinterpret_cast<double*>(at.scales.memory.data() + 1);
         at.scales.state_lent = {place, 9};
         at.scales.state_read = {place, 9};
       }},
      {"normalizers in the memory of the network", Status::overlapping_memory,
       [](World& at) {
         const linnet::Span<float> last(at.all.data() + at.all.size() - 21, 21);
         at.say(at.scales.inputs.bind(kInputs, last));
         at.say(at.scales.inputs.observe(at.inputs));
         at.say(at.scales.targets.bind(kOutputs, last));
         at.say(at.scales.targets.observe(at.targets));
       },
       "fold"},
      {"scaled rows for a row too few", Status::bad_batch,
       [](World& at) {
         at.scales.scaled = {at.scales.rows.data(), kRows - 1, kInputs};
       }},
      {"scaled rows of another width", Status::bad_columns,
       [](World& at) {
         at.scales.scaled = {at.scales.rows.data(), kRows, 2};
       }},
      {"normalizers of another width", Status::bad_columns,
       [](World& at) {
         at.say(at.scales.other.bind(2, at.scales.other_memory.span()));
         at.say(at.scales.other.observe(at.targets));
         at.scales.used_targets = at.scales.used;
         at.scales.used = &at.scales.targets;
       },
       "fold"},
      {"another normalizer of another width", Status::bad_columns,
       [](World& at) { at.say(at.scales.other.bind(2, at.scales.other_memory.span())); }, "Normalizer::merge"},
      {"another normalizer of another scaling", Status::bad_setting,
       [](World& at) {
         at.say(at.scales.other.bind(kInputs, at.scales.other_memory.span(), linnet::Scaling::min_max));
       },
       "Normalizer::merge"},
      {"as many rows as can be counted", Status::bad_batch,
       [](World& at) { at.say(at.scales.learn(static_cast<double>(linnet::kMostRows), 0.0, 1e16)); }},
      {"deviations close to no float", Status::diverged, [](World& at) { at.say(at.scales.learn(2.0, 0.0, 2e-78)); },
       "Normalizer::apply"},
      {"means close to the largest float", Status::diverged,
       [](World& at) { at.say(at.scales.learn(2.0, 3e38, 1.8e77)); }, "Normalizer::undo"},

      {"a tolerance above 1", Status::bad_setting, [](World& at) { at.scales.tolerance = 1.5f; }},
      {"a tolerance of nothing", Status::lost_precision, [](World& at) { at.scales.tolerance = 0.0f; }},
      {"layers that are all frozen", Status::bad_layer,
       [](World& at) { at.say(at.whole.bind(kCapacity, at.all.span(), {}, 3)); }, "fold"},
      {"a last layer of tanh", Status::bad_activation,
       [](World& at) {
         at.layers[2].activation = linnet::activation::tanh;
         at.say(at.whole.bind(at.topology, at.all.span()));
       },
       "fold_targets"},
      {"a parameter that is NaN", Status::bad_parameter,
       [](World& at) {
         at.all.data()[0] = kNaN;
         at.all.data()[at.all.size() - 1] = kNaN;
       },
       "fold"},
      {"a network to fold into that is not bound", Status::not_bound, [](World& at) { at.whole = linnet::Network(); },
       "fold"}};
  return all;
}

}  // namespace linnet_refusals
