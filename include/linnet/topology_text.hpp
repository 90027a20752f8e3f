#pragma once

#include <cstddef>

#include <linnet/status.hpp>
#include <linnet/topology.hpp>
#include <linnet/view.hpp>

/// @file
/// Topologies as text, as tools print and take them and files keep them:
/// `4 16:tanh 16:leaky_relu(0.01),nobias 3:identity` is 4 inputs, then layers of so many units with an activation by
/// its name in namespace activation; in parentheses the slope of leaky_relu or the alpha of elu; `,nobias` where a layer has no bias. One space between
/// them, none elsewhere. Numbers are decimal; a parameter is printed as the shortest one that reads back to the same
/// bits, and read rounded to the nearest float. Programs that only print do not link the activations.
namespace linnet {

/// Room for any topology's text and the zero behind it.
inline constexpr std::size_t kTopologyText = 740;

/// Prints a topology into `to`, with a zero behind it; `length` counts the characters before the zero.
/// Returns ok, null_memory, too_little_memory, bad_topology (no network, or no activation), too_large (more than
/// kMaxFloats inputs or units) or bad_activation (its parameter is not finite). What is refused leaves `to` as it is.
Status print(const TopologyView& topology, Span<char> to, std::size_t& length) noexcept;

/// Reads a topology from `text`, which ends with its last character or before its first zero. Links every activation.
/// Returns ok, null_memory, bad_text (not in the grammar), bad_topology (no units, too many layers, softmax before the
/// last layer or of one unit), bad_activation (no activation has this name; a parameter out of its range, or where
/// there is none) or too_large (more than kMaxFloats inputs or units). What is refused leaves `topology` as it is, and
/// `position` counts the characters before the word or number that is to blame.
Status parse(Span<const char> text, Topology& topology, std::size_t& position) noexcept;

}  // namespace linnet
