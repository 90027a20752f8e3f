#include <doctest/doctest.h>

#include "double_trainer.hpp"
#include "nets.hpp"

using namespace linnet_test;

namespace {

#ifdef LINNET_BOARD  // an emulated one, maybe without floating point
constexpr std::size_t kNets = 20;
#else
constexpr std::size_t kNets = 1000;
#endif

// A net, its data and how it is trained, drawn from a seed.
struct RandomRun {
  linnet::Pcg32 random;
  std::vector<linnet::Layer> layers;
  std::vector<std::string> activations;
  std::vector<float> class_weights;
  linnet::Topology topology{};
  linnet::TrainerConfig config{};
  std::size_t batch;
  bool labels = false;
  std::string words;
  Data data{1, 1, 1, 1};
  std::vector<float> row_weights;

  explicit RandomRun(std::uint64_t seed) : random(seed, 2024) {
    batch = one_of({1, 1, 2, 3, 7, 16, 33, 40});
    const std::size_t depth = 1 + below(4);
    const std::size_t inputs = 1 + below(20);
    for (std::size_t l = 0; l < depth; ++l) {
      const NamedActivation& how = hidden_activations()[below(hidden_activations().size())];
      layers.push_back({1 + below(l + 1 == depth ? 5 : 24), how.activation, below(5) > 0});
      activations.emplace_back(how.name);
    }
    choose_loss();
    config.optimizer = choose_optimizer();
    config.max_batch = batch;
    if (below(4) == 0) {
      config.clip_value = random.uniform(0.001f, 0.1f);
    }
    if (below(3) == 0) {
      config.gradients = linnet::Gradients::kept;
      config.clip_norm = below(2) == 0 ? random.uniform(0.01f, 0.5f) : 0.0f;
    }
    topology = linnet::topology(inputs, {layers.data(), layers.size()});
    data = Data(batch, inputs, layers.back().units, seed + 1);
    for (std::size_t b = 0; b < batch && below(4) != 0; ++b) {
      row_weights.push_back(below(6) == 0 ? 0.0f : random.uniform(0.1f, 3.0f));
    }
    row_weights.resize(row_weights.size() == batch ? batch : 0);
    words = "seed " + std::to_string(seed) + ": " + linnet::to_string(linnet::id_of(config.loss)) + ", " +
            linnet::to_string(linnet::id_of(config.optimizer)) + ", batch " + std::to_string(batch);
    for (std::size_t l = 0; l < depth; ++l) {
      words += ", " + std::to_string(layers[l].units) + " " + activations[l];
    }
  }

  // Whether the rule takes the sign of a gradient, or divides by its size: where gradients cancel, what is left is
  // rounding.
  [[nodiscard]] bool takes_signs() const {
    const linnet::OptimizerId id = linnet::id_of(config.optimizer);
    return id == linnet::OptimizerId::rprop || id == linnet::OptimizerId::rmsprop ||
           id == linnet::OptimizerId::rmsprop_momentum;
  }

  Status step(linnet::Trainer& trainer) const {
    const linnet::RowWeights weights(row_weights.data(), row_weights.size());
    if (row_weights.empty()) {
      return labels ? trainer.step(data.input_rows(), data.label_rows())
                    : trainer.step(data.input_rows(), data.target_rows());
    }
    return labels ? trainer.step(data.input_rows(), data.label_rows(), weights)
                  : trainer.step(data.input_rows(), data.target_rows(), weights);
  }

  [[nodiscard]] OracleTargets targets() const {
    OracleTargets result;
    if (labels) {
      result.labels = data.labels;
    } else {
      result.t.assign(data.t.begin(), data.t.end());
    }
    result.delta = static_cast<double>(config.loss.delta);
    result.smoothing = static_cast<double>(config.loss.label_smoothing);
    result.class_weights.assign(class_weights.begin(), class_weights.end());
    return result;
  }

 private:
  std::size_t below(std::size_t n) { return random.below(static_cast<std::uint32_t>(n)); }
  std::size_t one_of(std::initializer_list<std::size_t> numbers) { return numbers.begin()[below(numbers.size())]; }

  void weigh_classes() {
    for (std::size_t o = 0; o < layers.back().units; ++o) {
      class_weights.push_back(random.uniform(0.2f, 4.0f));
    }
  }

  void choose_loss() {
    using namespace linnet::loss;
    const std::size_t which = below(9);
    if (which >= 4) {  // cross-entropies see logits
      layers.back().activation = linnet::activation::identity;
      activations.back() = "identity";
    }
    if (which >= 6 && layers.back().units == 1) {
      layers.back().units = 2 + below(6);
    }
    if (which == 5 || which == 8) {
      weigh_classes();
    }
    const linnet::Span<const float> weights(class_weights.data(), class_weights.size());
    const linnet::Loss losses[] = {mean_squared_error,
                                   mean_absolute_error,
                                   huber.with_delta(random.uniform(0.1f, 1.0f)),
                                   smooth_l1.with_beta(random.uniform(0.1f, 1.0f)),
                                   binary_cross_entropy,
                                   binary_cross_entropy.with_positive_weights(weights),
                                   softmax_cross_entropy,
                                   softmax_cross_entropy.with_label_smoothing(random.uniform(0.0f, 0.4f)),
                                   softmax_cross_entropy.with_class_weights(weights).with_label_smoothing(0.1f)};
    config.loss = losses[which];
    labels = which >= 6 && below(3) > 0;
  }

  linnet::Optimizer choose_optimizer() {
    linnet::Optimizer optimizer = optimizers()[below(optimizers().size())].optimizer;
    if (optimizer.descriptor != linnet::optimizer::adamw(0.1f).descriptor && below(2) == 0) {
      optimizer = optimizer.with_weight_decay(below(2) == 0 ? 0.0f : random.uniform(0.0f, 0.05f));
    }
    return optimizer;
  }
};

// The distance of two vectors, over the length of the second.
double relative_distance(linnet::Span<const float> a, const std::vector<double>& b) {
  double moved = 0.0;
  double length = 0.0;
  for (std::size_t k = 0; k < b.size(); ++k) {
    const double apart = static_cast<double>(a[k]) - b[k];
    moved += apart * apart;
    length += b[k] * b[k];
  }
  return std::sqrt(moved / length);
}

// The largest change that a step of the library and one in double from the same state disagree about, over the rate, of
// parameters whose gradient is more than rounding: that of sums, a thousandth of the largest gradient, and that of what
// the loss takes the difference of, numbers about 1, as p - q.
double step_apart(const RandomRun& run, const linnet::Network& network, const DoubleTrainer& oracle) {
  double largest = 0.0;
  for (const double g : oracle.gradients) {
    largest = std::fmax(largest, std::fabs(g));
  }
  double worst = 0.0;
  for (std::size_t k = 0; k < oracle.w.size(); ++k) {
    if (std::fabs(oracle.gradients[k]) > 1e-3 * largest + 1e-5) {
      worst = std::fmax(worst, std::fabs(static_cast<double>(network.trainable()[k]) - oracle.w[k]));
    }
  }
  return worst / static_cast<double>(run.config.optimizer.learning_rate);
}

}  // namespace

// 5e-5 is 800 roundings: 20 steps of sums of up to 40 terms. A thousand nets have 2.6e-5 at most. Of 5,000, two have more
// than 5e-5: Adam divides by the size of gradients that cancel but for rounding. Steps from equal states differ by 4e-4 of
// the rate at most.
TEST_CASE("a thousand random nets end twenty steps where a trainer in double precision ends") {
  for (std::size_t seed = 1; seed <= kNets; ++seed) {
    RandomRun run(seed);
    Bench bench(run.topology, run.config, seed);
    REQUIRE_MESSAGE(bench.status == Status::ok, run.words);
    DoubleTrainer oracle(bench.network, bench.trainer, run.activations);
    const std::vector<double> x(run.data.x.begin(), run.data.x.end());
    const std::vector<double> row_weights(run.row_weights.begin(), run.row_weights.end());
    const OracleTargets targets = run.targets();
    for (int step = 0; step < 20; ++step) {
      if (run.takes_signs()) {
        oracle.take_over(bench.network, bench.trainer);
      }
      REQUIRE_MESSAGE(run.step(bench.trainer) == Status::ok, run.words);
      oracle.step(x, run.batch, targets, row_weights);
      if (run.takes_signs()) {
        const double apart = step_apart(run, bench.network, oracle);
        CHECK_MESSAGE(apart <= 2e-3, run.words, " step ", step);
      }
    }
    if (!run.takes_signs()) {
      const double apart = relative_distance(bench.network.trainable(), oracle.w);
      CHECK_MESSAGE(apart <= 5e-5, run.words);
    }
  }
}
