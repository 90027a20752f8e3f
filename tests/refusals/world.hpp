// Everything that a public function takes, bound and in order: a call with it says ok. A fault is one change of it.
#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <linnet/linnet.hpp>

#include "fuzz/lent.hpp"
#include "keep/format.hpp"
#include "keep/medium.hpp"
#include "refusals/metrics.hpp"
#include "refusals/reservoirs.hpp"
#include "refusals/scales.hpp"
#include "tables.hpp"

namespace linnet_refusals {

using linnet::Status;
using linnet_fuzz::Lent;

constexpr std::size_t kInputs = 3, kOutputs = 2, kRows = 4, kFrozen = 1;
inline constexpr linnet::Layer kLayers[] = {
    {4, linnet::activation::tanh}, {5, linnet::activation::tanh}, {kOutputs, linnet::activation::identity}};
inline constexpr auto kCapacity = linnet::topology(kInputs, {kLayers[0], kLayers[1], kLayers[2]});

inline constexpr linnet::TrainerConfig config_of(const linnet::Loss& loss) {
  return {loss, linnet::optimizer::sgd(0.01f, 0.9f), kRows, linnet::Gradients::kept};
}
inline constexpr linnet::TrainerConfig kPlan = config_of(linnet::loss::mean_squared_error);

inline constexpr linnet_keep::Geometry kFlash{3 * 2048, 4, 512, 3};

// Elements with zones around them, filled by a rule.
template <class T>
struct Filled : Lent<T> {
  template <class Rule>
  Filled(std::size_t size, Rule rule) : Lent<T>(size, 3, 0) {
    for (std::size_t k = 0; k < size; ++k) this->data()[k] = rule(k);
  }
};

struct World {
  explicit World(const linnet::Loss& chosen) : config(config_of(chosen)) {
    linnet::Pcg32 seed(1);
    bind(chosen);
    say(linnet::initialize(network, seed));
    say(whole.bind(kCapacity, all.span()));
    say(linnet::initialize(whole, seed));
    for (float& weight : frozen.span()) weight = seed.uniform(-0.5f, 0.5f);
    say(predictor.bind(network, scratch.span(), linnet_test::kernels()));
    say(trainer.save(progress));
    bind(chosen);
    say(linnet::save(store, checkpoint()));
    say(linnet::save(store, checkpoint(), true));
    say(linnet::write_safetensors(network, sink(), names));
    in_order = in_order && scales.in_order && metrics.in_order;
    file.swap(sunk);
    say(replay.start(seed));
  }

  // The trainer, what looks at it and the places of what is kept.
  void bind(const linnet::Loss& chosen, linnet::Gradients gradients = linnet::Gradients::kept) {
    linnet::TrainerConfig how = config_of(chosen);
    how.gradients = gradients;
    say(network.bind(kCapacity, frozen.span(), trainable.span(), kFrozen));
    say(trainer.bind(network, how, memory.span(), linnet_test::kernels()));
    say(groups.bind(trainer, {}));
    say(diagnostics.bind(trainer, seen.span(), seen_memory.span()));
    state = trainer.optimizer_state();
    peaks = diagnostics.inside().peaks();
  }
  [[nodiscard]] linnet::Checkpoint checkpoint() { return {&network, with_trainer ? &trainer : nullptr, pieces}; }
  // On a medium that is empty so far.
  void keep_anew(const linnet_keep::Geometry& geometry, bool trial = false) {
    medium = linnet_keep::Medium(geometry);
    store = medium.store();
    say(linnet::save(store, checkpoint(), trial));
  }
  void keep_anew(const linnet_keep::Format& format) {
    medium = linnet_keep::Medium(kFlash);
    const linnet_keep::Bytes slot = format.slot(kFlash.write_unit);
    std::memcpy(medium.bytes().data(), slot.data(), slot.size());
  }
  // What a checkpoint says of the network.
  [[nodiscard]] linnet_keep::Format header() const {
    linnet_keep::Format format;
    format.contract = static_cast<unsigned>(linnet::contract());
    format.inputs = kInputs;
    format.frozen_layers = kFrozen;
    for (const linnet::Layer& each : kLayers) {
      format.layers.push_back({static_cast<std::uint32_t>(each.units),
                               static_cast<std::uint32_t>(id_of(each.activation)), each.bias,
                               each.activation.parameter});
    }
    linnet_keep::put_floats(format.frozen, frozen.data(), frozen.size());
    return format;
  }
  // The last read of a peek() fails.
  void fail_last_read() {
    const std::uint64_t before = medium.reads();
    say(linnet::peek(store, checkpoint(), found_kept));
    medium.fail_after(medium.reads() - before - 1);
  }
  void forward() { say(trainer.forward(inputs, outputs)); }
  void say(Status status) { in_order = in_order && status == Status::ok; }
  bool in_order = true;  // whether all calls that make it said ok

  // Lent.
  Lent<float> frozen{linnet::frozen_floats(kCapacity, kFrozen), 1, 0};
  Lent<float> trainable{linnet::trainable_floats(kCapacity, kFrozen), 5, 0};
  Lent<float> all{linnet::parameter_floats(kCapacity), 2, 0};
  Lent<float> memory{linnet::trainer_floats(kCapacity, kPlan, kFrozen), 0, 0xff};
  Lent<float> saved_trainer{linnet::trainer_floats(kCapacity, kPlan), 0, 0xff};  // for a trainer elsewhere
  Lent<float> scratch{linnet::predictor_floats(kCapacity), 7, 0xff};
  Lent<float> written{kRows * kOutputs, 1, 0x33};
  Filled<float> x{kRows * kInputs, [](std::size_t k) { return 0.1f * static_cast<float>(k) - 0.5f; }};
  Filled<float> t{kRows * kOutputs, [](std::size_t k) { return k % 3 == 0 ? 1.0f : 0.0f; }};
  Filled<float> d{kRows * kOutputs, [](std::size_t k) { return 0.01f * static_cast<float>(k); }};
  Filled<float> w{kRows, [](std::size_t k) { return 1.0f + static_cast<float>(k); }};
  Filled<std::uint16_t> classes{kRows, [](std::size_t k) { return static_cast<std::uint16_t>(k % 2); }};
  Filled<std::uint32_t> numbers{kRows, [](std::size_t k) { return static_cast<std::uint32_t>(k); }};
  Lent<float> batch_memory{linnet::batch_floats(kInputs, kOutputs, kRows), 3, 0xff};
  Lent<std::uint16_t> batch_labels{kRows, 1, 0xff};
  Lent<float> batch_weights{kRows, 1, 0xff};
  Lent<float> scaling{linnet::unit_variance_floats(kCapacity, kRows), 1, 0xff};
  Lent<linnet::LayerDiagnostics> seen{3, 0, 0};
  Lent<float> seen_memory{linnet::diagnostics_floats(kCapacity, kFrozen), 1, 0};
  Lent<linnet::LayerReport> reported{3, 0, 0x11};
  Filled<float> saved{linnet::state_floats(kCapacity, kPlan, kFrozen), [](std::size_t) { return 0.0f; }};
  Lent<float> sorted{kRows * kInputs, 1, 0xff};
  Lent<float> quantile{2, 1, 0x33};
  Filled<std::uint16_t> own{3, [](std::size_t k) { return static_cast<std::uint16_t>(k); }};
  linnet_keep::Medium medium{kFlash};
  Filled<float> taken_weights{20, [](std::size_t k) { return 0.5f * static_cast<float>(k); }};  // of layer 1
  Filled<float> taken_biases{5, [](std::size_t k) { return -0.5f * static_cast<float>(k); }};
  Lent<float> copied_weights{20, 1, 0x33}, copied_biases{5, 1, 0x33};
  Filled<std::uint32_t> held_numbers{2, [](std::size_t k) { return static_cast<std::uint32_t>(k + 1); }};
  Lent<float> kept_floats{linnet::keeper_floats(kCapacity, kFrozen), 3, 0};
  Lent<char> text{linnet::kTopologyText, 1, 0x33}, found_text{linnet::kTopologyText, 1, 0x33};

  // Arguments, which faults change.
  std::vector<linnet::Layer> layers{kLayers, kLayers + 3};
  linnet::TopologyView topology{kInputs, {layers.data(), layers.size()}};
  std::size_t frozen_layers = kFrozen, l = 1, first = 3;
  linnet::Span<const float> frozen_parameters = frozen.span(), all_read = all.span(), saved_floats = saved.span();
  linnet::Span<float> parameters = trainable.span(), all_parameters = all.span(), lent = memory.span(),
                      scratch_lent = scratch.span(), scaling_lent = scaling.span(), seen_lent = seen_memory.span(),
                      sorted_lent = sorted.span(), quantiles = quantile.span();
  linnet::Span<linnet::LayerDiagnostics> seen_layers = seen.span();
  linnet::Span<linnet::LayerReport> report = reported.span();
  linnet::TrainerConfig config;
  linnet::ConstRows inputs{x.data(), kRows, kInputs}, targets{t.data(), kRows, kOutputs},
      derivatives{d.data(), kRows, kOutputs};
  linnet::Rows outputs{written.data(), kRows, kOutputs};
  linnet::Labels labels = classes.span();
  linnet::RowWeights weights = w.span();
  float share = 0.25f, scale = 0.5f, rate = 0.02f, threshold = 0.5f;
  bool weighted = true;
  linnet::Span<std::uint32_t> order = numbers.span();
  linnet::Span<float> batch_lent = batch_memory.span(), batch_weights_lent = batch_weights.span(),
                      one_output{written.data(), kOutputs};
  linnet::Span<std::uint16_t> batch_labels_lent = batch_labels.span();
  std::size_t batch = kRows;
  linnet::FitPlan plan{1};
  bool told = false, told_weights = false;  // whether a callback writes the samples; whether weights lie beside it
  std::size_t tellings = 1u << 20u;         // how often it can
  linnet::Span<std::uint32_t> held = held_numbers.span();
  linnet::Keeper keeper{kept_floats.span()};
  bool validated = true;
  linnet::GroupSettings settings;
  std::vector<float> factors{1.0f, 0.5f, 1.0f};
  linnet::DiagnosticsSettings looks;
  linnet::Thresholds thresholds;
  linnet::Initializer initializer = linnet::initializer::normal;
  linnet::Matrix matrix{all.data(), 4, kInputs, kInputs, 1};
  linnet::ConstMatrix values{x.data(), kRows, kInputs, kInputs, 1};
  std::vector<float> shares{0.25f, 1.0f};
  linnet::ActivationId activation = linnet::ActivationId::tanh;
  std::uint32_t milestones[2] = {2, 4};
  Reservoirs replay;
  linnet::Plateau plateau;
  linnet::PlateauState plateau_state{0.5f, 3, 1, 0};
  float observed = 0.75f;
  linnet::Schedule schedule = linnet::schedule::warm_up(3, linnet::schedule::multi_step(milestones));
  linnet::Store store = medium.store();
  linnet::Piece pieces[2] = {{{'o', 'w', 'n'}, own.data(), 3, 2}, {{'f', 'i', 'r', 's', 't'}, own.data(), 1, 2}};
  bool with_trainer = true, on_trial = false;
  linnet::Kept found_kept;
  std::size_t layer = 1;  // whose parameters are taken or copied
  linnet::Span<const float> weights_to_take = taken_weights.span(), biases_to_take = taken_biases.span();
  linnet::Span<float> weights_to_copy = copied_weights.span(), biases_to_copy = copied_biases.span();
  linnet::Span<char> text_lent = text.span(), found_text_lent = found_text.span();
  std::string text_read = "3 4:tanh 5:tanh 2:identity";
  linnet::Span<const char> text_to_read() const { return {readable ? text_read.data() : nullptr, text_read.size()}; }
  bool readable = true, writable = true;  // whether there are functions, and text
  std::vector<unsigned char> file, sunk;
  std::size_t reads = 1u << 20u, writes = 1u << 20u;  // how often they succeed
  linnet::TensorNames names;
  const char* model = "model";

  linnet::Source source() {
    constexpr auto read = [](void* context, std::uint64_t at, void* to, std::size_t bytes) {
      World& world = *static_cast<World*>(context);
      if (world.reads == 0) return false;
      --world.reads;
      std::memcpy(to, world.file.data() + at, bytes);
      return true;
    };
    return {readable ? +read : nullptr, this, file.size()};
  }
  linnet::Sink sink() {
    constexpr auto write = [](void* context, const void* from, std::size_t bytes) {
      World& world = *static_cast<World*>(context);
      if (world.writes == 0) return false;
      --world.writes;
      const auto* byte = static_cast<const unsigned char*>(from);
      world.sunk.insert(world.sunk.end(), byte, byte + bytes);
      return true;
    };
    return {writable ? +write : nullptr, this};
  }
  // The file with other bytes, of the same number, in the place of those that it has once.
  void change_file(const std::string& what, const std::string& by) {
    const std::size_t at = std::string(file.begin(), file.end()).find(what);
    in_order = in_order && at != std::string::npos && what.size() == by.size();
    for (std::size_t k = 0; in_order && k < by.size(); ++k) file[at + k] = static_cast<unsigned char>(by[k]);
  }
  void set_file(const std::string& header) {
    file.assign(8, 0);
    file[0] = static_cast<unsigned char>(header.size() % 256);
    file[1] = static_cast<unsigned char>(header.size() / 256);
    file.insert(file.end(), header.begin(), header.end());
  }

  Scales scales{inputs, targets};
  Metrics metrics;

  // Objects and answers.
  linnet::Network network, whole;
  linnet::Predictor predictor;
  linnet::Trainer trainer, taken;
  linnet::ParameterGroups groups;
  linnet::Diagnostics diagnostics;
  linnet::FixedNetwork<kCapacity> fixed_network;
  linnet::FixedTrainer<kCapacity, kPlan> fixed_trainer;
  linnet::Pcg32 random{7};
  linnet::TrainerProgress progress{}, written_progress{};
  linnet::Fault fault;
  linnet::Activation found{};
  linnet::Split parts{};
  linnet::Topology parsed{}, shaped{};
  std::size_t length = 0, position = 0;
  linnet::TensorReport tensor;
  linnet::Score score{-1.0f, -1.0f};
  float loss = -1.0f;
  linnet::Span<const float> state, peaks;  // of the trainer, of diagnostics

  // The inputs, to be written.
  [[nodiscard]] linnet::Rows in_place() const {
    return {const_cast<float*>(inputs.data()), inputs.count(), inputs.columns()};
  }
  static bool tell(void* context, std::uint32_t number, linnet::Sample& sample) {
    World& world = *static_cast<World*>(context);
    if (world.tellings == 0) return false;
    --world.tellings;
    std::memcpy(sample.inputs.data(), world.inputs.data() + number * kInputs, sizeof(float) * sample.inputs.size());
    std::memcpy(sample.targets.data(), world.targets.data() + number * kOutputs, sizeof(float) * sample.targets.size());
    sample.label = world.labels[number];
    sample.weight = world.weights[number];
    return true;
  }
  // What fit() and evaluate() are given.
  [[nodiscard]] linnet::Samples run_samples(bool labelled) {
    if (!told) return samples(labelled);
    const bool something =
        inputs.data() != nullptr && targets.data() != nullptr && labels.data() != nullptr && weights.data() != nullptr;
    reader = {something ? tell : nullptr, this, inputs.count(), inputs.columns(), labelled ? 0 : targets.columns()};
    linnet::Samples result(reader);
    if (told_weights) return result.with_weights(weights);
    return weighted ? result.with_weights() : result;
  }
  linnet::SampleReader reader{};
  [[nodiscard]] linnet::FitGuide guide(bool labelled) {
    const linnet::FitGuide result =
        validated ? linnet::FitGuide().with_validation(run_samples(labelled), held) : linnet::FitGuide();
    return result.with_keeper(keeper).with_schedule(schedule, rate);
  }

  [[nodiscard]] linnet::Samples samples(bool labelled) const {
    linnet::Samples result = labelled ? linnet::Samples(inputs, labels) : linnet::Samples(inputs, targets);
    result.weights = weights;
    result.weighting = weighted ? &linnet::descriptor::sample_weights : nullptr;
    return result;
  }
  [[nodiscard]] linnet::Batches batches(bool labelled) {
    return {run_samples(labelled), order, batch_lent, batch, batch_labels_lent, batch_weights_lent};
  }

  // All that a refused call must leave as it is: what was lent but for workspace, the objects, what answers go to.
  [[nodiscard]] std::vector<unsigned char> kept() const {
    std::vector<unsigned char> bytes;
    const auto add = [&bytes](const void* from, std::size_t size) {
      const auto* byte = static_cast<const unsigned char*>(from);
      bytes.insert(bytes.end(), byte, byte + size);
    };
    const auto add_all = [&add](const auto&... lents) {
      (add(lents.data(), lents.size() * sizeof *lents.data()), ...);
    };
    add_all(frozen, trainable, all, written, x, t, d, w, classes, numbers, seen, reported, saved, quantile, own, state,
            peaks, medium.bytes(), taken_weights, taken_biases, copied_weights, copied_biases, text, replay.inputs,
            replay.other_inputs, replay.targets, replay.labels, replay.counts, replay.other_counts, replay.drawn,
            replay.drawn_targets, replay.drawn_labels, scales.memory, scales.other_memory, scales.target_memory,
            scales.rows, scales.state, scales.written, metrics.matrix, metrics.counts, metrics.memory);
    add_all(held_numbers, kept_floats);
    for (std::size_t k = 0; trainer.bound() && k < network.topology().layer_count; ++k) {
      const linnet::ConstMatrix g = trainer.gradients(k);
      add(g.data(), g.size() * sizeof(float));
      add_all(trainer.bias_gradients(k));
    }
    const auto add_each = [&add](const auto&... objects) { (add(&objects, sizeof objects), ...); };
    const float rate_now = trainer.learning_rate(), loss_now = trainer.loss();
    const std::uint64_t steps = trainer.steps();
    const linnet::Pcg32::State place = random.state();
    add_each(network, whole, predictor, groups, diagnostics, fixed_network, fixed_trainer, rate_now, loss_now, steps,
             place.state, place.increment, progress, written_progress, found, parts, score, loss, parsed, shaped,
             plateau_state, rate, replay.of_targets, replay.of_labels, scales.inputs, scales.other, scales.targets,
             metrics.confusion, metrics.labels, metrics.errors, metrics.top, metrics.none);
    add_each(keeper.state);
    return bytes;
  }
  void look_at_zones() const {
    const auto each = [](const auto&... lents) { (lents.look_at_zones(), ...); };
    each(held_numbers, kept_floats);
    each(frozen, trainable, all, memory, scratch, written, x, t, d, w, classes, numbers, batch_memory, batch_labels,
         batch_weights, scaling, seen, seen_memory, reported, saved, sorted, quantile, own, taken_weights, taken_biases,
         copied_weights, copied_biases, text, found_text, replay.inputs, replay.other_inputs, replay.targets,
         replay.labels, replay.counts, replay.other_counts, replay.x, replay.t, replay.drawn, replay.drawn_targets,
         replay.drawn_labels, scales.memory, scales.other_memory, scales.target_memory, scales.rows, metrics.matrix,
         metrics.counts, metrics.memory);
  }
};

}  // namespace linnet_refusals
