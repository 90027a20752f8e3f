// What the parts of Diagnostics ask of each other.
#pragma once

#include <linnet/diagnostics.hpp>

#include "step/step.hpp"

namespace linnet {

// Of all that says how much memory a bound trainer takes and what its loss is.
std::uint64_t fingerprint(const Trainer& trainer) noexcept;
bool is_used_by(const Trainer& trainer, Span<const float> memory) noexcept;

// What a step sees of inputs and targets, and, once it is made, what the mean of the targets would have cost.
std::size_t rows_that_count(const Step& step, const Batch& batch) noexcept;
void look_at_data(DiagnosticsData& data, const Step& step, const Batch& batch) noexcept;
void compare_with_mean(DiagnosticsData& data, const Step& step, const Batch& batch) noexcept;

// A step and what it saw, of whatever comes with the inputs.
Status learn(DiagnosticsData& data, const Batch& batch) noexcept;

// What the epoch's data say of layer l; whether the network is stuck.
Verdict judge_data(const DiagnosticsData& data, std::size_t l, const Thresholds& thresholds) noexcept;
bool is_stuck(const DiagnosticsData& data, const Thresholds& thresholds) noexcept;

}  // namespace linnet
