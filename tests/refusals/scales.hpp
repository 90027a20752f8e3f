// Normalizers of a world, in order: they have seen its inputs and targets.
#pragma once

#include <vector>

#include <linnet/linnet.hpp>

#include "fuzz/lent.hpp"

namespace linnet_refusals {

struct Scales {
  linnet_fuzz::Lent<float> memory, other_memory, target_memory, rows;
  std::vector<double> state, written;

  // Arguments, which faults change.
  std::size_t columns;
  linnet::Scaling scaling = linnet::Scaling::standard;
  linnet::Span<float> lent = memory.span();
  linnet::Rows scaled;
  linnet::Span<double> state_lent{written.data(), written.size()};
  linnet::Span<const double> state_read{state.data(), state.size()};
  float tolerance = linnet::kFoldTolerance;

  // Objects.
  linnet::Normalizer inputs, other, targets, unbound;
  linnet::Normalizer* used = &inputs;
  linnet::Normalizer* used_targets = &targets;

  Scales(linnet::ConstRows x, linnet::ConstRows t)
      : memory(linnet::normalizer_floats(x.columns()), 1, 0),
        other_memory(linnet::normalizer_floats(x.columns()), 3, 0),
        target_memory(linnet::normalizer_floats(t.columns()), 1, 0),
        rows(x.count() * x.columns(), 1, 0x33),
        state(linnet::normalizer_state(x.columns())),
        written(linnet::normalizer_state(x.columns()), -1.0),
        columns(x.columns()),
        scaled(rows.data(), x.count(), x.columns()) {
    in_order = inputs.bind(columns, memory.span()) == linnet::Status::ok &&
               other.bind(columns, other_memory.span()) == linnet::Status::ok &&
               targets.bind(t.columns(), target_memory.span()) == linnet::Status::ok &&
               inputs.observe(x) == linnet::Status::ok && other.observe(x) == linnet::Status::ok &&
               targets.observe(t) == linnet::Status::ok &&
               inputs.save({state.data(), state.size()}) == linnet::Status::ok;
  }
  bool in_order;

  // The normalizer has seen `count` rows of this mean and these squares in each column.
  linnet::Status learn(double count, double mean, double squares) {
    std::vector<double> learned{0.0, 0.0, count};
    learned.insert(learned.end(), columns, mean);
    learned.insert(learned.end(), columns, squares);
    return inputs.restore(learned);
  }
};

}  // namespace linnet_refusals
