#include "guide.hpp"

#include "arithmetic/number.hpp"
#include "finite.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

// Whether the memory, if there is any, takes the parameters.
Status check_room(Span<float> memory, const Network& network) {
  if (!network.bound()) {
    return Status::not_bound;
  }
  return memory.empty() ? Status::ok : check_memory(memory.data(), memory.size(), network.trainable().size(), network);
}

void copy(Span<const float> from, float* to) {
  for (const float x : from) {
    *to++ = x;
  }
}

Status check(const Keeper& keeper, const Network& network) {
  if (const Status status = check_room(keeper.memory, network); status != Status::ok) {
    return status;
  }
  return keeper.least_gain >= 0.0f && is_finite(keeper.least_gain) ? Status::ok : Status::bad_setting;
}

Status observe(Keeper& keeper, const Network& network, float loss) { return keeper.observe(network, loss); }
Status put_back(const Keeper& keeper, const Network& network) { return keeper.put_back(network); }

}  // namespace

Status Keeper::observe(const Network& network, float loss) noexcept {
  if (const Status status = check(*this, network); status != Status::ok) {
    return status;
  }
  ++state.epochs;
  ++state.since_gain;
  if (!is_finite(loss)) {
    return Status::ok;
  }
  const bool no_gain_yet = state.since_gain == state.epochs;
  if (state.best_epoch == 0 || loss < state.best_loss) {
    state.best_loss = loss;
    state.best_epoch = state.epochs;
    if (!memory.empty()) {
      copy(network.trainable(), memory.data());
    }
  }
  if (no_gain_yet || loss < state.reference - least_gain) {
    state.reference = loss;
    state.since_gain = 0;
  }
  return Status::ok;
}

Status Keeper::put_back(const Network& network) const noexcept {
  if (const Status status = check_room(memory, network); status != Status::ok) {
    return status;
  }
  if (memory.empty() || state.best_epoch == 0) {
    return Status::nothing_kept;
  }
  const Span<const float> kept(memory.data(), network.trainable().size());
  if (!all_finite(kept)) {
    return Status::bad_parameter;
  }
  copy(kept, network.trainable().data());
  return Status::ok;
}

constexpr KeeperDescriptor descriptor::keeper = {check, observe, put_back};

}  // namespace linnet
