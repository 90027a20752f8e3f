// What a trainer keeps over a pause: its optimizer's state, looked at where it enters.
#include <linnet/trainer.hpp>

#include "arithmetic/number.hpp"
#include "arithmetic/range.hpp"
#include "overlap.hpp"
#include "step/saved.hpp"
#include "step/step.hpp"

namespace linnet {

namespace {

// More than training leaves in any state, whose gradients are below 2^48 (lib/DESIGN.md).
constexpr float kMostState = 0x1p126f;
constexpr float kMostVelocity = 0x1p76f;

bool is_amsgrad(const OptimizerDescriptor& rule) {
  return rule.id == OptimizerId::adam_amsgrad || rule.id == OptimizerId::adamw_amsgrad;
}
bool is_adam(const OptimizerDescriptor& rule) {
  return rule.id == OptimizerId::adam || rule.id == OptimizerId::adamw || is_amsgrad(rule);
}

// What the floats of a state may be.
struct StateCheck {
  const Optimizer& optimizer;
  bool at_start;  // no step was taken

  // Finite, not negative where squares are summed up, and so that the next step leaves the weights finite.
  [[nodiscard]] bool sound(Span<const float> state) const {
    const OptimizerDescriptor& rule = *optimizer.descriptor;
    const std::size_t run = rule.slots > 0 ? state.size() / rule.slots : 0;
    for (std::size_t s = 0; s < rule.slots; ++s) {
      const Span<const float> slot(state.data() + s * run, run);
      if (!(s == 1 && rule.second_starts_at_rate ? sound_steps(slot) : sound_slot(slot, s))) {
        return false;
      }
    }
    for (std::size_t k = 0; is_adam(rule) && k < run; ++k) {
      // AMSGrad's largest square is none that the square has outgrown: both fade together, below the same number.
      if (!sound_mean(state[k], state[k + run]) || (is_amsgrad(rule) && state[k + 2 * run] < state[k + run])) {
        return false;
      }
    }
    return true;
  }

 private:
  // Before the first step all is 0.
  [[nodiscard]] bool sound_slot(Span<const float> slot, std::size_t s) const {
    const bool is_signed = optimizer.descriptor->state_signed[s];
    const std::uint32_t mask = is_signed ? kMagnitudeBits : kAllBits;
    std::uint32_t largest = 0;
    for (const float x : slot) {
      const std::uint32_t bits = bits_of(x) & mask;
      largest = bits > largest ? bits : largest;
    }
    const bool velocity = is_signed && optimizer.descriptor->steepness != Steepness::harmless;
    return at_start ? largest == 0 : largest < bits_of(velocity ? kMostVelocity : kMostState);
  }
  // Rprop's step sizes start at the rate, and every step cuts them to their range.
  [[nodiscard]] bool sound_steps(Span<const float> slot) const {
    for (const float x : slot) {
      if (!(at_start ? in_range(x, 0.0f, 1e6f) : in_range(x, optimizer.min_step, optimizer.max_step))) {
        return false;
      }
    }
    return true;
  }
  // Adam's mean is at most a multiple of the root of its square, where beta_1^2 < beta_2; else no larger than gradients
  // are.
  [[nodiscard]] bool sound_mean(float mean, float square) const {
    return optimizer.momentum * optimizer.momentum < 0.999999f * optimizer.beta2
               ? mean * mean <= multiply_add(square, 0x1p46f, 0x1p-54f)
               : magnitude(mean) < 0x1p49f;
  }
};

// c(t) = 1 - beta^t, as a step advances it (c = beta c + fresh), but by doubling: c(2 t) = c(t) (1 + beta^t). All terms
// are positive, nothing cancels.
float correction_after(std::uint32_t steps, float beta, float fresh) {
  float correction = 0.0f;
  float power = 1.0f;  // beta^t
  for (std::uint32_t bit = 0x80000000u; bit != 0; bit >>= 1u) {
    correction = multiply_add(power, correction, correction);
    power *= power;
    if ((steps & bit) != 0) {
      correction = multiply_add(beta, correction, fresh);
      power *= beta;
    }
  }
  return correction;
}

// Of t steps each rounds by 2^-23 of c at most, which fades by beta a step: together 2^-23 min(t, 1 / (1 - beta)).
// Doubling adds 1.5 times as much for the rounding of beta^t, and 2^-22 for each of at most 32 doublings that count.
bool sound_correction(float seen, std::uint32_t steps, float beta, float fresh) {
  const float expected = correction_after(steps, beta, fresh);
  const float memory = divide(1.0f, 1.0f - beta);
  const float count = static_cast<float>(steps);
  const float tolerance = 0x1p-21f * ((count < memory ? count : memory) + 16.0f);
  return magnitude(seen - expected) <= tolerance * expected;
}

// Steps that can still be counted, and bias_corrections that belong to them. From 2^31 steps on beta^steps is 0.
bool sound_counts(const Counts& counts, const Optimizer& optimizer) {
  const auto high = static_cast<std::uint32_t>(counts.steps >> 32u);
  if (high >> 31u != 0) {
    return false;
  }
  if (!is_adam(*optimizer.descriptor)) {
    return counts.bias_corrections[0] == 0.0f && counts.bias_corrections[1] == 0.0f;
  }
  const std::uint32_t steps = high != 0 ? 0xffffffffu : static_cast<std::uint32_t>(counts.steps);
  return sound_correction(counts.bias_corrections[0], steps, optimizer.momentum, optimizer.one_minus_beta1) &&
         sound_correction(counts.bias_corrections[1], steps, optimizer.beta2, optimizer.one_minus_beta2);
}

// FNV-1a over four bytes, the lowest first.
std::uint32_t hash_on(std::uint32_t hash, std::uint32_t word) {
  for (int byte = 0; byte < 4; ++byte) {
    hash = (hash ^ (word >> (8 * byte) & 255u)) * 16777619u;
  }
  return hash;
}

// What a state belongs to: inputs, frozen layers; of each layer units, bias, activation and its parameter.
std::uint32_t fingerprint(const Network& network) {
  const TopologyView topology = network.topology();
  std::uint32_t hash = hash_on(2166136261u, static_cast<std::uint32_t>(topology.inputs));
  hash = hash_on(hash, static_cast<std::uint32_t>(network.frozen_layers()));
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    hash = hash_on(hash, static_cast<std::uint32_t>(layer.units));
    hash = hash_on(hash, (layer.bias ? 256u : 0u) + static_cast<std::uint32_t>(layer.activation.descriptor->id));
    hash = hash_on(hash, bits_of(layer.activation.parameter));
  }
  return hash;
}

}  // namespace

Span<const float> Trainer::optimizer_state() const noexcept {
  return data_.kernels == nullptr ? Span<const float>()
                                  : Span<const float>(data_.state, state_floats(data_.network.topology(), data_.config,
                                                                                data_.network.frozen_layers()));
}

Status Trainer::check_state() const noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  return is_sound_state(data_, data_.steps, optimizer_state()) ? Status::ok : Status::bad_state;
}

Counts counts_of(const TrainerData& trainer) {
  const Optimizer& optimizer = trainer.config.optimizer;
  return {trainer.steps,
          optimizer.learning_rate,
          {trainer.corrections[0], trainer.corrections[1]},
          static_cast<std::uint32_t>(optimizer.descriptor->id)};
}

bool may_have(const TrainerData& trainer, const Counts& counts) {
  Optimizer changed = trainer.config.optimizer;
  changed.learning_rate = counts.learning_rate + 0.0f;  // -0 is 0
  return counts.optimizer == static_cast<std::uint32_t>(changed.descriptor->id) && sound(changed) &&
         sound_counts(counts, changed);
}

void set_counts(TrainerData& trainer, const Counts& counts) {
  trainer.config.optimizer.learning_rate = counts.learning_rate + 0.0f;
  trainer.steps = counts.steps;
  trainer.corrections[0] = counts.bias_corrections[0];
  trainer.corrections[1] = counts.bias_corrections[1];
  trainer.gradients_seen = false;
  trainer.accumulating = false;
  trainer.forwarded = nullptr;
}

bool is_sound_state(const TrainerData& trainer, std::uint64_t steps, Span<const float> part) {
  return StateCheck{trainer.config.optimizer, steps == 0}.sound(part);
}

Status Trainer::save(TrainerProgress& saved) const noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  saved = {data_.steps,
           learning_rate(),
           {data_.corrections[0], data_.corrections[1]},
           static_cast<std::uint32_t>(optimizer_state().size()),
           kLayoutVersion,
           data_.config.optimizer.descriptor->id,
           contract(),
           fingerprint(data_.network)};
  return Status::ok;
}

Status Trainer::restore(const TrainerProgress& saved, Span<const float> floats) noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  const Counts counts{saved.steps,
                      saved.learning_rate,
                      {saved.bias_corrections[0], saved.bias_corrections[1]},
                      static_cast<std::uint32_t>(saved.optimizer)};
  if (saved.layout_version != kLayoutVersion || saved.contract != contract() ||
      saved.topology != fingerprint(data_.network) || saved.floats != optimizer_state().size() ||
      floats.size() != saved.floats || !may_have(data_, counts)) {
    return Status::bad_state;
  }
  if (floats.data() == nullptr && !floats.empty()) {
    return Status::null_memory;
  }
  if (floats.data() != data_.state && overlap(floats, optimizer_state())) {
    return Status::overlapping_memory;
  }
  if (!is_sound_state(data_, saved.steps, floats)) {
    return Status::bad_state;
  }
  for (std::size_t k = 0; k < floats.size(); ++k) {
    data_.state[k] = floats[k];
  }
  set_counts(data_, counts);
  return Status::ok;
}

}  // namespace linnet
