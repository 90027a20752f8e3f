// Two reservoirs of a world, one with targets and one with labels, and what they are called with.
#pragma once

#include <linnet/linnet.hpp>

#include "fuzz/lent.hpp"

namespace linnet_refusals {

struct Reservoirs {
  static constexpr std::size_t kCapacity = 3, kColumns = 2, kDrawn = 4;
  template <class T>
  using Lent = linnet_fuzz::Lent<T>;

  // Lent.
  Lent<float> inputs{kCapacity * kColumns, 1, 0x33}, other_inputs{kCapacity * kColumns, 1, 0x33};
  Lent<float> targets{kCapacity, 1, 0x33};
  Lent<std::uint16_t> labels{kCapacity, 1, 0x33};
  Lent<std::uint32_t> counts{linnet::replay_counts(2), 1, 0x33}, other_counts{linnet::replay_counts(2), 1, 0x33};
  Lent<float> x{kColumns, 1, 0x11}, t{1, 1, 0x11};  // small numbers
  Lent<float> drawn{kDrawn * kColumns, 1, 0x33}, drawn_targets{kDrawn, 1, 0x33};
  Lent<std::uint16_t> drawn_labels{kDrawn, 1, 0x33};

  // Arguments, which faults change.
  linnet::ReplayInputs to_inputs = linnet::replay::floats({inputs.data(), kCapacity, kColumns});
  linnet::ReplayInputs to_other_inputs = linnet::replay::floats({other_inputs.data(), kCapacity, kColumns});
  linnet::ReplayChoice choice = linnet::replay::balanced(2);
  linnet::Rows to_targets{targets.data(), kCapacity, 1};
  linnet::Span<std::uint16_t> to_labels = labels.span();
  linnet::Span<std::uint32_t> to_counts = counts.span(), to_other_counts = other_counts.span();
  linnet::Span<const float> sample = x.span(), goal = t.span();
  std::uint16_t label = 1;
  linnet::Rows draw_inputs{drawn.data(), kDrawn, kColumns}, draw_targets{drawn_targets.data(), kDrawn, 1};
  linnet::Span<std::uint16_t> draw_labels = drawn_labels.span();

  // Objects.
  linnet::Replay of_targets, of_labels;

  // Binds both and fills them, so that another sample has to be drawn.
  linnet::Status start(linnet::Pcg32 random) {
    linnet::Status status = of_targets.bind(to_inputs, to_targets, to_counts);
    if (status == linnet::Status::ok) status = of_labels.bind(to_other_inputs, to_labels, to_other_counts, choice);
    for (std::size_t k = 0; k <= kCapacity && status == linnet::Status::ok; ++k) {
      status = of_targets.add(sample, goal, random);
      if (status == linnet::Status::ok) status = of_labels.add(sample, k % 2 == 0 ? label : 0, random);
    }
    return status;
  }
};

}  // namespace linnet_refusals
