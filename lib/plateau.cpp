// Rounded after every product and every sum, whatever the contract: both reduce at the same value.
#undef LINNET_FUSED
#define LINNET_FUSED 0

#include <linnet/plateau.hpp>

#include "arithmetic/number.hpp"
#include "arithmetic/range.hpp"

namespace linnet {

namespace {

constexpr float kLeastChange = 1e-8f;  // PyTorch's eps

bool sound(const Plateau& plateau) {
  return in_range(plateau.factor, 0.0f, 1.0f) && plateau.factor < 1.0f && in_range(plateau.threshold, 0.0f, 1e6f) &&
         in_range(plateau.lowest, 0.0f, 1e6f);
}

bool is_better(const Plateau& plateau, const PlateauState& state, float value) {
  const float gain = plateau.relative ? plateau.threshold * state.best : plateau.threshold;
  return state.seen == 0 || (plateau.larger_is_better ? value > state.best + gain : value < state.best - gain);
}

float reduced(const Plateau& plateau, float rate) {
  const float smaller = rate * plateau.factor;
  const float fresh = smaller > plateau.lowest ? smaller : plateau.lowest;
  return rate - fresh > kLeastChange ? fresh : rate;
}

}  // namespace

Status reduce_on_plateau(const Plateau& plateau, PlateauState& state, float value, float& rate) noexcept {
  if (!sound(plateau)) {
    return Status::bad_setting;
  }
  if (!is_finite(value)) {
    return Status::bad_input;
  }
  if (!in_range(rate, 0.0f, 1e6f)) {
    return Status::bad_hyperparameter;
  }
  if (!is_finite(state.best)) {
    return Status::bad_state;
  }
  if (is_better(plateau, state, value)) {
    state.best = value;
    state.bad = 0;
  } else {
    ++state.bad;
  }
  state.seen += state.seen != 0xffffffffu ? 1 : 0;
  if (state.resting > 0) {
    --state.resting;
    state.bad = 0;
  }
  if (state.bad > plateau.patience) {
    rate = reduced(plateau, rate);
    state.resting = plateau.cooldown;
    state.bad = 0;
  }
  return Status::ok;
}

}  // namespace linnet
