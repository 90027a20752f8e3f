#include "learn.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <linnet/fit.hpp>
#include <linnet/keeper.hpp>
#include <linnet/predictor.hpp>
#include <linnet/trainer.hpp>

#include "refused.hpp"
#include "scaled.hpp"

namespace desk {

namespace ln = linnet;

namespace {

using Rows = std::vector<std::uint32_t>;

// A training from its first weights to its last.
class Learner {
 public:
  Learner(const Data& data, const Parts& parts, const Recipe& recipe, std::uint64_t seed, Learned& learned)
      : data_(data),
        parts_(parts),
        recipe_(recipe),
        learned_(learned),
        scaled_(data, parts, recipe),
        seed_(seed),
        train_(parts.train),
        batch_(std::min(recipe.batch, data.rows)) {}

  void start();
  void train(const OnEpoch& on_epoch);
  // By some of the rows; the weights stay as they are.
  std::vector<Look> look(bool trained);
  void finish();

 private:
  [[nodiscard]] ln::Samples samples() const;
  [[nodiscard]] ln::Batches batches(Rows& order, std::size_t batch);
  [[nodiscard]] float loss_on(Rows rows);
  [[nodiscard]] std::vector<float> predict(const std::vector<float>& inputs) const;
  [[nodiscard]] std::vector<float> balanced_weights() const;

  const Data& data_;
  const Parts& parts_;
  const Recipe& recipe_;
  Learned& learned_;
  Scaled scaled_;
  std::uint64_t seed_;
  Rows train_;
  std::size_t batch_;
  std::vector<float> class_weights_, trainer_memory_, batch_memory_;
  std::vector<std::uint16_t> label_memory_;
  ln::Loss loss_{};
  ln::Trainer trainer_;
};

// The mean of the weights over the rows is 1.
std::vector<float> Learner::balanced_weights() const {
  std::vector<std::size_t> counts(data_.classes.size());
  for (const std::uint32_t row : parts_.train) ++counts[data_.labels[row]];
  std::vector<float> weights;
  for (const std::size_t count : counts) {
    const auto others = static_cast<float>(counts.size() * count);
    weights.push_back(count == 0 ? 0.0f : static_cast<float>(parts_.train.size()) / others);
  }
  return weights;
}

void Learner::start() {
  Model& model = learned_.model;
  model.topology = topology_of(recipe_, data_);
  model.has_activations = true;
  model.names = {data_.names, data_.classes, data_.target};
  model.parameters.resize(ln::parameter_floats(model.topology));
  expect_ok(model.network.bind(model.topology, model.parameters), "the network");
  ln::Pcg32 random = generator(seed_, Draw::start);
  expect_ok(ln::initialize(model.network, random, initializer_of(recipe_)), "--initializer " + recipe_.initializer);
  // What a constant column gives would be noise as soon as another value comes: it is left out of account.
  learned_.constant = scaled_.constant;
  const ln::Matrix weights = model.network.weights(0);
  for (const std::size_t i : scaled_.constant) {
    for (std::size_t o = 0; o < model.topology.layers[0].units; ++o) weights(o, i) = 0.0f;
  }
  if (recipe_.balanced) class_weights_ = balanced_weights();
  loss_ = loss_of(recipe_, data_, class_weights_);
}

ln::Samples Learner::samples() const {
  const ln::ConstRows inputs(scaled_.inputs.data(), data_.rows, data_.columns());
  if (data_.classified()) return {inputs, ln::Labels(data_.labels)};
  return {inputs, ln::ConstRows(scaled_.targets.data(), data_.rows, 1)};
}

ln::Batches Learner::batches(Rows& order, std::size_t batch) {
  batch_memory_.resize(
      std::max(batch_memory_.size(), ln::batch_floats(data_.columns(), data_.classified() ? 0 : 1, batch)));
  label_memory_.resize(std::max(label_memory_.size(), batch));
  return {samples(), order, batch_memory_, batch, label_memory_};
}

float Learner::loss_on(Rows rows) {
  float loss = std::numeric_limits<float>::quiet_NaN();
  if (!rows.empty()) expect_ok(ln::evaluate(trainer_, batches(rows, batch_), loss), "the loss");
  return loss;
}

void Learner::train(const OnEpoch& on_epoch) {
  const ln::TrainerConfig config = config_of(recipe_, loss_, batch_);
  trainer_memory_.resize(ln::trainer_floats(learned_.model.topology, config));
  expect_ok(trainer_.bind(learned_.model.network, config, trainer_memory_), "the training");
  ln::Pcg32 random = generator(seed_, Draw::order);
  std::vector<float> best(recipe_.patience > 0 ? ln::keeper_floats(learned_.model.topology) : 0);
  ln::Keeper keeper{best, recipe_.patience, recipe_.least_gain};
  for (std::size_t epoch = 1; epoch <= recipe_.epochs && !keeper.ended(); ++epoch) {
    Losses losses{};
    ln::FitPlan plan{1};
    plan.epoch_context = &losses;
    plan.on_epoch = [](void* context, const ln::Epoch& seen) {
      static_cast<Losses*>(context)->train = seen.loss;
      return true;
    };
    expect_ok(ln::fit(trainer_, batches(train_, batch_), random, plan), "epoch " + std::to_string(epoch));
    losses.validation = loss_on(parts_.validation);
    losses.test = loss_on(parts_.test);
    learned_.curve.push_back(losses);
    learned_.epoch = epoch;
    on_epoch(epoch, losses);
    if (recipe_.patience > 0) expect_ok(keeper.observe(learned_.model.network, losses.validation), "the validation");
  }
  if (recipe_.patience == 0) return;
  expect_ok(keeper.put_back(learned_.model.network), "the validation");
  learned_.epoch = keeper.state.best_epoch;
}

std::vector<Look> Learner::look(bool trained) {
  constexpr std::size_t kRows = 1024;
  constexpr std::size_t kBatch = 64;
  constexpr std::size_t kSteps = 100;  // after which a network that learns no more is called stuck
  Rows rows;
  const std::size_t count = std::min(parts_.train.size(), kRows);
  for (std::size_t k = 0; k < count; ++k) rows.push_back(parts_.train[k * parts_.train.size() / count]);
  const std::size_t batch = std::min(count, kBatch);
  const ln::Topology& topology = learned_.model.topology;
  const ln::TrainerConfig config{loss_, ln::optimizer::sgd(0.0f), batch};
  std::vector<float> memory(ln::trainer_floats(topology, config));
  std::vector<float> room(ln::diagnostics_floats(topology));
  std::vector<ln::LayerDiagnostics> layers(topology.layer_count);
  std::vector<ln::LayerReport> reports(topology.layer_count);
  ln::Trainer trainer;
  ln::Diagnostics diagnostics;
  expect_ok(trainer.bind(learned_.model.network, config, memory), "the look at the layers");
  expect_ok(diagnostics.bind(trainer, layers, room), "the look at the layers");
  ln::Pcg32 random = generator(seed_, Draw::order);
  const std::size_t steps = (count + batch - 1) / batch;
  const std::size_t epochs = trained ? std::max<std::size_t>(2, kSteps / steps + 1) : 2;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    ln::FitPlan plan{1};
    plan.take_step = ln::Diagnostics::take_step;
    plan.step_context = &diagnostics;
    diagnostics.begin_epoch();
    expect_ok(ln::fit(trainer, batches(rows, batch), random, plan), "the look at the layers");
  }
  expect_ok(diagnostics.report(reports), "the look at the layers");
  std::vector<Look> looks;
  for (std::size_t l = 0; l < layers.size(); ++l) looks.push_back({layers[l], reports[l]});
  return looks;
}

// Of the test rows, of all rows' inputs (rows, columns).
std::vector<float> Learner::predict(const std::vector<float>& inputs) const {
  const ln::Topology& topology = learned_.model.topology;
  std::vector<float> scratch(ln::predictor_floats(topology));
  std::vector<float> outputs(parts_.test.size() * topology.outputs());
  ln::Predictor predictor;
  expect_ok(predictor.bind(learned_.model.network, scratch), "the model");
  for (std::size_t k = 0; k < parts_.test.size(); ++k) {
    const float* row = inputs.data() + parts_.test[k] * data_.columns();
    expect_ok(predictor.predict(ln::ConstRows(row, 1, data_.columns()),
                                ln::Rows(outputs.data() + k * topology.outputs(), 1, topology.outputs())),
              "a prediction");
  }
  return outputs;
}

void Learner::finish() {
  constexpr float kMostFolding = 1e-3f;
  std::vector<float> before = predict(scaled_.inputs);
  scaled_.undo_targets(before);
  scaled_.fold(learned_.model.network);
  learned_.outputs = predict(data_.inputs);
  float largest = data_.classified() ? 1.0f : 0.0f;
  for (const float target : data_.targets) largest = std::max(largest, std::fabs(target));
  for (std::size_t k = 0; k < before.size(); ++k) {
    learned_.folding = std::max(learned_.folding, std::fabs(before[k] - learned_.outputs[k]) / largest);
  }
  if (!(learned_.folding <= kMostFolding)) {
    throw Refused(data_.path +
                  ": a column lies so far from 0 that its scale cannot go into the weights: subtract a "
                  "constant from it");
  }
}

}  // namespace

void learn(const Data& data, const Parts& parts, const Recipe& recipe, std::uint64_t seed, bool looks,
           const OnEpoch& on_epoch, Learned& learned) {
  Learner learner(data, parts, recipe, seed, learned);
  learner.start();
  if (looks) learned.before = learner.look(false);
  learner.train(on_epoch);
  if (looks) learned.after = learner.look(true);
  learner.finish();
}

}  // namespace desk
