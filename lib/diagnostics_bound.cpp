// Whether the trainer is still what bind() found. Memory was lent for its layers of that time: where it was bound anew,
// to a larger network say, or unbound, Diagnostics are no longer bound.
#include "inspection.hpp"

#include <cstdint>

#include "arithmetic/number.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

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

}  // namespace linnet
