// Cuts the power of emulated media on which a small net is kept, and damages what is there: after each it is what it was
// before the operation or after it, and goes on to be kept.
#pragma once

#include <cstdio>

#include <linnet/linnet.hpp>

#include "keep/medium.hpp"

namespace linnet_keep {

using linnet::Status;

// What was done, and how often it went wrong.
struct Tally {
  std::uint64_t cuts = 0, lost = 0, damages = 0, taken = 0;

  void lose(const char* what) {
    if (++lost < 20) std::printf("LOST: %s (after %llu cuts)\n", what, static_cast<unsigned long long>(cuts));
  }
  void take(const char* what, std::size_t at) {
    if (++taken < 20) std::printf("TAKEN: %s at %zu\n", what, at);
  }
};

inline constexpr linnet::Layer kLayers[] = {{3, linnet::activation::tanh}, {1, linnet::activation::identity}};

// What a device has. It learns from a number of its own, which is kept, too.
struct Device {
  float parameters[13] = {}, memory[200];
  std::uint16_t own = 0;
  linnet::TopologyView topology{2, {kLayers, 2}};
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Piece pieces[1] = {{{'o', 'w', 'n'}, &own, 1, 2}};
  bool good;

  Device() {
    const linnet::TrainerConfig how{linnet::loss::mean_squared_error, linnet::optimizer::adam(0.05f), 1};
    good = network.bind(topology, parameters) == Status::ok && trainer.bind(network, how, memory) == Status::ok;
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  void learn() {
    const float x[] = {0.5f, -1.0f + 0.1f * static_cast<float>(own)}, t[] = {0.25f};
    good = good && trainer.step(x, t) == Status::ok;
    ++own;
  }
  [[nodiscard]] linnet::Checkpoint all() { return {&network, &trainer, pieces}; }
  [[nodiscard]] std::uint64_t hash() const {
    std::uint64_t result = 14695981039346656037u;
    const auto add = [&result](const void* from, std::size_t n) {
      const auto* byte = static_cast<const unsigned char*>(from);
      for (std::size_t k = 0; k < n; ++k) result = (result ^ byte[k]) * 1099511628211u;
    };
    add(parameters, sizeof parameters);
    add(trainer.optimizer_state().data(), trainer.optimizer_state().size() * sizeof(float));
    linnet::TrainerProgress progress{};
    static_cast<void>(trainer.save(progress));
    add(&progress, sizeof progress);
    add(&own, sizeof own);
    return result;
  }
};

enum class Operation { save, save_on_trial, confirm, revert };
inline constexpr Operation kOperations[] = {Operation::save, Operation::save_on_trial, Operation::confirm,
                                            Operation::revert};

// After a reset: begins with what is on the medium, and learns a step before it keeps.
inline Status operate(Medium& medium, Operation operation) {
  const linnet::Store store = medium.store();
  if (operation == Operation::confirm) return linnet::confirm(store);
  if (operation == Operation::revert) return linnet::revert(store);
  Device device;
  linnet::Kept kept;
  static_cast<void>(linnet::load(store, device.all(), kept));
  device.learn();
  return linnet::save(store, device.all(), operation == Operation::save_on_trial);
}

// What is found after a reset: a hash of it, 0 where nothing is.
struct Seen {
  std::uint64_t hash;
  bool on_trial;
  bool operator==(const Seen& other) const { return hash == other.hash && on_trial == other.on_trial; }
};

// An operation that is not disturbed: what it takes of power, and what is found.
struct Whole {
  std::uint64_t length;
  Seen before, after;
};

class PowerCut {
 public:
  explicit PowerCut(Tally& counts) : tally(counts) {}

  // At every step of every operation, on a medium that is empty, and that holds one, two, a trial, and two trials where
  // there is a slot for them. `pairs`: the operation is cut again when it is tried again.
  void everywhere(const Geometry& geometry, bool pairs) {
    Medium medium(geometry);
    each_operation(medium, false);
    if (operate(medium, Operation::save) != Status::ok) tally.lose("the first save");
    each_operation(medium, pairs);
    if (operate(medium, Operation::save) != Status::ok) tally.lose("the second save");
    each_operation(medium, false);
    if (operate(medium, Operation::save_on_trial) != Status::ok) tally.lose("a save on trial");
    each_operation(medium, pairs);
    if (geometry.slots == 2) return;
    if (operate(medium, Operation::save_on_trial) != Status::ok) tally.lose("another one on trial");
    each_operation(medium, false);
  }

  // Devices that live for some operations, most of which are cut.
  void at_random(const std::vector<Geometry>& geometries, std::uint64_t count, std::uint64_t seed) {
    linnet::Pcg32 random(seed);
    const auto below = [&random](std::uint64_t n) { return random.below(static_cast<std::uint32_t>(n)); };
    while (count > 0) {
      Medium medium(geometries[below(geometries.size())]);
      for (int life = 0; life < 40 && count > 0; ++life) {
        const Operation operation = kOperations[below(8) < 5 ? below(2) : 2 + below(2)];
        const Whole whole = undisturbed(medium, operation);
        medium.tear(kTorn[below(5)], random.bits());
        if (below(4) == 0 || whole.length == 0) {
          static_cast<void>(operate(medium, operation));
        } else {
          cut(medium, operation, 1 + below(whole.length + 1), whole);
          --count;
        }
      }
      go_on(medium);
    }
  }

 private:
  static constexpr Torn kTorn[] = {Torn::old, Torn::whole, Torn::ones, Torn::any, Torn::unreadable};

  Seen seen_on(Medium& medium) {
    Device device;
    linnet::Kept kept;
    const Status status = linnet::load(medium.store(), device.all(), kept);
    if (status != Status::ok && status != Status::nothing_kept) tally.lose("a reset says neither ok nor nothing_kept");
    return {status == Status::ok ? device.hash() : 0, kept.on_trial};
  }

  Whole undisturbed(const Medium& start, Operation operation) {
    Medium medium = start;
    const Seen before = seen_on(medium);
    const std::uint64_t used = medium.used();
    static_cast<void>(operate(medium, operation));
    const std::uint64_t length = medium.used() - used;
    return {length, before, seen_on(medium)};
  }

  void cut(Medium& medium, Operation operation, std::uint64_t at, const Whole& whole) {
    ++tally.cuts;
    medium.power(at);
    const Status status = operate(medium, operation);
    medium.cut();
    medium.power();
    const Seen seen = seen_on(medium);
    if (!(seen == whole.before) && !(seen == whole.after)) tally.lose("what is found was never kept");
    if (status == Status::ok && !(seen == whole.after)) tally.lose("what was said to be kept is not found");
    if (medium.misused()) tally.lose("a unit was written twice, or half of one");
  }

  // Whether the device can keep what it learns next, whatever was on the way.
  void go_on(Medium& medium) {
    Status status = operate(medium, Operation::save);
    if (status == Status::trial_pending) {
      if (operate(medium, Operation::confirm) != Status::ok && operate(medium, Operation::revert) != Status::ok) {
        tally.lose("a trial can neither be confirmed nor reverted");
      }
      status = operate(medium, Operation::save);
    }
    if (status != Status::ok || medium.misused()) tally.lose("nothing can be kept any more");
  }

  void each_operation(const Medium& start, bool pairs) {
    for (const Operation operation : kOperations) {
      const Whole whole = undisturbed(start, operation);
      for (std::uint64_t at = 1; at <= whole.length + 1; ++at) {  // the last one is after the operation
        for (const Torn how : kTorn) {
          Medium medium = start;
          medium.tear(how, at);
          cut(medium, operation, at, whole);
          if (pairs && how == kTorn[at % 5]) cut_again(medium, operation);
          go_on(medium);
        }
      }
    }
  }

  void cut_again(const Medium& start, Operation operation) {
    const Whole whole = undisturbed(start, operation);
    for (std::uint64_t at = 1; at <= whole.length + 1; ++at) {
      Medium medium = start;
      cut(medium, operation, at, whole);
      go_on(medium);
    }
  }

  Tally& tally;
};

// Changes a checkpoint that is alone on a medium, and sees that nothing of it is taken.
class Damages {
 public:
  explicit Damages(Tally& counts) : tally_(counts), whole_({4096, 4, 512, 2}) {
    if (operate(whole_, Operation::save) != Status::ok) tally_.take("no save", 0);
    Device device;
    // Confirmations, of which one that is no trial has none, stand behind the commit.
    bytes_ = linnet::checkpoint_bytes(whole_.store(), device.all()) - 4 * 8;
  }

  void every_bit() {
    for (std::size_t bit = 0; bit < 8 * bytes_; ++bit) burst(bit, 1);
  }
  // Any pattern of up to 32 bits.
  void bursts(std::uint64_t count, std::uint64_t seed) {
    linnet::Pcg32 random(seed);
    for (; count > 0; --count) {
      const std::size_t bit = random.below(static_cast<std::uint32_t>(8 * bytes_ - 32));
      burst(bit, random.bits() | 1u);
    }
  }
  // Erased behind so many bytes.
  void every_prefix() {
    for (std::size_t end = 0; end < bytes_; ++end) {
      Medium medium = whole_;
      for (std::size_t k = end; k < medium.bytes().size(); ++k) medium.bytes()[k] = 0xff;
      look_at(medium, "a prefix", end);
    }
  }

 private:
  void burst(std::size_t first, std::uint32_t pattern) {
    Medium medium = whole_;
    for (std::size_t bit = first; pattern != 0; ++bit, pattern >>= 1u) {
      medium.bytes()[bit / 8] ^= static_cast<unsigned char>((pattern & 1u) << bit % 8);
    }
    look_at(medium, "damage", first);
  }
  void look_at(Medium& medium, const char* what, std::size_t at) {
    ++tally_.damages;
    Device device;
    const std::uint64_t before = device.hash();
    linnet::Kept kept;
    const Status status = linnet::load(medium.store(), device.all(), kept);
    if (status == Status::ok || device.hash() != before || medium.misused()) tally_.take(what, at);
  }

  Tally& tally_;
  Medium whole_;
  std::size_t bytes_;
};

}  // namespace linnet_keep
