#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/fault.hpp>
#include <linnet/predictor.hpp>
#include <linnet/random.hpp>
#include <linnet/samples.hpp>
#include <linnet/status.hpp>
#include <linnet/trainer.hpp>
#include <linnet/view.hpp>

/// @file
/// Whole runs over samples that the program owns (samples.hpp): split, train in epochs, evaluate. Which samples take part,
/// and in which order, say their numbers in an array that the program lends: four bytes a sample. guide.hpp has runs that
/// validate, stop early and follow a schedule.
namespace linnet {

/// The two parts of an array of sample numbers.
struct Split {
  Span<std::uint32_t> train;  ///< to train on, never empty
  Span<std::uint32_t> test;   ///< what is left, maybe nothing
};

/// Writes the numbers 0 .. order.size() - 1 into `order` in random order; the first `train` of them are the part to
/// train on, the others the part to test on. The seed of the generator decides alone. Draws as Pcg32::shuffle().
/// Returns ok, null_memory, or bad_order (`train` is 0 or more than order.size(), or that is more than kMaxFloats).
Status split(Span<std::uint32_t> order, std::size_t train, Pcg32& random, Split& parts) noexcept;

/// What an epoch over the samples came to.
struct Epoch {
  std::size_t number;  ///< counted from 1
  float loss;          ///< mean of the losses that the steps saw, each before its update, weighed by their rows; finite
};

/// Called after every epoch; false ends the run.
using EpochCallback = bool (*)(void* context, const Epoch& epoch);
/// Takes the step in the place of Trainer::step(), for a program that looks closer (diagnostics.hpp). Returns ok, or what
/// ends the run. A batch of weighted samples has their weights.
using StepCallback = Status (*)(void* context, Trainer& trainer, const Samples& batch);

/// The same as the find_fault() of rows or labels (fault.hpp), with weights as well: `fault` with bad_weight is the row.
/// Returns what Trainer::step() with weights returns.
Status find_fault(Trainer& trainer, const Samples& batch, Fault& fault) noexcept;
/// That function, for FitPlan::find_fault.
using FaultFinder = Status (*)(Trainer& trainer, const Samples& batch, Fault& fault);

/// How fit() goes about it. Plain data.
struct FitPlan {
  std::size_t epochs;                ///< passes over the order; 0: everything is looked at, and no step is made
  bool shuffle = true;               ///< draw a new order before each epoch; else the generator is left alone
  EpochCallback on_epoch = nullptr;  ///< null: nobody is called
  void* epoch_context = nullptr;     ///< handed to on_epoch
  StepCallback take_step = nullptr;  ///< null: Trainer::step()
  void* step_context = nullptr;      ///< handed to take_step
  /// Where to say which sample, by its number, and which column a call without ok is about; kNowhere with ok. For the
  /// sample and layer of a step that diverged name `find_fault = linnet::find_fault`, too: it costs flash.
  Fault* fault = nullptr;
  FaultFinder find_fault = nullptr;  ///< null: a step that diverged is not looked into
};

/// Trains on the samples that `data.order` names, `plan.epochs` times, in its order. Unless plan.shuffle is false it shuffles
/// `data.order` in place before each epoch, so the order and the generator's state are all it takes to go on later.
///
/// What is written (`data.memory`, `data.order`, the parameters, the trainer's memory) may not overlap anything else that
/// takes part: samples, frozen parameters, class weights, layers. Every sample in the order is looked at before the first
/// step, as step() would look at it, also where plan.take_step makes the steps. So a refused call has changed nothing: the
/// order and the generator keep their bits. Only a run that has begun can end early: where a step says `diverged`, or
/// plan.take_step anything but ok, the order is drawn and the steps before that one are done.
///
/// A SampleReader is asked for every sample once before the first step, and once in every epoch; what it writes is looked
/// at each time. So a run that has begun also ends where the reader then says false (store_failed) or writes a number that
/// it did not write before (bad_input, bad_target, bad_label, bad_weight), before the step of that batch.
///
/// Returns ok (also after on_epoch said stop); not_bound, bad_config (loss::own without take_step or with weights),
/// null_memory, too_little_memory, overlapping_memory, bad_batch (no rows, more than kMaxFloats, not as many targets,
/// labels or weights as inputs, data.batch is 0, or a step would have more rows than max_batch), bad_order (a number in the
/// order is not a sample's), bad_setting (weights without with_weights(), or in an array beside a reader), bad_columns,
/// bad_label, bad_input, bad_target or bad_weight; store_failed (a reader said false); diverged; or what plan.take_step
/// returned.
Status fit(Trainer& trainer, const Batches& data, Pcg32& random, const FitPlan& plan) noexcept;

/// The trainer's loss on the samples that `data.order` names: the mean over batches, weighed by their rows. (With class
/// weights that is the mean of batches, not of all samples at once.) Weights of samples count as in fit(). The mean of
/// finite losses is finite. No weight changes, the order stays, `loss` is written only with ok, and memory may overlap as
/// little as in fit(). A SampleReader is asked for every sample once. Returns what fit() returns; `diverged` where the
/// loss of a batch is not finite.
Status evaluate(Trainer& trainer, const Batches& data, float& loss) noexcept;

/// What score() counts.
struct Score {
  float accuracy;            ///< share of right answers, of the samples that count
  float mean_squared_error;  ///< over all outputs; a label stands for a 1 among zeros, or with one output for itself
};

/// Predicts the samples that `order` names, one by one, and counts the right answers:
///   one output       it and the target (or label 1) are on the same side of `threshold`: above it, or not
///   one label each   the largest output is at the label, or where the largest target is
///   several labels   every output is on its target's side of `threshold`. So all samples are read if the largest target
///                    of any of them is shared by several outputs: it has several labels, or none
/// The threshold is one of outputs: 0.5 suits probabilities (sigmoid); for logits (identity) and tanh it is 0. Every sample
/// counts once, whatever it weighs, but those whose label is kIgnored: where there is no other, both numbers are 0.
///
/// `outputs` is room for one row of them, written over and over; neither it nor the predictor's memory may overlap anything
/// else that takes part. Every sample in `order` is looked at before the first prediction, so that a refused call has
/// changed nothing. `score` is written only with ok. Returns ok, not_bound, null_memory, bad_batch, too_little_memory,
/// overlapping_memory, bad_order (a number in `order` is not a sample's), bad_setting (the threshold), bad_columns,
/// bad_label (not below the number of outputs; with one output below 2), bad_input, bad_target (not finite), or diverged (a
/// prediction or the mean squared error is not finite).
Status score(Predictor& predictor, const Samples& samples, Span<const std::uint32_t> order, Span<float> outputs,
             Score& score, float threshold = 0.5f) noexcept;

}  // namespace linnet
