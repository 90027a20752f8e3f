// Learns the digits of digits.cpp and keeps what it learned in a file, so that it can be killed at any time: started again
// it goes on, and ends with the same weights as digits, which is never killed.
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include <linnet/linnet.hpp>

#include "console.hpp"
#include "data/digits.hpp"
#include "stores/file_store.hpp"

namespace ln = linnet;

static constexpr auto kShape =
    ln::topology(digits::kPixels, {{32, ln::activation::relu}, {digits::kClasses, ln::activation::identity}});
static constexpr float kRate = 0.01f;
static constexpr std::size_t kBatch = 16;
static constexpr ln::TrainerConfig kConfig{ln::loss::softmax_cross_entropy.with_label_smoothing(0.1f),
                                           ln::optimizer::adam(kRate), kBatch};
static constexpr std::size_t kTrain = digits::kSamples * 3 / 4;
static constexpr std::size_t kStepsOfAnEpoch = (kTrain + kBatch - 1) / kBatch;
static constexpr std::uint64_t kSteps = 40 * kStepsOfAnEpoch;

alignas(ln::kAlignment) static float model[ln::parameter_floats(kShape)];
alignas(ln::kAlignment) static float memory[ln::trainer_floats(kShape, kConfig)];
static std::uint16_t order[digits::kSamples];  // numbers of images: first those to train on
static float inputs[kBatch][digits::kPixels];
static std::uint16_t labels[kBatch];
static unsigned char medium[2 * 40960];  // two checkpoints

static constexpr char kUsage[] =
    "usage: keep [--file PATH] [--every N] [--die-after N]\n"
    "  --file PATH    where what was learned is kept (learned.lnt)\n"
    "  --every N      steps from one time to the next (100)\n"
    "  --die-after N  steps after which the program kills itself, to show that nothing is lost (never)\n";

struct Settings {
  const char* path = "learned.lnt";
  std::uint64_t every = 100;
  std::uint64_t die_after = 0;
};

// All that belongs together. Where in its order the program is follows from the trainer's count of steps.
struct Run {
  ln::Network network;
  ln::Trainer trainer;
  ln::Pcg32::State random{};
  const ln::Piece pieces[2] = {{{'o', 'r', 'd', 'e', 'r'}, order, digits::kSamples, sizeof order[0]},
                               {{'r', 'a', 'n', 'd', 'o', 'm'}, &random, 2, sizeof random.state}};
  [[nodiscard]] ln::Checkpoint all() { return {&network, &trainer, pieces}; }
};

// As digits.cpp with its seed 0.
static ln::Status set_up(Run& run) {
  ln::Pcg32 random(0);
  for (std::size_t i = 0; i < digits::kSamples; ++i) order[i] = static_cast<std::uint16_t>(i);
  random.shuffle(order);
  if (auto s = run.network.bind(kShape, model); s != ln::Status::ok) return s;
  if (auto s = ln::initialize(run.network, random); s != ln::Status::ok) return s;
  run.random = random.state();
  return run.trainer.bind(run.network, kConfig, memory);
}

static ln::Status step(Run& run) {
  const std::size_t first = static_cast<std::size_t>(run.trainer.steps() % kStepsOfAnEpoch) * kBatch;
  if (first == 0) {  // a new epoch
    ln::Pcg32 random(0);
    random.restore(run.random);
    random.shuffle(ln::Span<std::uint16_t>(order, kTrain));
    run.random = random.state();
  }
  const std::size_t rows = kTrain - first < kBatch ? kTrain - first : kBatch;
  for (std::size_t b = 0; b < rows; ++b) {
    const std::size_t image = order[first + b];
    labels[b] = digits::kLabels[image];
    for (std::size_t i = 0; i < digits::kPixels; ++i) {
      inputs[b][i] = static_cast<float>(digits::kImages[image][i]) * (1.0f / 16.0f);
    }
  }
  const float rate = kRate * static_cast<float>(kSteps - run.trainer.steps()) / static_cast<float>(kSteps);
  if (auto s = run.trainer.set_learning_rate(rate); s != ln::Status::ok) return s;
  return run.trainer.step(ln::ConstRows(inputs[0], rows, digits::kPixels), ln::Labels(labels, rows));
}

static ln::Status learn(Run& run, const ln::Store& store, const Settings& settings) {
  for (std::uint64_t life = 1; run.trainer.steps() < kSteps; ++life) {
    if (auto s = step(run); s != ln::Status::ok) return s;
    if (run.trainer.steps() % settings.every == 0 || run.trainer.steps() == kSteps) {
      if (auto s = ln::save(store, run.all()); s != ln::Status::ok) return s;
    }
    if (life == settings.die_after) std::raise(SIGKILL);
  }
  return ln::Status::ok;
}

int main(int count, char** arguments) {
  Settings settings;
  const console::Option options[] = {{"--file", 0, 0, nullptr, &settings.path},
                                     {"--every", 1, kSteps, &settings.every, nullptr},
                                     {"--die-after", 1, kSteps, &settings.die_after, nullptr}};
  if (const int code = console::read_options(count, arguments, kUsage, options); code != console::kGoOn) return code;

  stores::FileStore file(settings.path, medium);
  if (!file.open()) {
    std::fprintf(stderr, "%s cannot be read, or is not what this program keeps\n", settings.path);
    return 1;
  }
  const ln::Store store = file.store();
  Run run;
  ln::Kept kept;
  if (auto s = set_up(run); s != ln::Status::ok) return console::report(s);
  const ln::Status found = ln::load(store, run.all(), kept);
  if (found != ln::Status::ok && found != ln::Status::nothing_kept) return console::report(found);
  std::printf(
      found == ln::Status::ok ? "going on after step %" PRIu64 "\n" : "nothing is kept: from step %" PRIu64 "\n",
      kept.steps);
  std::fflush(stdout);
  if (auto s = learn(run, store, settings); s != ln::Status::ok) return console::report(s);
  std::printf("steps            %" PRIu64 "\n", run.trainer.steps());
  std::printf("checkpoint       %u bytes\n", ln::checkpoint_bytes(store, run.all()));
  std::printf("hash of weights  %016" PRIx64 "\n", ln::hash(run.network));
  return 0;
}
