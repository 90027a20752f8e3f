// What is timed, and what a contestant is. Peers are shared objects with flags of their own (peers/*.cpp), opened by
// bench.cpp: what is compiled for this very processor cannot become the copy of an inline function that Linnet runs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

enum class Hidden : std::uint8_t { tanh, relu };
enum class Loss : std::uint8_t { softmax_cross_entropy, mean_squared_error };
enum class Rule : std::uint8_t { inference, sgd, momentum, adam };

inline constexpr std::size_t kMostWidths = 8;
inline constexpr float kMomentum = 0.9f;
inline constexpr double kBeta1 = 0.9;
inline constexpr double kBeta2 = 0.999;
inline constexpr float kEpsilon = 1e-8f;

// A workload: a network and what is done with it.
struct Work {
  const char* name;
  std::size_t layers;
  std::size_t widths[kMostWidths];  // inputs, then the units of each layer
  Hidden hidden;
  Loss loss;  // softmax cross-entropy: the last layer gives probabilities; mean squared error: its sums
  Rule rule;
  std::size_t batch;
  float rate;

  [[nodiscard]] std::size_t inputs() const { return widths[0]; }
  [[nodiscard]] std::size_t outputs() const { return widths[layers]; }
};

// What all contestants start with and are fed, in turn: batch 0, 1, ..., batches - 1, 0, ...
struct Data {
  std::size_t batches;
  const float* parameters;      // per layer: weights (units, inputs), biases (units)
  const float* inputs;          // (batches x batch, inputs), 64-byte aligned
  const float* targets;         // (batches x batch, outputs), of mean squared error
  const std::uint16_t* labels;  // (batches x batch), of softmax cross-entropy
};

// A trainer, or a predictor where the rule is inference. One thread; owns its memory.
class Contestant {
 public:
  Contestant() = default;
  Contestant(const Contestant&) = delete;
  Contestant& operator=(const Contestant&) = delete;
  virtual ~Contestant() = default;

  // Back to the initial parameters, no optimizer state, batch 0.
  virtual void reset() = 0;
  // So many steps (or inferences of a batch), each on the next batch.
  virtual void run(std::size_t steps) = 0;
  // The loss of the last step, before its update; the first output of the last inference.
  virtual float loss() = 0;
  // The parameters, in the order of Data::parameters; of an inference its outputs.
  virtual void result(float* to) = 0;
  // What it does otherwise than Linnet, or cannot do. One that begins with "other work" is not compared.
  virtual const char* apart() { return "the same, and no checks"; }
};

inline std::size_t parameter_count(const Work& work) {
  std::size_t count = 0;
  for (std::size_t l = 0; l < work.layers; ++l) count += (work.widths[l] + 1) * work.widths[l + 1];
  return count;
}

// What Contestant::result() writes.
inline std::size_t result_count(const Work& work) {
  return work.rule == Rule::inference ? work.batch * work.outputs() : parameter_count(work);
}

// What a peer's shared object has: `bench_contestant`; null where it has nothing for this workload. And `bench_core`: the
// kernels that it chose for this processor, as it calls them itself.
using MakeContestant = Contestant*(const Work&, const Data&);
using NameCore = const char*();

}  // namespace bench
