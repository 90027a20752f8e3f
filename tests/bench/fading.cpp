// What a training step takes once half the hidden units are dead and their moments have faded, over the same step with
// moments of ordinary size: fading.sh judges what this prints.
#include <linnet/linnet.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "clock.hpp"
#include "memory.hpp"

namespace bench {
namespace {

constexpr std::size_t kInputs = 784, kOutputs = 10, kBatch = 64;
constexpr std::size_t kStepsAlive = 100, kStepsInAll = 5000;
constexpr std::size_t kRounds = 41, kStepsOfSample = 30;  // a sample: about 10 ms

void must(linnet::Status status) {
  if (status == linnet::Status::ok) return;
  std::fprintf(stderr, "linnet: %s\n", linnet::to_string(status));
  std::exit(1);
}

linnet::Topology shape() {
  namespace a = linnet::activation;
  return linnet::topology(kInputs, {{128, a::relu}, {64, a::relu}, {kOutputs, a::identity}});
}

// A network that learns labels drawn by lot, so that gradients stay large where units are alive.
class Run {
 public:
  explicit Run(const linnet::Optimizer& optimizer)
      : config_{linnet::loss::softmax_cross_entropy, optimizer, kBatch},
        parameters_(linnet::parameter_floats(topology_)),
        memory_(linnet::trainer_floats(topology_, config_)),
        inputs_(kInputBatches * kBatch * kInputs),
        labels_(kLabelBatches * kBatch) {
    linnet::Pcg32 random(42);
    for (std::size_t k = 0; k < kInputBatches * kBatch * kInputs; ++k) inputs_[k] = random.uniform();
    for (std::uint16_t& label : labels_) label = static_cast<std::uint16_t>(random.below(kOutputs));
    must(network_.bind(topology_, {parameters_.data(), linnet::parameter_floats(topology_)}));
    must(linnet::initialize(network_, random));
    must(trainer_.bind(network_, config_, {memory_.data(), linnet::trainer_floats(topology_, config_)}));
  }

  void step() {
    const auto s = static_cast<std::size_t>(trainer_.steps());
    const linnet::ConstRows inputs{inputs_.data() + s % kInputBatches * kBatch * kInputs, kBatch, kInputs};
    must(trainer_.step(inputs, linnet::Labels{labels_.data() + s % kLabelBatches * kBatch, kBatch}));
  }
  void kill_half() {
    for (std::size_t l = 0; l + 1 < topology_.layer_count; ++l) {
      const linnet::Span<float> biases = network_.biases(l);
      for (std::size_t o = 0; o < biases.size(); o += 2) biases.data()[o] = -1e3f;
    }
  }
  [[nodiscard]] std::vector<float> state() const {
    return {trainer_.optimizer_state().begin(), trainer_.optimizer_state().end()};
  }
  // As after `saved`, with this state.
  void go_back(const linnet::TrainerProgress& saved, const std::vector<float>& state) {
    must(trainer_.restore(saved, {state.data(), state.size()}));
  }
  [[nodiscard]] linnet::TrainerProgress saved() const {
    linnet::TrainerProgress result{};
    must(trainer_.save(result));
    return result;
  }

 private:
  static constexpr std::size_t kInputBatches = 8, kLabelBatches = 1021;  // no batch of inputs keeps its labels
  linnet::Topology topology_ = shape();
  linnet::TrainerConfig config_;
  Floats parameters_, memory_, inputs_;
  std::vector<std::uint16_t> labels_;
  linnet::Network network_;
  linnet::Trainer trainer_;
};

double seconds_per_step(Run& run, const linnet::TrainerProgress& saved, const std::vector<float>& state) {
  run.go_back(saved, state);
  run.step();  // not timed
  return seconds_of([&run] {
           for (std::size_t s = 0; s < kStepsOfSample; ++s) run.step();
         }) /
         static_cast<double>(kStepsOfSample);
}

struct Round {
  double faded, ordinary;
  [[nodiscard]] double both() const { return faded + ordinary; }
};

// A line: the name, the median ratio of the quieter half of all rounds, microseconds of both, the share of moments that
// are small.
void measure(const char* name, const linnet::Optimizer& optimizer) {
  Run run(optimizer);
  for (std::size_t s = 0; s < kStepsInAll; ++s) {
    if (s == kStepsAlive) run.kill_half();
    run.step();
  }
  const linnet::TrainerProgress saved = run.saved();
  const std::vector<float> faded = run.state();
  std::vector<float> ordinary = faded;
  std::size_t small = 0;
  for (float& moment : ordinary) {
    if (std::fabs(moment) >= 0x1p-60f) continue;
    moment = 1e-8f;
    ++small;
  }
  std::vector<Round> rounds(kRounds);
  for (Round& round : rounds) {
    round.faded = seconds_per_step(run, saved, faded);
    round.ordinary = seconds_per_step(run, saved, ordinary);
  }
  std::sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) { return a.both() < b.both(); });
  rounds.resize(kRounds / 2);
  std::vector<double> ratios, times, ordinary_times;
  for (const Round& round : rounds) {
    ratios.push_back(round.faded / round.ordinary);
    times.push_back(1e6 * round.faded);
    ordinary_times.push_back(1e6 * round.ordinary);
  }
  std::printf("%s %.3f %.1f %.1f %.2f\n", name, median(ratios), median(times), median(ordinary_times),
              static_cast<double>(small) / static_cast<double>(faded.size()));
}

}  // namespace
}  // namespace bench

int main() {
  bench::measure("adam", linnet::optimizer::adam(1e-3f));
  bench::measure("momentum", linnet::optimizer::sgd(1e-3f, 0.9f));
}
