#pragma once

// What the examples that run on a computer share: reading options, drawing progress, printing what a run came to.

#include <unistd.h>

#include <chrono>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <linnet/linnet.hpp>

#include "results.hpp"

namespace console {

namespace ln = linnet;

/// An option that takes a value, a whole number in [least, most] or any text, or one that is only named.
struct Option {
  const char* name;
  std::uint64_t least;
  std::uint64_t most;
  std::uint64_t* number;  ///< where the number goes; null for an option that takes text
  const char** text;
  bool* named = nullptr;  ///< set when the option is there; then it takes no value
};

inline constexpr int kGoOn = -1;

/// Reads decimal digits, nothing else. Returns whether `text` was such a number in [least, most].
inline bool read_number(const char* text, std::uint64_t least, std::uint64_t most, std::uint64_t& number) {
  std::uint64_t value = 0;
  for (const char* digit = text; *digit != '\0'; ++digit) {
    if (*digit < '0' || *digit > '9') return false;
    const auto next = static_cast<std::uint64_t>(*digit - '0');
    if (value > (UINT64_MAX - next) / 10) return false;
    value = value * 10 + next;
  }
  if (*text == '\0' || value < least || value > most) return false;
  number = value;
  return true;
}

/// Reads the command line. Returns kGoOn, or the exit code: 0 after --help, 2 after a message about what is wrong.
inline int read_options(int count, char** arguments, const char* usage, ln::Span<const Option> options) {
  for (int a = 1; a < count; ++a) {
    const char* name = arguments[a];
    if (std::strcmp(name, "--help") == 0) {
      std::printf("%s", usage);
      return 0;
    }
    const Option* option = options.begin();
    while (option != options.end() && std::strcmp(option->name, name) != 0) ++option;
    if (option == options.end()) {
      std::fprintf(stderr, "unknown option: %s\n%s", name, usage);
      return 2;
    }
    if (option->named != nullptr) {
      *option->named = true;
      continue;
    }
    if (++a == count) {
      std::fprintf(stderr, "%s needs a value\n%s", name, usage);
      return 2;
    }
    if (option->number == nullptr) {
      *option->text = arguments[a];
    } else if (!read_number(arguments[a], option->least, option->most, *option->number)) {
      std::fprintf(stderr, "%s takes a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'\n", name, option->least,
                   option->most, arguments[a]);
      return 2;
    }
  }
  return kGoOn;
}

/// Whether standard output is a terminal on which a line can be drawn again.
inline bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::strcmp(kind, "dumb") != 0;
}

class Stopwatch {
 public:
  void start() { started_ = Clock::now(); }
  void stop() { total_ += Clock::now() - started_; }
  /// The sum of all times between start() and stop().
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(total_).count(); }
  /// The time since start().
  [[nodiscard]] double running() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point started_ = Clock::now();
  Clock::duration total_{};
};

/// A line that is drawn over itself, at most 20 times a second, and only on a terminal.
class Bar {
 public:
  /// Draws "caption [=======>      ] note" with `done` of `total` filled.
  void draw(const char* caption, std::size_t done, std::size_t total, const char* note) {
    constexpr std::size_t kWidth = 30;
    if (!terminal_ || (drawn_ && since_.running() < 0.05)) return;
    char line[kWidth + 1];
    const std::size_t filled = kWidth * done / total;
    for (std::size_t i = 0; i < kWidth; ++i) line[i] = i < filled ? '=' : i == filled ? '>' : ' ';
    line[kWidth] = '\0';
    std::printf("\r%s [%s] %s\x1b[K", caption, line, note);
    std::fflush(stdout);
    since_.start();
    drawn_ = true;
  }
  /// Takes the line away, so that something lasting can be printed in its place.
  void erase() {
    if (drawn_) std::printf("\r\x1b[K");
    drawn_ = false;
  }

 private:
  bool terminal_ = is_terminal();
  bool drawn_ = false;
  Stopwatch since_;
};

using results::largest;

inline int report(ln::Status status) {
  std::fprintf(stderr, "linnet: %s\n", ln::to_string(status));
  return 1;
}

/// Prints what the run took, in all `seconds`, how the steps were computed, and what came of them.
inline void print_facts(const ln::Topology& topology, const ln::TrainerConfig& config, const ln::Network& network,
                        const Stopwatch& steps, std::uint64_t step_count, double seconds) {
  const double microseconds = steps.seconds() * 1e6 / static_cast<double>(step_count);
  std::printf("time             %.2f s, of which %.2f s are training steps\n", seconds, steps.seconds());
  std::printf("training steps   %" PRIu64 " of up to %zu images, %.1f microseconds each\n", step_count,
              config.max_batch, microseconds);
  std::printf("arithmetic       kernels %s, contract %s\n", ln::to_string(ln::best_kernels()),
              ln::contract() == ln::Contract::fused ? "fused" : "separate");
  std::printf("parameters       %zu bytes\n", ln::parameter_floats(topology) * sizeof(float));
  // A trainer keeps four pointers per layer behind its floats. Counted apart, for they are longer on some computers.
  const std::size_t state = ln::state_floats(topology, config) * sizeof(float);
  const std::size_t workspace = ln::workspace_floats(topology, config) * sizeof(float);
  std::printf("training memory  %zu bytes + %zu pointers (optimizer %zu, workspace %zu)\n", state + workspace,
              topology.layer_count * ln::layout::kStageBytes / sizeof(void*), state, workspace);
  std::printf("hash of weights  %016" PRIx64 "\n", ln::hash(network));
}

}  // namespace console
