#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/memory.hpp>
#include <linnet/predictor.hpp>
#include <linnet/random.hpp>
#include <linnet/status.hpp>
#include <linnet/trainer.hpp>
#include <linnet/view.hpp>

/// Whole runs over samples that the program owns: split, train in passes, evaluate. Samples stay where they are, in
/// flash too; only the rows of one batch are copied at a time. Which samples take part, and in which order, say their
/// numbers in an array that the program lends: four bytes a sample.
namespace linnet {

/// One row of inputs per sample, and a row of targets or a label.
struct Samples {
  Rows inputs;      ///< (samples, inputs)
  Rows targets{};   ///< (samples, outputs), or empty
  Labels labels{};  ///< one per sample, or empty
  bool labelled = false;

  constexpr Samples() noexcept = default;
  constexpr Samples(Rows ins, Rows outs) noexcept : inputs(ins), targets(outs) {}
  constexpr Samples(Rows ins, Labels classes) noexcept : inputs(ins), labels(classes), labelled(true) {}
};

/// Floats for putting batches together: inputs (batch, inputs), then targets (batch, targets); no targets with labels.
constexpr std::size_t batch_floats(std::size_t inputs, std::size_t targets, std::size_t batch) noexcept {
  return layout::product(batch, layout::sum(inputs, targets));
}

/// Where a batch is put together; means nothing between calls.
struct BatchMemory {
  Span<float> rows;              ///< batch_floats() or more
  Span<std::uint16_t> labels{};  ///< as many as rows in a batch, or more; only for samples with labels
};

/// The two parts of an array of sample numbers.
struct Split {
  Span<std::uint32_t> train, test;
};

/// Writes the numbers 0 .. order.size() - 1 into `order` in random order; the first `train` of them are the part to
/// train on, the others the part to test on. The seed of the generator decides alone. Draws as Pcg32::shuffle().
/// Returns ok, null_memory, or bad_argument (`train` is 0 or more than order.size()).
Status split(Span<std::uint32_t> order, std::size_t train, Pcg32& random, Split& parts) noexcept;

/// What a pass over the samples came to.
struct Pass {
  std::size_t number;  ///< counted from 1
  float loss;          ///< mean of the losses that the steps saw, each before its update, weighed by their rows
};

/// Called after every pass; false ends the run.
using PassCallback = bool (*)(void* context, const Pass& pass);
/// Takes the step in the place of Trainer::step(), for a program that looks closer (diagnostics.hpp).
using StepCallback = Status (*)(void* context, Trainer& trainer, const Samples& batch);

/// How fit() goes about it. Plain data.
struct FitPlan {
  std::size_t passes;
  std::size_t batch;    ///< rows of a step; the last step of a pass takes what is left
  bool shuffle = true;  ///< draw a new order before each pass; else the generator is left alone
  PassCallback on_pass = nullptr;
  void* pass_context = nullptr;
  StepCallback take_step = nullptr;
  void* step_context = nullptr;
};

/// Trains on the samples that `order` names, `plan.passes` times, in its order. Unless plan.shuffle is false it shuffles
/// `order` in place before each pass, so the order and the generator's state are all it takes to go on later. The samples, `order` and `memory` may not overlap
/// each other or what the trainer uses. Returns ok (also after on_pass said stop); null_memory, too_little_memory,
/// overlapping_memory, bad_batch (no rows, or not as many targets or labels as inputs, or plan.batch is 0) or
/// bad_argument (a number in `order` is not a sample's), before anything has changed; or what a step returned: then the
/// order is drawn and the steps before that one are done.
Status fit(Trainer& trainer, const Samples& samples, Span<std::uint32_t> order, Pcg32& random, BatchMemory memory,
           const FitPlan& plan) noexcept;

/// The trainer's loss on the samples that `order` names: the mean over batches of `batch` rows, weighed by their rows.
/// (With class weights that is the mean of batches, not of all samples at once.) `loss` is written only with ok.
/// Returns what fit() returns; no weight changes.
Status evaluate(Trainer& trainer, const Samples& samples, Span<const std::uint32_t> order, BatchMemory memory,
                std::size_t batch, float& loss) noexcept;

/// What score() counts.
struct Score {
  float accuracy;            ///< share of the samples read rightly
  float mean_squared_error;  ///< over all outputs; a label stands for a 1 among zeros
};

/// Predicts the samples that `order` names, one by one. Right is: the largest output is at the label, or where the
/// largest target is; with one output, it and the target (or label 1) are on the same side of `threshold`.
/// `outputs` is room for one row of them, with labels exactly one row. Returns ok, null_memory, too_little_memory, bad_batch, bad_argument,
/// bad_label (a label is not below the number of outputs), or what predict() returns. `score` is written only with ok.
Status score(Predictor& predictor, const Samples& samples, Span<const std::uint32_t> order, Span<float> outputs,
             Score& score, float threshold = 0.5f) noexcept;

}  // namespace linnet
