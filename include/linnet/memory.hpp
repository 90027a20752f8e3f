#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/status.hpp>
#include <linnet/topology.hpp>
#include <linnet/training.hpp>

/// @file
/// The layout: how many floats everything takes and where it lies. The same functions serve static_assert, array bounds
/// and bind(). Totals depend on nothing but their arguments and, for a trainer's stages, the size of a pointer. `frozen`
/// is the number of first layers whose parameters are kept apart, in memory that is only read.
namespace linnet {

/// Changes whenever something lies elsewhere: restore() refuses a state that was saved under another.
inline constexpr std::uint16_t kLayoutVersion = 2;

/// No total is larger: its bytes fit 32 bits.
inline constexpr std::size_t kMaxFloats = 0x3fffffff;

/// Where lent memory should begin, in bytes: `alignas(linnet::kAlignment)`. Any float's place will do and gives the same
/// bits; with the vectors of a desktop a cache line is faster, on processors with pointers of 32 bits nothing is gained.
inline constexpr std::size_t kAlignment = sizeof(void*) >= 8 ? 64 : alignof(float);

/// What a total is when it would be larger, or when there is no such layout. No array can have this size.
inline constexpr std::size_t kTooLarge = ~std::size_t{0};

/// Where everything lies. Programs need only the totals, frozen_floats() to predictor_floats().
namespace layout {

/// from + a b, one step of every total below; kTooLarge where it is larger, and from then on. sum() and product() call it
/// too: on a Cortex-M a function of their own would be as long.
[[gnu::noinline]] constexpr std::size_t beyond(std::size_t from, std::size_t a, std::size_t b) noexcept {
  if (from > kMaxFloats || a > kMaxFloats || b > kMaxFloats) {
    return kTooLarge;
  }
  const std::uint64_t end = from + std::uint64_t{a} * b;
  return end > kMaxFloats ? kTooLarge : static_cast<std::size_t>(end);
}
/// a + b
constexpr std::size_t sum(std::size_t a, std::size_t b) noexcept { return beyond(a, b, 1); }
/// a b
constexpr std::size_t product(std::size_t a, std::size_t b) noexcept { return beyond(0, a, b); }

/// Weights lie as (inputs, units), except that a layer with few units keeps (units, inputs): the contiguous side is
/// long.
constexpr bool stored_by_unit(std::size_t inputs, std::size_t units) noexcept { return units < 16 && units < inputs; }

/// Where a layer ends that begins at `from`: the weights, then the biases. Layers follow each other without a gap.
constexpr std::size_t layer_end(std::size_t from, std::size_t inputs, const Layer& layer) noexcept {
  return beyond(beyond(from, inputs, layer.units), layer.bias ? 1 : 0, layer.units);
}

/// Parameters of a layer.
constexpr std::size_t layer_floats(std::size_t inputs, const Layer& layer) noexcept {
  return layer_end(0, inputs, layer);
}

/// Whether there is such a network with so many frozen layers. What follows up to trainer_layout() asks for it.
constexpr bool exists(const TopologyView& t, std::size_t frozen) noexcept {
  return check(t) == Status::ok && frozen <= t.layer_count;
}

/// Parameters of the layers [first, last), or kTooLarge.
[[gnu::noinline]] constexpr std::size_t parameters(const TopologyView& t, std::size_t first,
                                                   std::size_t last) noexcept {
  std::size_t end = 0;
  for (std::size_t l = first; l < last; ++l) {
    end = layer_end(end, t.inputs_of(l), t.layers[l]);
  }
  return end;
}
/// Units of the layers [first, last), whose parameters are not too many to be counted.
constexpr std::size_t units(const TopologyView& t, std::size_t first, std::size_t last) noexcept {
  std::size_t end = 0;
  for (std::size_t l = first; l < last; ++l) {
    end += t.layers[l].units;
  }
  return end;
}
/// Units of the widest of the layers [first, last); 0 where there are none.
constexpr std::size_t widest(const TopologyView& t, std::size_t first, std::size_t last) noexcept {
  std::size_t most = 0;
  for (std::size_t l = first; l < last; ++l) {
    most = t.layers[l].units > most ? t.layers[l].units : most;
  }
  return most;
}

/// The memory of a Trainer, as offsets from its start in floats:
/// - frozen activations: (max_batch, widest frozen layer) x 0, 1 or 2: they take turns, the last one at the end
/// - trainable layers: per layer its unit gradients, then its activations, (max_batch, units) each: where units or
///   max_batch are a multiple of 16, all begin as far from a cache line as the memory does
/// - kept weight gradients: in the order of the trainable parameters, if they are kept
/// - optimizer state: state_slots runs, each in the order of the trainable parameters
/// - stages: per layer where all this lies, written by bind()
struct TrainerLayout {
  std::size_t layers;          ///< the trainable ones
  std::size_t kept_gradients;  ///< nothing lies there where they are not kept
  std::size_t state;           ///< also the floats of workspace, which end here
  std::size_t stages;          ///< also where the optimizer's state ends
  std::size_t total;           ///< floats of all; kTooLarge where max_batch is 0, too
};

/// A stage is four pointers or counts. They lie among floats, so where pointers are longer one float may be skipped.
inline constexpr std::size_t kStageBytes = 4 * sizeof(void*);
/// Where the stages of so many layers end that begin at `from`, in floats.
constexpr std::size_t stages_end(std::size_t from, std::size_t layer_count) noexcept {
  const std::size_t end = beyond(from, kStageBytes / sizeof(float), layer_count);
  return sizeof(void*) > sizeof(float) ? sum(end, 1) : end;
}
/// Floats of the stages of so many layers.
constexpr std::size_t stage_floats(std::size_t layer_count) noexcept { return stages_end(0, layer_count); }

/// Where the parts begin. `trainable` is the number of trainable parameters, which a bound network has counted.
constexpr TrainerLayout trainer_layout(const TopologyView& t, const TrainerConfig& config, std::size_t frozen,
                                       std::size_t trainable) noexcept {
  const std::size_t batch = config.max_batch;
  TrainerLayout result{0, 0, 0, 0, 0};
  result.layers = product((frozen < 2 ? frozen : 2) * batch, widest(t, 0, frozen));
  result.kept_gradients = beyond(result.layers, batch, 2 * units(t, frozen, t.layer_count));
  result.state = beyond(result.kept_gradients, config.gradients.keeps ? 1 : 0, trainable);
  result.stages = beyond(result.state, config.optimizer.state_slots, trainable);
  result.total = batch == 0 ? kTooLarge : stages_end(result.stages, t.layer_count);
  return result;
}
/// The same, which counts them itself.
constexpr TrainerLayout trainer_layout(const TopologyView& t, const TrainerConfig& config,
                                       std::size_t frozen) noexcept {
  return trainer_layout(t, config, frozen, parameters(t, frozen, t.layer_count));
}

}  // namespace layout

/// Floats of the parameters of the first `frozen` layers; kTooLarge where there are not that many.
constexpr std::size_t frozen_floats(const TopologyView& t, std::size_t frozen) noexcept {
  return layout::exists(t, frozen) ? layout::parameters(t, 0, frozen) : kTooLarge;
}
/// Floats of the parameters of the layers behind the first `frozen`; kTooLarge where there are not that many.
constexpr std::size_t trainable_floats(const TopologyView& t, std::size_t frozen) noexcept {
  return layout::exists(t, frozen) ? layout::parameters(t, frozen, t.layer_count) : kTooLarge;
}
/// Floats of the parameters of all layers.
constexpr std::size_t parameter_floats(const TopologyView& t) noexcept { return trainable_floats(t, 0); }

/// Floats of optimizer state: state_slots runs, each in the order of the trainable parameters. Keep it to go on later.
constexpr std::size_t state_floats(const TopologyView& t, const TrainerConfig& config,
                                   std::size_t frozen = 0) noexcept {
  return layout::product(config.optimizer.state_slots, trainable_floats(t, frozen));
}

/// Floats a Trainer borrows: the workspace, the optimizer state, the stages.
constexpr std::size_t trainer_floats(const TopologyView& t, const TrainerConfig& config,
                                     std::size_t frozen = 0) noexcept {
  return layout::exists(t, frozen) ? layout::trainer_layout(t, config, frozen).total : kTooLarge;
}

/// Floats of workspace, at the start of the memory: means nothing between steps (kept gradients: until apply or discard).
constexpr std::size_t workspace_floats(const TopologyView& t, const TrainerConfig& config,
                                       std::size_t frozen = 0) noexcept {
  return layout::exists(t, frozen) && config.max_batch != 0 ? layout::trainer_layout(t, config, frozen).state
                                                            : kTooLarge;
}

/// Floats a Predictor borrows: two rows of the widest layer.
constexpr std::size_t predictor_floats(const TopologyView& t) noexcept {
  return check(t) == Status::ok ? layout::product(2, layout::widest(t, 0, t.layer_count)) : kTooLarge;
}

}  // namespace linnet
