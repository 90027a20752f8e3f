// Binding, and whether the trainer is still what bind() found. Memory was lent for the layers of that time: where it was
// bound anew, to a larger network say, or unbound, Diagnostics are no longer bound.
#include "inspection.hpp"

#include <cstdint>

#include "arithmetic/number.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

bool sound(Range range) { return range.low < range.high && is_finite(range.high - range.low); }

bool sound(const DiagnosticsSettings& settings) {
  return settings.saturation > 0.0f && settings.saturation < 1.0f && sound(settings.activation_range) &&
         sound(settings.input_gradient_range) && sound(settings.weight_gradient_range);
}

Span<const float> floats_of(Span<LayerDiagnostics> layers) {
  static_assert(sizeof(LayerDiagnostics) % sizeof(float) == 0, "an array of it is as long as so many floats");
  return {reinterpret_cast<const float*>(layers.data()), layers.size() * (sizeof(LayerDiagnostics) / sizeof(float))};
}

class Fingerprint {
 public:
  void add(std::uint64_t word) { hash_ = (hash_ ^ word) * 1099511628211u; }  // FNV-1a, by words
  void add(float value) { add(std::uint64_t{bits_of(value)}); }
  void add(const void* place) { add(std::uint64_t{reinterpret_cast<std::uintptr_t>(place)}); }
  void add(const Layer& layer) {
    add(std::uint64_t{layer.units});
    add(std::uint64_t{layer.bias ? 1U : 0U});
    add(layer.activation.descriptor);
    add(layer.activation.parameter);
  }
  // All that says how much memory a trainer takes and what its loss is; not the rate, which may change.
  void add(const TrainerConfig& config) {
    add(config.loss.descriptor);
    add(config.loss.delta);
    add(config.loss.label_smoothing);
    add(config.loss.class_weights.data());
    add(std::uint64_t{config.max_batch});
    add(std::uint64_t{config.optimizer.state_slots});
    add(std::uint64_t{config.gradients.keeps ? 1U : 0U});
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 14695981039346656037u;
};

}  // namespace

// Layers may have changed in their place between two bind(): their numbers count, not only their address.
std::uint64_t fingerprint(const Trainer& trainer) noexcept {
  const Network& network = trainer.network();
  const TopologyView topology = network.topology();
  Fingerprint print;
  print.add(trainer.inside().memory);
  print.add(trainer.config());
  print.add(network.trainable().data());
  print.add(network.frozen().data());
  print.add(std::uint64_t{network.frozen_layers()});
  print.add(std::uint64_t{topology.inputs});
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    print.add(topology.layers[l]);
  }
  return print.value();
}

// The sizes are compared too, so that no memory hangs on a hash.
bool DiagnosticsData::bound() const noexcept {
  if (trainer == nullptr || !trainer->bound()) {
    return false;
  }
  const Network& network = trainer->network();
  return layers.size() == network.topology().layer_count &&
         memory.size() == diagnostics_floats(network.topology(), network.frozen_layers()) &&
         bound_to == fingerprint(*trainer);
}

Span<const LayerDiagnostics> Diagnostics::layers() const noexcept {
  return data_.bound() ? Span<const LayerDiagnostics>(data_.layers) : Span<const LayerDiagnostics>();
}

bool is_used_by(const Trainer& trainer, Span<const float> memory) noexcept {
  const Network& network = trainer.network();
  const std::size_t floats = trainer_floats(network.topology(), trainer.config(), network.frozen_layers());
  return shares_memory(memory.data(), memory.size(), network) || overlap(memory, {trainer.inside().memory, floats}) ||
         overlap(memory, trainer.config().loss.class_weights);
}

Status Diagnostics::bind(Trainer& trainer, Span<LayerDiagnostics> layers, Span<float> memory,
                         const DiagnosticsSettings& settings) noexcept {
  if (!trainer.bound()) {
    return Status::not_bound;
  }
  if (!sound(settings)) {
    return Status::bad_setting;
  }
  const Network& network = trainer.network();
  const std::size_t needed = diagnostics_floats(network.topology(), network.frozen_layers());
  if (layers.data() == nullptr || memory.data() == nullptr) {
    return Status::null_memory;
  }
  if (layers.size() < network.topology().layer_count || memory.size() < needed) {
    return Status::too_little_memory;
  }
  const Span<LayerDiagnostics> seen(layers.data(), network.topology().layer_count);
  const Span<const float> own(memory.data(), needed);
  if (is_used_by(trainer, own) || is_used_by(trainer, floats_of(seen)) || overlap(own, floats_of(seen))) {
    return Status::overlapping_memory;
  }
  data_.trainer = &trainer;
  data_.bound_to = fingerprint(trainer);
  data_.layers = seen;
  data_.memory = {memory.data(), needed};
  data_.settings = settings;
  for (LayerDiagnostics& layer : data_.layers) {
    layer = {};
  }
  data_.steps = 0;
  data_.rows_in_epoch = 0;
  data_.rows_before = 0;
  data_.before = {};
  begin_epoch();
  return Status::ok;
}

}  // namespace linnet
