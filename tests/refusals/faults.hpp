// What can be wrong with the arguments or the objects of a call: one change of a world, and what the calls say whose
// business it is.
#pragma once

#include <limits>

#include "mxcsr.hpp"
#include "refusals/fault.hpp"

namespace linnet_refusals {

inline const std::vector<Fault>& call_faults() {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kLargest = std::numeric_limits<float>::max();
  static const std::vector<Fault> all = {
      {"nothing", Status::ok, [](World&) {}},
      {"nothing is bound", Status::not_bound,
       [](World& at) {
         at.network = linnet::Network();
         at.predictor = linnet::Predictor();
         at.taken = std::move(at.trainer);
         at.replay.of_targets = at.replay.of_labels = linnet::Replay();
       }},
      {"the trainer was bound elsewhere", Status::not_bound,
       [](World& at) { at.say(at.trainer.bind(at.whole, kPlan, at.saved_trainer.span(), linnet_test::kernels())); },
       "Diagnostics::step"},

      {"no inputs", Status::null_memory, [](World& at) { at.inputs = {nullptr, kRows, kInputs}; }},
      {"no targets", Status::null_memory, [](World& at) { at.targets = {nullptr, kRows, kOutputs}; }},
      {"no labels", Status::null_memory, [](World& at) { at.labels = {nullptr, kRows}; }},
      {"no weights", Status::null_memory, [](World& at) { at.weights = {nullptr, kRows}; }},
      {"no derivatives", Status::null_memory, [](World& at) { at.derivatives = {nullptr, kRows, kOutputs}; }},
      {"no outputs", Status::null_memory, [](World& at) { at.outputs = {nullptr, kRows, kOutputs}; }},
      {"no output", Status::null_memory, [](World& at) { at.one_output = {nullptr, kOutputs}; }},
      {"no order", Status::null_memory, [](World& at) { at.order = {nullptr, kRows}; }},
      {"no memory for batches", Status::null_memory, [](World& at) { at.batch_lent = {nullptr, 1000}; }},
      {"no memory for labels", Status::null_memory, [](World& at) { at.batch_labels_lent = {nullptr, kRows}; }},
      {"no memory for weights", Status::null_memory, [](World& at) { at.batch_weights_lent = {nullptr, kRows}; }},
      {"no memory for the trainer", Status::null_memory, [](World& at) { at.lent = {nullptr, 1000}; }},
      {"no trainable parameters", Status::null_memory, [](World& at) { at.parameters = {nullptr, 1000}; }},
      {"no frozen parameters", Status::null_memory, [](World& at) { at.frozen_parameters = {nullptr, 1000}; }},
      {"no parameters", Status::null_memory, [](World& at) { at.all_parameters = {nullptr, 1000}; }},
      {"no parameters to read", Status::null_memory, [](World& at) { at.all_read = {nullptr, 1000}; }},
      {"no scratch", Status::null_memory, [](World& at) { at.scratch_lent = {nullptr, 1000}; }},
      {"no memory to scale in", Status::null_memory, [](World& at) { at.scaling_lent = {nullptr, 1000}; }},
      {"no layers to write", Status::null_memory, [](World& at) { at.seen_layers = {nullptr, 3}; }},
      {"no memory for diagnostics", Status::null_memory, [](World& at) { at.seen_lent = {nullptr, 1000}; }},
      {"no report", Status::null_memory, [](World& at) { at.report = {nullptr, 3}; }},
      {"no saved floats", Status::null_memory, [](World& at) { at.saved_floats = {nullptr, at.saved.size()}; }},
      {"no matrix", Status::null_memory, [](World& at) { at.matrix = {nullptr, 4, kInputs, kInputs, 1}; }},
      {"no values", Status::null_memory, [](World& at) { at.values = {nullptr, kRows, kInputs, kInputs, 1}; }},
      {"no memory to sort in", Status::null_memory, [](World& at) { at.sorted_lent = {nullptr, 1000}; }},
      {"no quantiles", Status::null_memory, [](World& at) { at.quantiles = {nullptr, 2}; }},
      {"no memory for what is kept", Status::null_memory, [](World& at) { at.keeper.memory = {nullptr, 1000}; }},
      {"no order to validate in", Status::null_memory, [](World& at) { at.held = {nullptr, 1}; }},
      {"no rate factors", Status::null_memory, [](World& at) { at.settings.rate_factors = {nullptr, 3}; }},

      {"a float of parameters too few", Status::too_little_memory,
       [](World& at) { at.all_parameters = {at.all.data(), at.all.size() - 1}; }},
      {"a float of parameters to read too few", Status::too_little_memory,
       [](World& at) { at.all_read = {at.all.data(), at.all.size() - 1}; }},
      {"a frozen float too few", Status::too_little_memory,
       [](World& at) { at.frozen_parameters = {at.frozen.data(), at.frozen.size() - 1}; }},
      {"a trainable float too few", Status::too_little_memory,
       [](World& at) { at.parameters = {at.trainable.data(), at.trainable.size() - 1}; }},
      {"a float of the trainer too few", Status::too_little_memory,
       [](World& at) { at.lent = {at.memory.data(), at.memory.size() - 1}; }},
      {"a float of scratch too few", Status::too_little_memory,
       [](World& at) { at.scratch_lent = {at.scratch.data(), at.scratch.size() - 1}; }},
      {"a float to scale in too few", Status::too_little_memory,
       [](World& at) { at.scaling_lent = {at.scaling.data(), at.scaling.size() - 1}; }},
      {"a float for batches too few", Status::too_little_memory,
       [](World& at) { at.batch_lent = {at.batch_memory.data(), kRows * (at.weighted ? kInputs : 0) - 1}; }},
      {"a label too few", Status::too_little_memory,
       [](World& at) { at.batch_labels_lent = {at.batch_labels.data(), kRows - 1}; }},
      {"a weight too few", Status::too_little_memory,
       [](World& at) { at.batch_weights_lent = {at.batch_weights.data(), kRows - 1}; }},
      {"a float to keep too few", Status::too_little_memory,
       [](World& at) { at.keeper.memory = {at.kept_floats.data(), at.kept_floats.size() - 1}; }},
      {"an output too few", Status::too_little_memory, [](World& at) { at.one_output = {at.written.data(), 1}; }},
      {"a layer too few", Status::too_little_memory, [](World& at) { at.seen_layers = {at.seen.data(), 2}; }},
      {"a float for diagnostics too few", Status::too_little_memory,
       [](World& at) { at.seen_lent = {at.seen_memory.data(), at.seen_memory.size() - 1}; }},
      {"a report too few", Status::too_little_memory, [](World& at) { at.report = {at.reported.data(), 2}; }},
      {"a float to sort in too few", Status::too_little_memory,
       [](World& at) { at.sorted_lent = {at.sorted.data(), at.sorted.size() - 1}; }},
      {"a quantile too few", Status::too_little_memory, [](World& at) { at.quantiles = {at.quantile.data(), 1}; }},
      {"a topology that is larger than the capacity", Status::too_little_memory,
       [](World& at) { at.layers[1].units = 6; }},
      {"a batch that is larger than the capacity", Status::too_little_memory,
       [](World& at) { at.config.max_batch = 4 * kRows; }},

      {"outputs over the inputs", Status::overlapping_memory,
       [](World& at) { at.outputs = {at.x.data() + 1, kRows, kOutputs}; }},
      {"an output over the inputs", Status::overlapping_memory,
       [](World& at) { at.one_output = {at.x.data() + 1, kOutputs}; }},
      {"batches over the inputs", Status::overlapping_memory,
       [](World& at) {
         if (!at.told) at.batch_lent = {at.x.data() + 4, at.batch_memory.size()};
       }},
      {"labels of batches over all labels", Status::overlapping_memory,
       [](World& at) { at.batch_labels_lent = at.classes.span(); }},
      {"weights of batches over all weights", Status::overlapping_memory,
       [](World& at) { at.batch_weights_lent = at.w.span(); }},
      {"trainable parameters over frozen ones", Status::overlapping_memory,
       [](World& at) { at.parameters = {at.frozen.data() + 3, at.trainable.size()}; }},
      {"the trainer over parameters", Status::overlapping_memory,
       [](World& at) { at.lent = {at.trainable.data() + 2, at.memory.size()}; }},
      {"scratch over parameters", Status::overlapping_memory,
       [](World& at) { at.scratch_lent = {at.trainable.data(), at.scratch.size()}; }},
      {"scratch over parameters to read", Status::overlapping_memory,
       [](World& at) { at.scratch_lent = {at.all.data() + 5, at.scratch.size()}; }},
      {"scaling over the inputs", Status::overlapping_memory,
       [](World& at) { at.scaling_lent = {at.x.data(), at.scaling.size()}; }},
      {"diagnostics over the trainer", Status::overlapping_memory,
       [](World& at) { at.seen_lent = {at.memory.data(), at.seen_memory.size()}; }},
      {"saved floats over the trainer", Status::overlapping_memory,
       [](World& at) { at.saved_floats = {at.state.data() + 1, at.saved.size()}; }},
      {"sorting over the values", Status::overlapping_memory,
       [](World& at) { at.sorted_lent = {at.x.data(), at.sorted.size()}; }},
      {"what is kept over the parameters", Status::overlapping_memory,
       [](World& at) { at.keeper.memory = {at.trainable.data() + 1, at.kept_floats.size()}; }},
      {"what is kept over the batches", Status::overlapping_memory,
       [](World& at) { at.keeper.memory = {at.batch_memory.data() + 1, at.kept_floats.size()}; }, "fit"},
      {"the order of validation over the other", Status::overlapping_memory,
       [](World& at) { at.held = {at.numbers.data() + 1, 2}; }},
      {"quantiles over the values", Status::overlapping_memory, [](World& at) { at.quantiles = {at.x.data(), 2}; }},

      {"no layer", Status::bad_topology, [](World& at) { at.topology.layer_count = 0; }},
      {"no inputs in the topology", Status::bad_topology, [](World& at) { at.topology.inputs = 0; }},
      {"a layer without units", Status::bad_topology, [](World& at) { at.layers[1].units = 0; }},
      {"more frozen layers than there are", Status::bad_topology, [](World& at) { at.frozen_layers = 4; }},
      {"units that cannot be counted", Status::too_large, [](World& at) { at.layers[1].units = std::size_t{1} << 29; }},
      {"a batch that cannot be counted", Status::too_large,
       [](World& at) { at.config.max_batch = std::size_t{1} << 29; }},
      {"a network whose rows cannot be counted", Status::too_large,
       [](World& at) {
         static constexpr auto kWide = linnet::topology(1, {{(std::size_t{1} << 29) + 1, linnet::activation::relu, false}});
         at.say(at.network.bind(kWide, {at.all.data(), linnet::kMaxFloats}));  // where nobody looks
       },
       "Predictor::bind(Network"},
      {"a slope that is none", Status::bad_activation,
       [](World& at) { at.layers[1].activation = linnet::activation::leaky_relu.with_slope(kNaN); }},
      {"an activation that does not exist", Status::bad_activation,
       [](World& at) { at.activation = static_cast<linnet::ActivationId>(200); }},

      {"a trainer with another kind of loss", Status::bad_config,
       [](World& at) {
         const bool own = at.config.loss.descriptor == &linnet::descriptor::own;
         at.bind(own ? linnet::loss::mean_squared_error : linnet::loss::own);
       },
       "", Status::nothing_accumulated},
      {"no loss", Status::bad_config, [](World& at) { at.config.loss.descriptor = nullptr; }},
      {"a trainer in other memory", Status::bad_config,
       [](World& at) { at.say(at.trainer.bind(at.whole, kPlan, at.saved_trainer.span(), linnet_test::kernels())); },
       "ParameterGroups"},
      {"a rate that is none", Status::bad_hyperparameter,
       [](World& at) { at.rate = at.config.optimizer.learning_rate = kNaN; }},
      {"a factor too few", Status::bad_hyperparameter,
       [](World& at) { at.settings.rate_factors = {at.factors.data(), 2}; }},

      {"no rows", Status::bad_batch,
       [](World& at) {
         at.inputs = {at.x.data(), 0, kInputs};
         at.targets = at.derivatives = {at.t.data(), 0, kOutputs};
         at.outputs = {at.written.data(), 0, kOutputs};
         at.labels = {at.classes.data(), 0};
         at.weights = {at.w.data(), 0};
       },
       "", Status::bad_order},
      {"a target too few", Status::bad_batch, [](World& at) { at.targets = {at.t.data(), kRows - 1, kOutputs}; }},
      {"a derivative too few", Status::bad_batch, [](World& at) { at.derivatives = {at.d.data(), kRows - 1, kOutputs}; }},
      {"outputs for a row too few", Status::bad_batch,
       [](World& at) { at.outputs = {at.written.data(), kRows - 1, kOutputs}; }},
      {"a row without a label", Status::bad_batch, [](World& at) { at.labels = {at.classes.data(), kRows - 1}; }},
      {"a row without a weight", Status::bad_batch, [](World& at) { at.weights = {at.w.data(), kRows - 1}; }},
      {"batches of no rows", Status::bad_batch, [](World& at) { at.batch = at.config.max_batch = 0; }},

      {"rows that cannot be counted", Status::bad_batch,
       [](World& at) {
         constexpr std::size_t kMany = std::size_t{1} << 29;
         at.inputs = {at.x.data(), kMany, kInputs};
         at.targets = at.derivatives = {at.t.data(), kMany, kOutputs};
         at.outputs = {at.written.data(), kMany, kOutputs};
         at.labels = {at.classes.data(), kMany};
         at.weights = {at.w.data(), kMany};
       }},
      {"inputs of another width", Status::bad_columns, [](World& at) { at.inputs = {at.x.data(), kRows, 2}; }},
      {"targets of another width", Status::bad_columns, [](World& at) { at.targets = {at.t.data(), kRows, 1}; }},
      {"derivatives of another width", Status::bad_columns,
       [](World& at) { at.derivatives = {at.d.data(), kRows, 1}; }},
      {"outputs of another width", Status::bad_columns, [](World& at) { at.outputs = {at.written.data(), kRows, 1}; },
       "", Status::bad_label},
      {"a label that is no class", Status::bad_label, [](World& at) { at.classes.data()[2] = 2; }},
      {"an input that is NaN", Status::bad_input,
       [](World& at) { at.x.data()[5] = std::numeric_limits<float>::quiet_NaN(); }},
      {"an infinite input", Status::bad_input, [](World& at) { at.x.data()[11] = kInfinity; }},
      {"a target that is NaN", Status::bad_target, [](World& at) { at.t.data()[5] = at.d.data()[5] = kNaN; }},
      {"a sample that is none", Status::bad_order, [](World& at) { at.numbers.data()[1] = kRows; }},
      {"a part of no samples", Status::bad_order, [](World& at) { at.first = 0; }},
      {"a part of more samples than there are", Status::bad_order, [](World& at) { at.first = kRows + 1; }},

      {"progress of another layout", Status::bad_state, [](World& at) { at.progress.layout_version = 1; }},
      {"a saved state that is NaN", Status::bad_state, [](World& at) { at.saved.data()[7] = kNaN; }},
      {"a state that is NaN", Status::bad_state,
       [](World& at) { const_cast<float&>(at.state[3]) = kNaN; }, "Trainer::check_state"},
      {"gradients that are not kept", Status::gradients_not_kept,
       [](World& at) {
         const bool own = at.config.loss.descriptor == &linnet::descriptor::own;
         at.bind(own ? linnet::loss::own : at.config.loss, linnet::Gradients::fused);
         if (own) at.forward();
       }},
      {"nothing was forwarded or accumulated", Status::nothing_forwarded, [](World& at) { at.bind(at.config.loss); },
       "Trainer::step_from"},
      {"nothing was forwarded to accumulate", Status::nothing_forwarded, [](World& at) { at.bind(at.config.loss); },
       "Trainer::accumulate_from"},
      {"nothing was forwarded to be looked at", Status::nothing_forwarded, [](World& at) { at.bind(at.config.loss); },
       "Diagnostics::step_from"},
      {"nothing was accumulated", Status::nothing_accumulated, [](World& at) { at.bind(at.config.loss); },
       "Trainer::apply"},
      {"a share below 0", Status::bad_share, [](World& at) { at.share = -0.5f; }},
      {"a share that is NaN", Status::bad_share, [](World& at) { at.share = at.scale = kNaN; }},
      {"a scale above 1", Status::bad_share, [](World& at) { at.scale = 1.5f; }},

      {"weights without with_weights()", Status::bad_setting, [](World& at) { at.weighted = false; },
       "fit"},
      {"weights without with_weights(), evaluated", Status::bad_setting, [](World& at) { at.weighted = false; },
       "evaluate"},
      {"weights in an array beside a reader", Status::bad_setting, [](World& at) { at.told_weights = true; }},
      {"a keeper without validation", Status::bad_setting, [](World& at) { at.validated = false; }},
      {"a least gain below 0", Status::bad_setting, [](World& at) { at.keeper.least_gain = -0.5f; }},
      {"a threshold that is NaN", Status::bad_setting, [](World& at) { at.threshold = at.thresholds.dead = kNaN; }},
      {"a saturation of 1", Status::bad_setting, [](World& at) { at.looks.saturation = 1.0f; }},
      {"an activation range of nothing", Status::bad_setting, [](World& at) { at.looks.activation_range = {1.0f, 1.0f}; }},
      {"a range of input gradients upside down", Status::bad_setting,
       [](World& at) { at.looks.input_gradient_range = {1.0f, -1.0f}; }},
      {"a range of weight gradients without end", Status::bad_setting,
       [](World& at) { at.looks.weight_gradient_range = {-kLargest, kLargest}; }},
      {"a share below 0 of the values", Status::bad_setting, [](World& at) { at.shares[0] = -0.1f; }},
      {"a share above 1", Status::bad_setting, [](World& at) { at.shares[1] = 1.5f; }},
      {"a deviation that is NaN", Status::bad_initializer, [](World& at) { at.initializer.stddev = kNaN; }},
      {"a layer that is frozen", Status::bad_initializer, [](World& at) { at.l = 0; }},
      {"a layer that is none", Status::bad_initializer, [](World& at) { at.l = 3; }},
      {"a weight below 0", Status::bad_weight, [](World& at) { at.w.data()[1] = -1.0f; }},
      {"a weight that is NaN", Status::bad_weight, [](World& at) { at.w.data()[3] = kNaN; }},

      {"parameters that overflow", Status::diverged,
       [](World& at) {
         for (float& weight : at.trainable.span()) weight = kLargest;
       }},
      {"gradients that overflow", Status::diverged,
       [](World& at) {
         for (float& derivative : at.d.span()) derivative = 0x1p60f;
         at.forward();
         at.say(at.trainer.accumulate_from(at.inputs, at.derivatives));
       },
       "Trainer::apply"},
      {"a store that cannot read", Status::null_memory, [](World& at) { at.store.read = nullptr; }},
      {"a piece without memory", Status::null_memory, [](World& at) { at.pieces[1].data = nullptr; }},
      {"a unit of writing of 3 bytes", Status::bad_setting, [](World& at) { at.store.write_unit = 3; }},
      {"a piece of width 3", Status::bad_setting, [](World& at) { at.pieces[0].width = 3; }},
      {"two pieces of one name", Status::bad_setting,
       [](World& at) { std::memcpy(at.pieces[1].name, at.pieces[0].name, 8); }},
      {"no buffer for a unit of writing", Status::too_little_memory,
       [](World& at) {
         at.store.write_unit = 128;
         at.store.buffer = {};
       }},
      {"slots that are too small", Status::too_little_memory, [](World& at) { at.store.size = 3 * 512; }, "save"},
      {"a state that cannot be kept", Status::bad_state,
       [](World& at) { const_cast<float&>(at.state[3]) = kNaN; }, "save"},
      {"a checkpoint without state", Status::bad_state, 
       [](World& at) {
         at.with_trainer = false;
         at.keep_anew(kFlash);
         at.with_trainer = true;
       }},
      {"two slots, one on trial", Status::trial_pending, 
       [](World& at) {
         at.keep_anew(linnet_keep::Geometry{2 * 2048, 4, 512, 2});
         at.say(linnet::save(at.store, at.checkpoint(), true));
       },
       "save"},
      {"a keeper that has seen nothing", Status::nothing_kept, [](World& at) { at.keeper.state = {}; },
       "Keeper::put_back"},
      {"a keeper of NaN whose patience is used up", Status::bad_parameter,
       [](World& at) {
         at.say(at.keeper.observe(at.network, 0.5f));
         at.keeper.patience = at.keeper.state.since_gain = 1;
         at.kept_floats.data()[7] = kNaN;
       }},
      {"an empty medium", Status::nothing_kept, [](World& at) { at.medium = linnet_keep::Medium(kFlash); }},
      {"a medium with a trial alone", Status::nothing_kept,
       [](World& at) { at.keep_anew(kFlash, true); }, "revert"},
      {"a checkpoint of another version", Status::other_format,
       [](World& at) {
         linnet_keep::Format format;
         format.major = 2;
         at.keep_anew(format);
       },
       "", Status::nothing_kept},
      {"a checkpoint of another network", Status::other_network,
       [](World& at) {
         linnet_keep::Format format = at.header();
         format.layers[0].units = 6;
         at.keep_anew(format);
       },
       "", Status::nothing_kept},
      {"another backbone", Status::other_backbone, [](World& at) { at.frozen.data()[2] += 1.0f; }},
      {"a checkpoint of another contract", Status::other_contract,
       [](World& at) {
         linnet_keep::Format format = at.header();
         format.contract ^= 1u;
         at.keep_anew(format);
       }},
      {"a piece that was not kept", Status::missing_piece, [](World& at) { at.pieces[1].name[0] = 'F'; }},
      {"a piece that was kept longer", Status::other_piece, [](World& at) { at.pieces[0].count = 2; }},
      {"a callback that cannot read", Status::store_failed, [](World& at) { at.tellings = 1; }},
      {"a medium without power", Status::store_failed, [](World& at) { at.medium.power(0); }},
      {"a medium that cannot be read again", Status::store_failed, [](World& at) { at.fail_last_read(); }, "peek"},
      {"a medium that cannot be read again, loading", Status::store_failed,
       [](World& at) { at.fail_last_read(); }, "load"},
#if defined(__SSE2__)
      {"a processor that flushes to zero", Status::broken_arithmetic,
       [](World&) { _mm_setcsr(_mm_getcsr() | 0x8000u); }, "self_check"},
#endif
  };
  return all;
}

}  // namespace linnet_refusals
