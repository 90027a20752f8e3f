// Two trainers in two threads, each with memory of its own, at the same time: the same bits as one after the other. What
// both may share is read alone: the samples, the topology, frozen layers, the kernel table. Built with -fsanitize=thread
// (preset threads) it tells whether the library has anything else in common.
#include <doctest/doctest.h>

#include <thread>

#include "nets.hpp"

using namespace linnet_test;

namespace {

const linnet::Layer kLayers[] = {
    {24, linnet::activation::tanh}, {17, linnet::activation::relu}, {3, linnet::activation::softmax}};
const linnet::TopologyView kShape(9, kLayers);

// Initialization, scaling, whole epochs with Diagnostics, accumulated steps, marks, and the way back from a saved state.
std::uint64_t train(const linnet::Optimizer& optimizer, const Data& data, linnet::Span<const float> frozen) {
  std::vector<float> trainable(linnet::trainable_floats(kShape, 1));
  linnet::Network network;
  linnet::Pcg32 random(17);
  const linnet::TrainerConfig config{linnet::loss::softmax_cross_entropy, optimizer, 8, linnet::Gradients::kept, 1.0f};
  std::vector<float> memory(linnet::trainer_floats(kShape, config, 1));
  linnet::Trainer trainer;
  if (network.bind(kShape, frozen, {trainable.data(), trainable.size()}, 1) != Status::ok ||
      linnet::initialize(network, random) != Status::ok ||
      trainer.bind(network, config, {memory.data(), memory.size()}) != Status::ok) {
    return 0;
  }
  std::vector<float> unit_variance(linnet::unit_variance_floats(kShape, data.rows));
  bool good = linnet::scale_to_unit_variance(network, data.input_rows(),
                                             {unit_variance.data(), unit_variance.size()}) == Status::ok;

  std::vector<linnet::LayerDiagnostics> seen(3);
  std::vector<float> seen_memory(linnet::diagnostics_floats(kShape, 1));
  linnet::Diagnostics diagnostics;
  good = good &&
         diagnostics.bind(trainer, {seen.data(), seen.size()}, {seen_memory.data(), seen_memory.size()}) == Status::ok;
  std::vector<std::uint32_t> order(data.rows);
  linnet::Split parts;
  good = good && linnet::split({order.data(), order.size()}, data.rows, random, parts) == Status::ok;
  std::vector<float> batch(linnet::batch_floats(9, 0, 8));
  std::vector<std::uint16_t> batch_labels(8);
  const linnet::Samples samples(data.input_rows(), data.label_rows());
  linnet::FitPlan plan{4};
  plan.take_step = linnet::Diagnostics::take_step;
  plan.step_context = &diagnostics;
  const linnet::Batches batches{
      samples, parts.train, {batch.data(), batch.size()}, 8, {batch_labels.data(), batch_labels.size()}};
  good = good && linnet::fit(trainer, batches, random, plan) == Status::ok;

  linnet::TrainerProgress progress;
  good = good && trainer.save(progress) == Status::ok &&
         trainer.restore(progress, trainer.optimizer_state()) == Status::ok &&
         trainer.accumulate(data.input_rows().rows(0, 8), linnet::Labels(data.labels.data(), 8)) == Status::ok &&
         trainer.apply() == Status::ok;
  std::vector<float> scratch(linnet::predictor_floats(kShape)), outputs(3);
  linnet::Predictor predictor;
  linnet::Score score{};
  good = good && predictor.bind(network, {scratch.data(), scratch.size()}) == Status::ok &&
         linnet::score(predictor, samples, parts.train, {outputs.data(), outputs.size()}, score) == Status::ok;
  return good ? hash(network.trainable()) ^ hash({&score.accuracy, 1}) : 0;
}

}  // namespace

TEST_CASE("two trainers in two threads have the bits of one after the other") {
  const Data data(48, 9, 3, 5);
  const std::vector<float> frozen = random_floats(linnet::frozen_floats(kShape, 1), 6, 0.3f);
  const linnet::Span<const float> lower(frozen.data(), frozen.size());
  for (const NamedOptimizer& named : optimizers()) {
    std::uint64_t both[2] = {};
    std::thread first([&] { both[0] = train(named.optimizer, data, lower); });
    std::thread second([&] { both[1] = train(named.optimizer, data, lower); });
    first.join();
    second.join();
    const std::uint64_t alone = train(named.optimizer, data, lower);
    CHECK_MESSAGE(alone != 0, named.name);
    CHECK_MESSAGE(both[0] == alone, named.name);
    CHECK_MESSAGE(both[1] == alone, named.name);
  }
}
