// The sensor of online.cpp again, on a board that is reset in the middle: every thousand samples it keeps all it takes to
// go on, and ends with the same weights as one that was never reset. Flash is emulated in RAM that a reset leaves alone;
// for flash of your own take one of ../stores in place of flash().
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <linnet/linnet.hpp>

#include "kept.hpp"
#include "report.hpp"
#include "sensor.hpp"

namespace ln = linnet;

static constexpr auto kShape = ln::topology(2, {{8, ln::activation::tanh}, {1, ln::activation::identity}});
static constexpr ln::TrainerConfig kConfig{ln::loss::mean_squared_error, ln::optimizer::sgd(0.05f), /*max_batch*/ 1};
static constexpr std::uint32_t kKeepEvery = 1000;
static constexpr std::uint32_t kResetAfter = 7321;  // of the first life

static float model[ln::parameter_floats(kShape)];
static float memory[ln::trainer_floats(kShape, kConfig)];
static std::uint32_t seen = 0;  // samples; more than steps, for some are refused

// Two slots of 512 bytes, written in double words once per erase, as most flash in microcontrollers is.
static bool read(void* flash, std::uint32_t at, void* to, std::size_t bytes) {
  std::memcpy(to, static_cast<unsigned char*>(flash) + at, bytes);
  return true;
}
static bool write(void* flash, std::uint32_t at, const void* from, std::size_t bytes) {
  for (std::size_t k = 0; k < bytes; ++k) {  // bits only fall
    static_cast<unsigned char*>(flash)[at + k] &= static_cast<const unsigned char*>(from)[k];
  }
  return true;
}
static bool erase(void* flash, std::uint32_t at, std::uint32_t bytes) {
  std::memset(static_cast<unsigned char*>(flash) + at, 0xff, bytes);
  return true;
}
static ln::Store flash() {
  const ln::Span<unsigned char> bytes = board::kept_memory();
  return {read, write, erase, nullptr, bytes.data(), static_cast<std::uint32_t>(bytes.size()), 8, 512, 2, {}};
}

static void report_samples(const char* before, const char* after) {
  board::write(before);
  text::number(seen);
  board::write(after);
}

// This sensor begins anew after a reset: what was seen is passed over. A real one goes on.
static void pass_over() {
  sensor::Sample sample;
  for (std::uint32_t k = 0; k < seen; ++k) static_cast<void>(sensor::read_sample(sample));
}

static ln::Status learn(ln::Trainer& trainer, const ln::Store& store, const ln::Checkpoint& all, bool is_first_life) {
  sensor::Sample sample;
  while (sensor::read_sample(sample)) {
    ++seen;
    const ln::Status status = trainer.step(sample.inputs, sample.target);
    if (status != ln::Status::ok && status != ln::Status::bad_input) return status;
    if (seen % kKeepEvery == 0) {
      if (auto s = ln::save(store, all); s != ln::Status::ok) return s;
    }
    if (is_first_life && seen == kResetAfter) {
      report_samples("reset after ", " samples\n");
      board::reset();
    }
  }
  return ln::Status::ok;
}

int main() {
  ln::Network network;
  ln::Trainer trainer;
  ln::Pcg32 random(1);
  const ln::Store store = flash();
  if (auto s = network.bind(kShape, model); s != ln::Status::ok) return report::refused(s);
  if (auto s = ln::initialize(network, random); s != ln::Status::ok) return report::refused(s);
  if (auto s = trainer.bind(network, kConfig, memory); s != ln::Status::ok) return report::refused(s);

  const ln::Piece pieces[] = {{{'s', 'e', 'e', 'n'}, &seen, 1, sizeof seen}};
  const ln::Checkpoint all{&network, &trainer, pieces};
  ln::Kept kept;
  const ln::Status found = ln::load(store, all, kept);
  if (found != ln::Status::ok && found != ln::Status::nothing_kept) return report::refused(found);
  if (found == ln::Status::ok) {
    report_samples("going on after ", " samples\n");
    pass_over();
  } else {
    board::write("nothing is kept: a first life\n");
  }
  if (auto s = learn(trainer, store, all, found != ln::Status::ok); s != ln::Status::ok) return report::refused(s);

  report_samples("learned from ", " samples\n\n");
  board::write("checkpoint       ");
  text::number(ln::checkpoint_bytes(store, all));
  board::write(" bytes\n");
  report::contract();
  report::hash("hash of weights  ", network);
  return 0;
}
