#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/lifetime.hpp>
#include <linnet/memory.hpp>
#include <linnet/reader.hpp>
#include <linnet/view.hpp>

/// @file
/// Samples that the program owns, in arrays or behind a callback. They stay where they are, in flash too; only the rows of
/// one batch are put together at a time, in lent memory.
namespace linnet {

/// What whole runs need for weights; naming with_weights() is what links it.
struct WeightsDescriptor;
namespace descriptor {
extern const WeightsDescriptor sample_weights;  ///< that of Samples::with_weights()
}  // namespace descriptor

/// One row of inputs per sample, and a row of targets or a label. With with_weights() also a weight per sample, in
/// [0, kMaxRowWeight], lent: fit(), evaluate() and find_fault() then go by Trainer's calls with a weight per row.
struct Samples {
  ConstRows inputs;                              ///< (samples, inputs); of a reader (0, inputs)
  ConstRows targets{};                           ///< (samples, outputs), or empty; of a reader (0, outputs)
  Labels labels{};                               ///< one per sample, or empty
  bool labelled = false;                         ///< true: `labels` are to be learned, else `targets`
  RowWeights weights{};                          ///< one per sample, or empty; set by with_weights() ...
  const WeightsDescriptor* weighting = nullptr;  ///< ... with this, so that no other program links what they need
  const SampleReader* reader = nullptr;          ///< null: they lie in the arrays above

  constexpr Samples() noexcept = default;
  /// Samples whose targets are rows of floats.
  constexpr Samples(ConstRows ins, ConstRows outs) noexcept : inputs(ins), targets(outs) {}
  /// Samples whose targets are labels, one for each row of inputs.
  constexpr Samples(ConstRows ins, Labels classes) noexcept : inputs(ins), labels(classes), labelled(true) {}
  /// Samples that a callback writes, for fit() and evaluate() alone; other calls say null_memory. The reader is kept.
  constexpr Samples(const SampleReader& from LINNET_LIFETIMEBOUND) noexcept
      : inputs(nullptr, 0, from.inputs),
        targets(nullptr, 0, from.targets),
        labelled(from.targets == 0),
        reader(&from) {}
  /// Refused when compiled: a temporary ends with the call.
  Samples(const SampleReader&&) = delete;

  /// The same with a weight for each; they are kept.
  [[nodiscard]] constexpr Samples with_weights(RowWeights one_each) const noexcept {
    Samples result = with_weights();
    result.weights = one_each;
    return result;
  }
  /// Refused when compiled: the weights are kept, not copied, and a temporary ends with the call.
  template <class C, class = container::IfTemporary<C>>
  constexpr Samples with_weights(C&&) const noexcept {
    return refuse_temporary<C, Samples>();
  }
  /// The same with the weights that the callback writes.
  [[nodiscard]] constexpr Samples with_weights() const noexcept {
    Samples result = *this;
    result.weighting = &descriptor::sample_weights;
    return result;
  }
};

/// Floats for putting batches together: inputs (batch, inputs), then targets (batch, targets); no targets with labels.
constexpr std::size_t batch_floats(std::size_t inputs, std::size_t targets, std::size_t batch) noexcept {
  return layout::product(batch, layout::sum(inputs, targets));
}

/// Samples in batches: which of them take part, in which order, and where the rows of a batch are put together. Plain data;
/// everything is lent.
struct Batches {
  Samples samples;                     ///< all there are
  Span<std::uint32_t> order;           ///< the numbers of the samples that take part; fit() shuffles them
  Span<float> memory;                  ///< batch_floats() or more; means nothing between calls
  std::size_t batch;                   ///< rows of a step; the last step of an epoch takes what is left
  Span<std::uint16_t> label_memory{};  ///< `batch` or more; only for samples with labels
  Span<float> weight_memory{};         ///< `batch` or more; only for samples with weights
};

}  // namespace linnet
