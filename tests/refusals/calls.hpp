// Every public function that returns a Status, called with the arguments of a world.
#pragma once

#include "refusals/world.hpp"

namespace linnet_refusals {

struct Call {
  const char* signature;  // as documented.py writes it
  linnet::Loss loss;      // what the trainer is bound to
  Status (*make)(World& at);
  void (*prepare)(World& at) = [](World&) {};  // before the fault
};

inline const std::vector<Call>& calls() {
  namespace loss = linnet::loss;
  const auto forward = [](World& at) { at.forward(); };
  const auto tell = [](World& at) { at.told = true; };
  const auto observe = [](World& at) { at.say(at.keeper.observe(at.network, 0.5f)); };
  static const std::vector<Call> all = {
      {"activation_of(ActivationId, Activation)", loss::mean_squared_error,
       [](World& at) { return linnet::activation_of(at.activation, at.found); }},
      {"check(TopologyView)", loss::mean_squared_error, [](World& at) { return linnet::check(at.topology); }},
      {"check(Schedule)", loss::mean_squared_error, [](World& at) { return linnet::check(at.schedule); }},
      {"reduce_on_plateau(Plateau, PlateauState, float, float)", loss::mean_squared_error,
       [](World& at) { return linnet::reduce_on_plateau(at.plateau, at.plateau_state, at.observed, at.rate); }},
      {"Replay::bind(ReplayInputs, Rows, Span<uint32_t>)", loss::mean_squared_error,
       [](World& at) {
         return at.replay.of_targets.bind(at.replay.to_inputs, at.replay.to_targets, at.replay.to_counts);
       }},
      {"Replay::bind(ReplayInputs, Span<uint16_t>, Span<uint32_t>, ReplayChoice)", loss::mean_squared_error,
       [](World& at) {
         return at.replay.of_labels.bind(at.replay.to_other_inputs, at.replay.to_labels, at.replay.to_other_counts,
                                         at.replay.choice);
       }},
      {"Replay::add(Span<const float>, Span<const float>, Pcg32)", loss::mean_squared_error,
       [](World& at) { return at.replay.of_targets.add(at.replay.sample, at.replay.goal, at.random); }},
      {"Replay::add(Span<const float>, uint16_t, Pcg32)", loss::mean_squared_error,
       [](World& at) { return at.replay.of_labels.add(at.replay.sample, at.replay.label, at.random); }},
      {"Replay::draw(Rows, Rows, Pcg32)", loss::mean_squared_error,
       [](World& at) { return at.replay.of_targets.draw(at.replay.draw_inputs, at.replay.draw_targets, at.random); }},
      {"Replay::draw(Rows, Span<uint16_t>, Pcg32)", loss::mean_squared_error,
       [](World& at) { return at.replay.of_labels.draw(at.replay.draw_inputs, at.replay.draw_labels, at.random); }},
      {"self_check()", loss::mean_squared_error, [](World&) { return linnet::self_check(); }},

      {"Network::bind(TopologyView, Span<float>)", loss::mean_squared_error,
       [](World& at) { return at.whole.bind(at.topology, at.all_parameters); }},
      {"Network::bind(TopologyView, Span<const float>, Span<float>, size_t)", loss::mean_squared_error,
       [](World& at) { return at.network.bind(at.topology, at.frozen_parameters, at.parameters, at.frozen_layers); }},
      {"FixedNetwork::bind(TopologyView)", loss::mean_squared_error,
       [](World& at) { return at.fixed_network.bind(at.topology); }},

      {"initialize(Network, Pcg32, Initializer)", loss::mean_squared_error,
       [](World& at) { return linnet::initialize(at.network, at.random, at.initializer); }},
      {"initialize(Network, size_t, Pcg32, Initializer)", loss::mean_squared_error,
       [](World& at) { return linnet::initialize(at.network, at.l, at.random, at.initializer); }},
      {"initialize(Matrix, Pcg32, Initializer)", loss::mean_squared_error,
       [](World& at) { return linnet::initialize(at.matrix, at.random, at.initializer); }},
      {"scale_to_unit_variance(Network, ConstRows, Span<float>, KernelTable)", loss::mean_squared_error,
       [](World& at) {
         return linnet::scale_to_unit_variance(at.network, at.inputs, at.scaling_lent, linnet_test::kernels());
       }},

      {"take(Network, size_t, Span<const float>, Span<const float>, Order)", loss::mean_squared_error,
       [](World& at) {
         return linnet::take(at.network, at.layer, at.weights_to_take, at.biases_to_take, linnet::Order::inputs_units);
       }},
      {"copy(Network, size_t, Span<float>, Span<float>, Order)", loss::mean_squared_error,
       [](World& at) {
         return linnet::copy(at.network, at.layer, at.weights_to_copy, at.biases_to_copy, linnet::Order::units_inputs);
       }},
      {"print(TopologyView, Span<char>, size_t)", loss::mean_squared_error,
       [](World& at) { return linnet::print(at.topology, at.text_lent, at.length); }},
      {"parse(Span<const char>, Topology, size_t)", loss::mean_squared_error,
       [](World& at) { return linnet::parse(at.text_to_read(), at.parsed, at.position); }},
      {"write_safetensors(Network, Sink, TensorNames)", loss::mean_squared_error,
       [](World& at) { return linnet::write_safetensors(at.network, at.sink(), at.names); }},
      {"read_safetensors(Network, Source, TensorNames, TensorReport)", loss::mean_squared_error,
       [](World& at) { return linnet::read_safetensors(at.network, at.source(), at.names, at.tensor); }},
      {"read_topology(Source, Span<char>, size_t, TensorReport)", loss::mean_squared_error,
       [](World& at) { return linnet::read_topology(at.source(), at.found_text_lent, at.length, at.tensor); }},
      {"read_shape(Source, TensorNames, Topology, TensorReport)", loss::mean_squared_error,
       [](World& at) { return linnet::read_shape(at.source(), at.names, at.shaped, at.tensor); }},
      {"write_header(Network, Sink, char*, Language)", loss::mean_squared_error,
       [](World& at) { return linnet::write_header(at.network, at.sink(), at.model, linnet::Language::c99); }},

      {"Normalizer::bind(size_t, Span<float>, Scaling)", loss::mean_squared_error,
       [](World& at) { return at.scales.inputs.bind(at.scales.columns, at.scales.lent, at.scales.scaling); }},
      {"Normalizer::observe(ConstRows)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->observe(at.inputs); }},
      {"Normalizer::merge(Normalizer)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->merge(at.scales.other); }},
      {"Normalizer::apply(ConstRows, Rows)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->apply(at.inputs, at.scales.scaled); }},
      {"Normalizer::apply(Rows)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->apply(at.in_place()); }},
      {"Normalizer::undo(ConstRows, Rows)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->undo(at.inputs, at.scales.scaled); }},
      {"Normalizer::undo(Rows)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->undo(at.in_place()); }},
      {"Normalizer::save(Span<double>)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->save(at.scales.state_lent); }},
      {"Normalizer::restore(Span<const double>)", loss::mean_squared_error,
       [](World& at) { return at.scales.used->restore(at.scales.state_read); }},
      {"fold(Normalizer, Network, float)", loss::mean_squared_error,
       [](World& at) { return linnet::fold(*at.scales.used, at.whole, at.scales.tolerance); }},
      {"fold_targets(Normalizer, Network, float)", loss::mean_squared_error,
       [](World& at) { return linnet::fold_targets(*at.scales.used_targets, at.whole, at.scales.tolerance); }},

      {"Confusion::bind(size_t, Span<uint32_t>)", loss::mean_squared_error,
       [](World& at) { return at.metrics.confusion.bind(at.metrics.width, at.metrics.matrix_lent); }},
      {"Confusion::add(ConstRows, Labels)", loss::mean_squared_error,
       [](World& at) {
         return (at.metrics.is_bound ? at.metrics.confusion : at.metrics.unbound_confusion).add(at.outputs, at.labels);
       }},
      {"Confusion::add(ConstRows, Labels, float)", loss::mean_squared_error,
       [](World& at) {
         const std::size_t columns = at.outputs.columns() / (at.outputs.count() > kRows ? 1 : 2);
         const linnet::ConstRows column{at.outputs.data(), at.outputs.count(), columns};
         return (at.metrics.is_bound ? at.metrics.confusion : at.metrics.unbound_confusion)
             .add(column, at.labels, at.threshold);
       }},
      {"TopK::add(ConstRows, Labels)", loss::mean_squared_error,
       [](World& at) { return (at.metrics.has_k ? at.metrics.top : at.metrics.none).add(at.outputs, at.labels); }},
      {"MultiLabel::bind(size_t, Span<uint32_t>)", loss::mean_squared_error,
       [](World& at) { return at.metrics.labels.bind(at.metrics.width, at.metrics.counts_lent); }},
      {"MultiLabel::add(ConstRows, ConstRows, float)", loss::mean_squared_error,
       [](World& at) {
         return (at.metrics.is_bound ? at.metrics.labels : at.metrics.unbound_labels)
             .add(at.outputs, at.targets, at.threshold);
       }},
      {"Regression::bind(size_t, Span<float>)", loss::mean_squared_error,
       [](World& at) { return at.metrics.errors.bind(at.metrics.width, at.metrics.lent); }},
      {"Regression::add(ConstRows, ConstRows)", loss::mean_squared_error,
       [](World& at) {
         return (at.metrics.is_bound ? at.metrics.errors : at.metrics.unbound_errors).add(at.outputs, at.targets);
       }},

      {"Predictor::bind(Network, Span<float>, KernelTable)", loss::mean_squared_error,
       [](World& at) { return at.predictor.bind(at.network, at.scratch_lent, linnet_test::kernels()); }},
      {"Predictor::bind(TopologyView, Span<const float>, Span<float>, KernelTable)", loss::mean_squared_error,
       [](World& at) { return at.predictor.bind(at.topology, at.all_read, at.scratch_lent, linnet_test::kernels()); }},
      {"Predictor::predict(ConstRows, Rows)", loss::mean_squared_error,
       [](World& at) { return at.predictor.predict(at.inputs, at.outputs); }},

      {"Trainer::bind(Network, TrainerConfig, Span<float>, KernelTable)", loss::mean_squared_error,
       [](World& at) { return at.trainer.bind(at.network, at.config, at.lent, linnet_test::kernels()); }},
      {"FixedTrainer::bind(Network, TrainerConfig, KernelTable)", loss::mean_squared_error,
       [](World& at) { return at.fixed_trainer.bind(at.network, at.config, linnet_test::kernels()); }},
      {"ParameterGroups::bind(Trainer, GroupSettings)", loss::mean_squared_error,
       [](World& at) { return at.groups.bind(at.trainer, at.settings); }},

      {"Trainer::step(ConstRows, ConstRows)", loss::mean_squared_error,
       [](World& at) { return at.trainer.step(at.inputs, at.targets); }},
      {"Trainer::step(ConstRows, Labels)", loss::softmax_cross_entropy,
       [](World& at) { return at.trainer.step(at.inputs, at.labels); }},
      {"Trainer::step(ConstRows, ConstRows, RowWeights)", loss::mean_squared_error,
       [](World& at) { return at.trainer.step(at.inputs, at.targets, at.weights); }},
      {"Trainer::step(ConstRows, Labels, RowWeights)", loss::softmax_cross_entropy,
       [](World& at) { return at.trainer.step(at.inputs, at.labels, at.weights); }},
      {"Trainer::evaluate(ConstRows, ConstRows, float)", loss::mean_squared_error,
       [](World& at) { return at.trainer.evaluate(at.inputs, at.targets, at.loss); }},
      {"Trainer::evaluate(ConstRows, Labels, float)", loss::softmax_cross_entropy,
       [](World& at) { return at.trainer.evaluate(at.inputs, at.labels, at.loss); }},
      {"Trainer::evaluate(ConstRows, ConstRows, RowWeights, float)", loss::mean_squared_error,
       [](World& at) { return at.trainer.evaluate(at.inputs, at.targets, at.weights, at.loss); }},
      {"Trainer::evaluate(ConstRows, Labels, RowWeights, float)", loss::softmax_cross_entropy,
       [](World& at) { return at.trainer.evaluate(at.inputs, at.labels, at.weights, at.loss); }},
      {"Trainer::accumulate(ConstRows, ConstRows)", loss::mean_squared_error,
       [](World& at) { return at.trainer.accumulate(at.inputs, at.targets); }},
      {"Trainer::accumulate(ConstRows, Labels)", loss::softmax_cross_entropy,
       [](World& at) { return at.trainer.accumulate(at.inputs, at.labels); }},
      {"Trainer::accumulate(ConstRows, ConstRows, RowWeights)", loss::mean_squared_error,
       [](World& at) { return at.trainer.accumulate(at.inputs, at.targets, at.weights); }},
      {"Trainer::accumulate(ConstRows, Labels, RowWeights)", loss::softmax_cross_entropy,
       [](World& at) { return at.trainer.accumulate(at.inputs, at.labels, at.weights); }},
      {"Trainer::forward(ConstRows, Rows)", loss::own,
       [](World& at) { return at.trainer.forward(at.inputs, at.outputs); }},
      {"Trainer::step_from(ConstRows, ConstRows, float)", loss::own,
       [](World& at) { return at.trainer.step_from(at.inputs, at.derivatives, at.share); }, forward},
      {"Trainer::accumulate_from(ConstRows, ConstRows, float)", loss::own,
       [](World& at) { return at.trainer.accumulate_from(at.inputs, at.derivatives, at.share); }, forward},
      {"Trainer::apply(float)", loss::own, [](World& at) { return at.trainer.apply(at.scale); },
       [](World& at) {
         at.forward();
         at.say(at.trainer.accumulate_from(at.inputs, at.derivatives));
       }},
      {"Trainer::discard()", loss::mean_squared_error, [](World& at) { return at.trainer.discard(); }},
      {"Trainer::set_learning_rate(float)", loss::mean_squared_error,
       [](World& at) { return at.trainer.set_learning_rate(at.rate); }},
      {"Trainer::check_state()", loss::mean_squared_error, [](World& at) { return at.trainer.check_state(); }},
      {"Trainer::save(TrainerProgress)", loss::mean_squared_error,
       [](World& at) { return at.trainer.save(at.written_progress); }},
      {"Trainer::restore(TrainerProgress, Span<const float>)", loss::mean_squared_error,
       [](World& at) { return at.trainer.restore(at.progress, at.saved_floats); }},

      {"Diagnostics::bind(Trainer, Span<LayerDiagnostics>, Span<float>, DiagnosticsSettings)", loss::mean_squared_error,
       [](World& at) { return at.diagnostics.bind(at.trainer, at.seen_layers, at.seen_lent, at.looks); }},
      {"Diagnostics::step(ConstRows, ConstRows)", loss::mean_squared_error,
       [](World& at) { return at.diagnostics.step(at.inputs, at.targets); }},
      {"Diagnostics::step(ConstRows, Labels)", loss::softmax_cross_entropy,
       [](World& at) { return at.diagnostics.step(at.inputs, at.labels); }},
      {"Diagnostics::step(ConstRows, ConstRows, RowWeights)", loss::mean_squared_error,
       [](World& at) { return at.diagnostics.step(at.inputs, at.targets, at.weights); }},
      {"Diagnostics::step(ConstRows, Labels, RowWeights)", loss::softmax_cross_entropy,
       [](World& at) { return at.diagnostics.step(at.inputs, at.labels, at.weights); }},
      {"Diagnostics::step_from(ConstRows, ConstRows, float)", loss::own,
       [](World& at) { return at.diagnostics.step_from(at.inputs, at.derivatives, at.share); }, forward},
      {"Diagnostics::take_step(void*, Trainer, Samples)", loss::mean_squared_error,
       [](World& at) { return linnet::Diagnostics::take_step(&at.diagnostics, at.trainer, at.samples(false)); }},
      {"Diagnostics::take_step(void*, Trainer, Samples)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::Diagnostics::take_step(&at.diagnostics, at.trainer, at.samples(true)); }},
      {"Diagnostics::report(Span<LayerReport>, Thresholds)", loss::mean_squared_error,
       [](World& at) { return at.diagnostics.report(at.report, at.thresholds); }},
      {"quantiles(ConstMatrix, Span<const float>, Span<float>, Span<float>)", loss::mean_squared_error,
       [](World& at) { return linnet::quantiles(at.values, at.shares, at.sorted_lent, at.quantiles); }},

      {"find_fault(Trainer, ConstRows, ConstRows, Fault)", loss::mean_squared_error,
       [](World& at) { return linnet::find_fault(at.trainer, at.inputs, at.targets, at.fault); }},
      {"find_fault(Trainer, ConstRows, Labels, Fault)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::find_fault(at.trainer, at.inputs, at.labels, at.fault); }},
      {"find_fault(Trainer, Samples, Fault)", loss::mean_squared_error,
       [](World& at) { return linnet::find_fault(at.trainer, at.samples(false), at.fault); }},
      {"find_fault(Trainer, Samples, Fault)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::find_fault(at.trainer, at.samples(true), at.fault); }},

      {"split(Span<uint32_t>, size_t, Pcg32, Split)", loss::mean_squared_error,
       [](World& at) { return linnet::split(at.order, at.first, at.random, at.parts); }},
      {"fit(Trainer, Batches, Pcg32, FitPlan)", loss::mean_squared_error,
       [](World& at) { return linnet::fit(at.trainer, at.batches(false), at.random, at.plan); }},
      {"fit(Trainer, Batches, Pcg32, FitPlan)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::fit(at.trainer, at.batches(true), at.random, at.plan); }},
      {"fit(Trainer, Batches, Pcg32, FitPlan)", loss::mean_squared_error,
       [](World& at) { return linnet::fit(at.trainer, at.batches(false), at.random, at.plan); }, tell},
      {"fit(Trainer, Batches, Pcg32, FitPlan)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::fit(at.trainer, at.batches(true), at.random, at.plan); }, tell},
      {"fit(Trainer, Batches, Pcg32, FitPlan, FitGuide)", loss::mean_squared_error,
       [](World& at) { return linnet::fit(at.trainer, at.batches(false), at.random, at.plan, at.guide(false)); }},
      {"fit(Trainer, Batches, Pcg32, FitPlan, FitGuide)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::fit(at.trainer, at.batches(true), at.random, at.plan, at.guide(true)); }, tell},
      {"Keeper::observe(Network, float)", loss::mean_squared_error,
       [](World& at) { return at.keeper.observe(at.network, 0.25f); }, observe},
      {"Keeper::put_back(Network)", loss::mean_squared_error, [](World& at) { return at.keeper.put_back(at.network); },
       observe},
      {"evaluate(Trainer, Batches, float)", loss::mean_squared_error,
       [](World& at) { return linnet::evaluate(at.trainer, at.batches(false), at.loss); }},
      {"evaluate(Trainer, Batches, float)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::evaluate(at.trainer, at.batches(true), at.loss); }},
      {"evaluate(Trainer, Batches, float)", loss::mean_squared_error,
       [](World& at) { return linnet::evaluate(at.trainer, at.batches(false), at.loss); }, tell},
      {"evaluate(Trainer, Batches, float)", loss::softmax_cross_entropy,
       [](World& at) { return linnet::evaluate(at.trainer, at.batches(true), at.loss); }, tell},
      {"score(Predictor, Samples, Span<const uint32_t>, Span<float>, Score, float)", loss::mean_squared_error,
       [](World& at) {
         return linnet::score(at.predictor, at.samples(false), at.order, at.one_output, at.score, at.threshold);
       }},
      {"score(Predictor, Samples, Span<const uint32_t>, Span<float>, Score, float)", loss::softmax_cross_entropy,
       [](World& at) {
         return linnet::score(at.predictor, at.samples(true), at.order, at.one_output, at.score, at.threshold);
       }},

      {"save(Store, Checkpoint, bool)", loss::mean_squared_error,
       [](World& at) { return linnet::save(at.store, at.checkpoint(), at.on_trial); }},
      {"peek(Store, Checkpoint, Kept)", loss::mean_squared_error,
       [](World& at) { return linnet::peek(at.store, at.checkpoint(), at.found_kept); }},
      {"load(Store, Checkpoint, Kept)", loss::mean_squared_error,
       [](World& at) { return linnet::load(at.store, at.checkpoint(), at.found_kept); }},
      {"confirm(Store)", loss::mean_squared_error, [](World& at) { return linnet::confirm(at.store); }},
      {"revert(Store)", loss::mean_squared_error, [](World& at) { return linnet::revert(at.store); }},
  };
  return all;
}

}  // namespace linnet_refusals
