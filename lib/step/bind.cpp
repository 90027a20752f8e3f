#include <linnet/trainer.hpp>

#include <cstdint>
#include <new>
#include <type_traits>

#include "activation/descriptor.hpp"
#include "arithmetic/number.hpp"
#include "tables/tables.hpp"
#include "loss/descriptor.hpp"
#include "optimizer/descriptor.hpp"
#include "overlap.hpp"
#include "step/step.hpp"

namespace linnet {

namespace {

// In [0, most], which NaN is not. As integers: a Cortex-M compares floats in twice the code.
bool within(float x, float most) { return bits_of(x) <= bits_of(most) || is_zero(x); }

// Whether every field that the rule does not know is 0: it would do nothing.
bool nothing_idle(const Optimizer& optimizer) {
  static_assert(offsetof(Optimizer, max_step) == offsetof(Optimizer, momentum) + 9 * sizeof(float), "ten floats");
  const auto* field = reinterpret_cast<const unsigned char*>(&optimizer) + offsetof(Optimizer, momentum);
  for (std::uint32_t idle = optimizer.descriptor->idle; idle != 0; idle >>= 1u) {
    float value;
    __builtin_memcpy(&value, field, sizeof value);
    if ((idle & 1u) != 0 && !is_zero(value)) {
      return false;
    }
    field += sizeof value;
  }
  return true;
}

// Copies plain data word by word. (An assignment would call memcpy: 308 bytes that firmware may not have otherwise.)
template <class T>
void copy_words(T& to, const T& from) {
  static_assert(sizeof(T) % sizeof(std::uint32_t) == 0 && std::is_trivially_copyable<T>::value, "not words");
  auto* target = reinterpret_cast<unsigned char*>(&to);
  const auto* source = reinterpret_cast<const unsigned char*>(&from);
  for (std::size_t left = sizeof(T) / sizeof(std::uint32_t); left > 0; --left) {
    __builtin_memcpy(target, source, sizeof(std::uint32_t));
    target += sizeof(std::uint32_t);
    source += sizeof(std::uint32_t);
  }
}

// Behind `from`, where the first stage may lie.
// NOLINTNEXTLINE(readability-non-const-parameter): the stages are written there
Stage* stages_in(float* from) {
  const bool aligned = alignof(Stage) == alignof(float) || reinterpret_cast<std::uintptr_t>(from) % alignof(Stage) == 0;
  return new (aligned ? from : from + 1) Stage;
}

Status check(const Network& network, const TrainerConfig& config) {
  const TopologyView topology = network.topology();
  const Loss& loss = config.loss;
  if (loss.descriptor == nullptr || config.optimizer.descriptor == nullptr ||
      network.frozen_layers() >= topology.layer_count ||
      !loss.descriptor->goes_with(topology.layers[topology.layer_count - 1].activation.descriptor->id,
                                  topology.outputs()) ||
      config.gradients.keeps != (config.gradients.descriptor != nullptr) ||
      (config.clip_norm > 0.0f && !config.gradients.keeps) ||
      (!loss.descriptor->takes_weights && !(loss.class_weights.empty() && is_zero(loss.label_smoothing)))) {
    return Status::bad_config;
  }
  if (!loss.descriptor->sound(loss, topology.outputs()) || !sound(config.optimizer) ||
      !within(config.clip_norm, 1e30f) || !within(config.clip_value, 1e30f)) {
    return Status::bad_hyperparameter;
  }
  return config.max_batch == 0 ? Status::bad_batch : Status::ok;
}

// Frozen layers take turns from `memory` on, the last one before `next`, where the trainable layers begin.
void write_stages(const Network& network, std::size_t max_batch, float* memory, float* next, Stage* at) {
  const TopologyView topology = network.topology();
  const std::size_t frozen = network.frozen_layers();
  const float* weights = network.frozen().data();
  std::size_t inputs = topology.inputs;
  for (std::size_t l = 0; l < topology.layer_count; ++l, ++at) {
    const Layer& layer = topology.layers[l];
    const std::size_t floats = max_batch * layer.units;
    if (l == frozen) {
      weights = network.trainable().data();
    }
    if (l < frozen) {
      float* turn = (frozen - l) % 2 == 0 ? memory : next - floats;
      *at = {&layer, weights, turn, turn};
    } else {
      *at = {&layer, weights, next, next + floats};
      next += 2 * floats;
    }
    weights += (inputs + (layer.bias ? 1 : 0)) * layer.units;
    inputs = layer.units;
  }
}

}  // namespace

bool sound(const Optimizer& optimizer) noexcept {
  return nothing_idle(optimizer) && within(optimizer.learning_rate, 1e6f) && within(optimizer.weight_decay, 1e6f) &&
         optimizer.state_slots == optimizer.descriptor->slots && optimizer.descriptor->sound(optimizer);
}

// a copy of views, before the other lets go: NOLINTNEXTLINE(performance-move-constructor-init)
Trainer::Trainer(Trainer&& other) noexcept : Trainer(static_cast<const Trainer&>(other)) { other.unbind(); }

Trainer& Trainer::operator=(Trainer&& other) noexcept {
  if (this != &other) {
    *this = static_cast<const Trainer&>(other);
    other.unbind();
  }
  return *this;
}

void Trainer::unbind() noexcept {
  const Trainer unbound;
  *this = unbound;
}

Status Trainer::bind(const Network& network, const TrainerConfig& config, const Span<float>& memory,
                     const KernelTable& kernels) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (const Status status = check(network, config); status != Status::ok) {
    return status;
  }
  const layout::TrainerLayout where =
      layout::trainer_layout(network.topology(), config, network.frozen_layers(), network.trainable().size());
  if (const Status status = check_memory(memory.data(), memory.size(), where.total, network); status != Status::ok) {
    return status;
  }
  copy_words(data_.network, network);
  copy_words(data_.config, config);
  data_.config.optimizer.learning_rate += 0.0f;  // -0 is 0
  data_.kernels = &kernels;
  data_.memory = memory.data();
  data_.steps = 0;
  data_.corrections[0] = 0.0f;
  data_.corrections[1] = 0.0f;
  data_.loss = 0.0f;
  data_.gradients_seen = false;
  data_.accumulating = false;
  data_.forwarded = nullptr;
  data_.state = data_.memory + where.state;
  Stage* const stages = stages_in(data_.memory + where.stages);
  data_.stages = stages;
  write_stages(data_.network, config.max_batch, data_.memory, data_.memory + where.layers, stages);
  if (const StateFunctions* state = config.optimizer.descriptor->state; state != nullptr) {
    state->start(data_);
  }
  return Status::ok;
}

Status Trainer::set_learning_rate(float learning_rate) noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  Optimizer changed = data_.config.optimizer;
  changed.learning_rate = learning_rate + 0.0f;
  if (!sound(changed)) {
    return Status::bad_hyperparameter;
  }
  data_.config.optimizer = changed;
  return Status::ok;
}

}  // namespace linnet
