#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/status.hpp>
#include <linnet/topology.hpp>
#include <linnet/training.hpp>

/// The layout: how many floats everything takes and where it lies. The same functions serve static_assert, array bounds
/// and bind(). Totals depend on nothing but their arguments. `frozen` is the number of first layers whose parameters
/// are kept apart, in memory that is only read.
namespace linnet {

inline constexpr std::uint16_t kLayoutVersion = 1;

/// No total is larger: its bytes fit 32 bits.
inline constexpr std::size_t kMostFloats = 0x3fffffff;

/// What a total is when it would be larger, or when there is no such layout. No array can have this size.
inline constexpr std::size_t kTooLarge = ~std::size_t{0};

namespace layout {

constexpr std::size_t sum(std::size_t a, std::size_t b) noexcept {
  return a > kMostFloats || b > kMostFloats || a + b > kMostFloats ? kTooLarge : a + b;
}
constexpr std::size_t product(std::size_t a, std::size_t b) noexcept {
  return a > kMostFloats || b > kMostFloats || (b != 0 && a > kMostFloats / b) ? kTooLarge : a * b;
}

/// Weights lie as (inputs, units), except that a layer with few units keeps (units, inputs): the contiguous side is
/// long.
constexpr bool stored_by_unit(std::size_t inputs, std::size_t units) noexcept { return units < 16 && units < inputs; }

constexpr std::size_t weight_floats(const Topology& t, std::size_t l) noexcept {
  return product(t.inputs_of(l), t.layers[l].units);
}
constexpr std::size_t bias_floats(const Topology& t, std::size_t l) noexcept {
  return t.layers[l].bias ? t.layers[l].units : 0;
}
/// Parameters of the layers [first, last): per layer the weights, then the biases. Nothing between.
constexpr std::size_t layers_floats(const Topology& t, std::size_t first, std::size_t last) noexcept {
  std::size_t total = 0;
  for (std::size_t l = first; l < last; ++l) {
    total = sum(total, sum(weight_floats(t, l), bias_floats(t, l)));
  }
  return total;
}

/// Units of the layers [first, last).
constexpr std::size_t units(const Topology& t, std::size_t first, std::size_t last) noexcept {
  std::size_t total = 0;
  for (std::size_t l = first; l < last; ++l) {
    total = sum(total, t.layers[l].units);
  }
  return total;
}
constexpr std::size_t widest(const Topology& t, std::size_t first, std::size_t last) noexcept {
  std::size_t most = 0;
  for (std::size_t l = first; l < last; ++l) {
    most = t.layers[l].units > most ? t.layers[l].units : most;
  }
  return most;
}

/// Frozen layers hand their activations on through at most two rows of `widest` floats per sample, in turn.
constexpr std::size_t frozen_width(const Topology& t, std::size_t frozen) noexcept {
  return product(frozen < 2 ? frozen : 2, widest(t, 0, frozen));
}

// Offsets into the workspace, in floats:
//   frozen activations     (max_batch, widest) x 0, 1 or 2
//   activations            (max_batch, units) per trainable layer
//   unit gradients         (max_batch, units) per trainable layer
//   kept weight gradients  in parameter order, if they are kept

constexpr std::size_t activations_offset(const Topology& t, std::size_t max_batch, std::size_t frozen,
                                         std::size_t l) noexcept {
  return l < frozen ? product(max_batch, (l % 2) * widest(t, 0, frozen))
                    : product(max_batch, sum(frozen_width(t, frozen), units(t, frozen, l)));
}
constexpr std::size_t unit_gradients_offset(const Topology& t, std::size_t max_batch, std::size_t frozen,
                                            std::size_t l) noexcept {
  return product(max_batch, sum(sum(frozen_width(t, frozen), units(t, frozen, t.layer_count)), units(t, frozen, l)));
}
constexpr std::size_t kept_gradients_offset(const Topology& t, std::size_t max_batch, std::size_t frozen) noexcept {
  return unit_gradients_offset(t, max_batch, frozen, t.layer_count);
}

}  // namespace layout

/// Floats of the parameters of a topology, all of them, those of the first `frozen` layers, and the rest.
constexpr std::size_t parameter_floats(const Topology& t) noexcept {
  return valid(t) ? layout::layers_floats(t, 0, t.layer_count) : kTooLarge;
}
constexpr std::size_t frozen_floats(const Topology& t, std::size_t frozen) noexcept {
  return valid(t) && frozen <= t.layer_count ? layout::layers_floats(t, 0, frozen) : kTooLarge;
}
constexpr std::size_t trainable_floats(const Topology& t, std::size_t frozen) noexcept {
  return valid(t) && frozen <= t.layer_count ? layout::layers_floats(t, frozen, t.layer_count) : kTooLarge;
}

/// Floats of optimizer state: state_slots runs, each in the order of the trainable parameters. Keep it to go on later.
constexpr std::size_t state_floats(const Topology& t, const Training& training, std::size_t frozen = 0) noexcept {
  return layout::product(training.optimizer.state_slots, trainable_floats(t, frozen));
}

/// Floats of workspace: means nothing between steps (kept gradients: until apply or discard).
constexpr std::size_t workspace_floats(const Topology& t, const Training& training, std::size_t frozen = 0) noexcept {
  const std::size_t trainable = trainable_floats(t, frozen);
  if (trainable == kTooLarge || training.max_batch == 0) {
    return kTooLarge;
  }
  return layout::sum(layout::kept_gradients_offset(t, training.max_batch, frozen),
                     training.keeps_gradients() ? trainable : 0);
}

/// Floats a Trainer borrows: the optimizer state, then the workspace.
constexpr std::size_t trainer_floats(const Topology& t, const Training& training, std::size_t frozen = 0) noexcept {
  return layout::sum(state_floats(t, training, frozen), workspace_floats(t, training, frozen));
}

/// Floats a Predictor borrows: two rows of the widest layer.
constexpr std::size_t predictor_floats(const Topology& t) noexcept {
  return valid(t) ? layout::product(2, layout::widest(t, 0, t.layer_count)) : kTooLarge;
}

}  // namespace linnet
