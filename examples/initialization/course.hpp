#pragma once

// The experiments of the course "Xavier and Kaiming initialization": its data, networks and runs.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <linnet/linnet.hpp>

namespace course {

namespace ln = linnet;

inline constexpr std::size_t kSamples = 1000;
inline constexpr std::size_t kTrain = 700;
inline constexpr std::size_t kInputs = 2;
inline constexpr std::size_t kBatch = 10;
inline constexpr std::size_t kMostHidden = 8;
inline constexpr std::size_t kMostLayers = kMostHidden + 1;
inline constexpr std::size_t kMostUnits = 64;  // of a layer

enum class Start {
  standard,
  xavier_uniform,
  xavier_normal,
  kaiming_uniform,
  kaiming_normal,
  kaiming_uniform_fan_out,
  kaiming_normal_fan_out,
  orthogonal,
  zeros
};
inline constexpr std::size_t kStarts = 9;

/// What a start is called: on the command line and in PyTorch, and to people.
struct StartName {
  const char* option;
  const char* title;
};
extern const StartName kStartNames[kStarts];
inline const char* title_of(Start start) { return kStartNames[static_cast<std::size_t>(start)].title; }

/// A network of the course: `hidden` layers of 4 units with one activation, then one linear unit; or, without hidden
/// layers, one linear unit without a bias. Its weights start by nn.Linear's own rule (`standard`), or are drawn again by
/// another; biases always keep nn.Linear's rule, but for `zeros`, where they are 0 as well. Kaiming's gain is that of a
/// ReLU, of a leaky ReLU by its slope.
struct Model {
  ln::Activation activation;
  std::size_t hidden;  ///< at most kMostHidden
  Start start;
  bool biases = true;
  std::array<std::size_t, kMostHidden> units{4, 4, 4, 4, 4, 4, 4, 4};  ///< of hidden layers, 1 to kMostUnits
};

/// One seed's data: y = 2 x1^2 - x2^2 + 0.01 N(0, 1), x normal; and its split into 700 to train on and 300 to test on.
struct Data {
  float x[kSamples][kInputs];
  float y[kSamples][1];
  std::uint32_t order[kSamples];
  ln::Split parts;

  Data() = default;
  Data(const Data&) = delete;  // `parts` points into it
  Data& operator=(const Data&) = delete;

  /// Draws data and split.
  void draw(std::uint64_t seed);
  /// Brings every input column to mean 0 and deviation 1 (ddof 1, over all samples, as the course does).
  void standardize();
  [[nodiscard]] ln::Samples samples() const { return {x, y}; }
};

/// The table of kernels that is the fastest on networks this small, by the clock: the widest vectors are mostly empty.
/// All give the same bits.
const ln::KernelTable& fastest_kernels();

/// A network in training on one seed's data. Seed and model decide every bit of it.
class Run {
 public:
  /// `data` stays lent; its train part is shuffled. The weights are drawn from `seed`, as is the order of the batches.
  ln::Status start(const Model& model, Data& data, std::uint64_t seed, const ln::Optimizer& optimizer,
                   const ln::Gradients& gradients);
  ln::Status start(const Model& model, Data& data, std::uint64_t seed, const ln::Optimizer& optimizer,
                   const ln::Gradients& gradients, const ln::KernelTable& kernels);
  /// The same with the course's optimizer, SGD.
  ln::Status start(const Model& model, Data& data, std::uint64_t seed, float rate, const ln::Gradients& gradients) {
    return start(model, data, seed, ln::optimizer::sgd(rate), gradients);
  }
  /// Trains for as many passes.
  ln::Status train(std::size_t passes, ln::StepCallback take_step = nullptr, void* context = nullptr);
  /// Mean squared errors of the two parts of the data.
  ln::Status train_mse(float& mse) { return measure(data_->parts.train, mse); }
  ln::Status test_mse(float& mse) { return measure(data_->parts.test, mse); }

  [[nodiscard]] ln::Network& network() { return network_; }
  [[nodiscard]] ln::Trainer& trainer() { return trainer_; }
  [[nodiscard]] std::size_t layers() const { return topology_.layer_count; }
  /// The weights of layer `l`, or the gradients of the last batch (with Gradients::kept), unit by unit.
  [[nodiscard]] std::vector<double> weights(std::size_t l) const { return flat(network_.read_weights(l)); }
  [[nodiscard]] std::vector<double> gradients(std::size_t l) const { return flat(trainer_.gradients(l)); }
  /// What the units of layer `l` give for all samples, sample by sample.
  ln::Status activations(std::size_t l, std::vector<float>& values) const;

 private:
  static constexpr std::size_t kEvaluated = 100;  // rows of a batch that is only measured
  static std::vector<double> flat(ln::ConstMatrix matrix);
  ln::Status measure(ln::Span<std::uint32_t> part, float& mse);

  Data* data_ = nullptr;
  ln::Pcg32 order_{0};
  ln::TopologyOf<kMostLayers> topology_{};
  ln::Network network_;
  ln::Trainer trainer_;
  std::vector<float> parameters_, memory_;
  float batch_[ln::batch_floats(kInputs, 1, kEvaluated)] = {};
};

/// The values in order, from the smallest.
std::vector<double> sorted(std::vector<double> values);
/// The quantile of sorted values, by linear interpolation as NumPy's; NaN when there are none.
double quantile(const std::vector<double>& sorted_values, double share);
/// The mean of the absolute values.
double mean_magnitude(const std::vector<double>& values);

/// The passes done at the course's plot point e: its loop trains e passes before point e, so e (e + 1) / 2 in all.
constexpr std::size_t passes_at(std::size_t point) { return point * (point + 1) / 2; }

/// The learning rate of pass `pass` (from 0) of `passes`, from that of the optimizer.
using Schedule = float (*)(float rate, std::size_t pass, std::size_t passes);
/// Halved after every sixth of the run: torch's StepLR with gamma 0.5.
float halved(float rate, std::size_t pass, std::size_t passes);
/// Up from 0 in a straight line over the first tenth of the run, then down to 0.
float warmed_up(float rate, std::size_t pass, std::size_t passes);

/// How a network is trained.
struct Recipe {
  ln::Optimizer optimizer;
  bool standardized = false;    ///< the inputs, as Data::standardize()
  Schedule schedule = nullptr;  ///< null: the rate stays
};
constexpr Recipe sgd(float rate) { return {ln::optimizer::sgd(rate)}; }

/// How far a network is trained, and where its error is taken.
struct Length {
  std::size_t points;          ///< the untrained network among them
  bool course_epochs = true;   ///< e passes before point e, as the course; else one
  bool until_learned = false;  ///< the run ends at the first point with a train MSE below 1
};

/// What one seed of a network came to.
struct Outcome {
  std::vector<float> train;  ///< MSE at every point
  std::vector<float> test;
  float final_train, final_test, best_train;
};

/// Trains a network with one seed. A run that diverges ends there; what is missing is NaN. Returns any other Status.
ln::Status run_seed(const Model& model, const Recipe& recipe, const Length& length, std::uint64_t seed,
                    Outcome& outcome);

/// The same with the seeds first, first + 1, ..., on all cores: the outcomes are those of one core. `note` is called now
/// and then, on the calling thread, with the number of seeds that are done.
ln::Status run_seeds(const Model& model, const Recipe& recipe, const Length& length, std::uint64_t first,
                     std::size_t seeds, std::vector<Outcome>& outcomes,
                     const std::function<void(std::size_t)>& note = nullptr);

/// Whether a run reached a train MSE below 1 at any point.
inline bool has_learned(const Outcome& outcome) { return outcome.best_train < 1.0f; }

/// A row of the table: one model over many seeds.
struct Row {
  const char* name;
  const char* title;  ///< for people
  Model model;
  float rate;
  std::size_t points;       ///< plot points, the untrained network among them
  double share_in_pytorch;  ///< of 1,000 seeds, best train MSE < 1; NaN: nobody knows
};

inline constexpr std::size_t kRowCount = 13;
extern const Row kRows[kRowCount];

}  // namespace course
