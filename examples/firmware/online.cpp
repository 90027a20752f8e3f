// Learns from one sample at a time, for as long as the board gives samples: here, what a sensor's output means at which
// temperature. Nothing is stored but the weights. The rate stays, so that the network follows a sensor that changes.
#include <cstddef>
#include <cstdint>

#include <linnet/linnet.hpp>

#include "report.hpp"
#include "sensor.hpp"

namespace ln = linnet;

static constexpr auto kShape = ln::topology(2, {{8, ln::activation::tanh}, {1, ln::activation::identity}});
static constexpr ln::TrainerConfig kConfig{ln::loss::mean_squared_error, ln::optimizer::sgd(0.05f), /*max_batch*/ 1};
static constexpr std::size_t kReportEvery = 1000;

static float model[ln::parameter_floats(kShape)];
static float memory[ln::trainer_floats(kShape, kConfig)];

static void report_refused(std::size_t sample, ln::Status status, bool unchanged) {
  board::write("sample ");
  text::number(sample);
  board::write(": ");
  board::write(ln::to_string(status));
  board::write(unchanged ? "; no weight has changed\n" : "; but the weights have changed\n");
}

static void report_loss(std::size_t sample, float loss) {
  text::number(sample, 6);
  board::write(" samples, mean loss of the last thousand ");
  text::fixed(loss, 6);
  board::write("\n");
}

// Learns from every sample that comes. step() refuses a sample that is no number or out of all proportion; the hashes
// only show that nothing has changed then, and a real program leaves them out.
static ln::Status learn(ln::Trainer& trainer) {
  sensor::Sample sample;
  std::size_t seen = 0;
  std::size_t learnt = 0;
  float sum = 0.0f;
  while (sensor::read_sample(sample)) {
    ++seen;
    const std::uint64_t before = ln::hash(trainer.network());
    const ln::Status status = trainer.step(sample.inputs, sample.target);
    if (status == ln::Status::ok) {
      ++learnt;
      sum += trainer.loss();
    } else if (status == ln::Status::bad_input || status == ln::Status::bad_target || status == ln::Status::diverged) {
      report_refused(seen, status, ln::hash(trainer.network()) == before);
    } else {
      return status;
    }
    if (seen % kReportEvery == 0) {
      report_loss(seen, sum / static_cast<float>(learnt));
      sum = 0.0f;
      learnt = 0;
    }
  }
  return ln::Status::ok;
}

int main() {
  ln::Network network;
  ln::Trainer trainer;
  ln::Pcg32 random(1);
  if (auto s = network.bind(kShape, model); s != ln::Status::ok) return report::refused(s);
  if (auto s = ln::initialize(network, random); s != ln::Status::ok) return report::refused(s);
  if (auto s = trainer.bind(network, kConfig, memory); s != ln::Status::ok) return report::refused(s);
  if (auto s = learn(trainer); s != ln::Status::ok) return report::refused(s);
  board::write("\n");
  report::bytes("parameters       ", model);
  report::training_memory(memory, kShape.layer_count);
  report::contract();
  report::hash("hash of weights  ", network);
  return 0;
}
