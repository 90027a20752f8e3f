#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/view.hpp>

namespace linnet {

/// What whole runs need for samples that a callback writes; naming a SampleReader is what links it.
struct ReadingDescriptor;
namespace descriptor {
extern const ReadingDescriptor sample_reader;  ///< that of every SampleReader
}  // namespace descriptor

/// Room for one sample, which the callback of a SampleReader writes. Before, all inputs and targets are NaN and the label
/// is kIgnored: what is left unwritten is refused as bad_input, bad_target or bad_label (where labels are ignored: does
/// not count).
struct Sample {
  Span<float> inputs;              ///< (inputs), to be written
  Span<float> targets;             ///< (targets), to be written; empty where samples have labels
  std::uint16_t label = kIgnored;  ///< to be written where samples have labels
  float weight = 1.0f;             ///< in [0, kMaxRowWeight]; counts where Samples::with_weights() says so
};

/// Samples that lie in no array of floats: a log of 8- or 16-bit numbers, windows over a series, pages of flash. A callback
/// writes one at a time into the memory of a batch. Plain data, owned by the program.
///
/// For the same numbers it should write the same rows; then a run has the bits of a run over the same rows in arrays. It
/// may also add noise or draw distortions, from a generator of its own. It is called from within fit() and evaluate(), and
/// may not use their trainer.
struct SampleReader {
  /// Writes the sample `number` in [0, count); false where it cannot be read.
  bool (*read)(void* context, std::uint32_t number, Sample& sample);
  void* context;                                                  ///< handed to read()
  std::size_t count;                                              ///< samples there are
  std::size_t inputs;                                             ///< columns
  std::size_t targets;                                            ///< columns; 0: samples have labels
  const ReadingDescriptor* reading = &descriptor::sample_reader;  ///< so that no other program links what it needs
};

}  // namespace linnet
