#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/random.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// @file
/// A few samples of all that came, kept to be learned again: a network that learns online forgets what it no longer sees.
///
///     static float kept[64][3], goals[64][1];
///     static std::uint32_t counts[linnet::replay_counts()];
///     status = replay.bind(linnet::replay::floats(kept), goals, counts);  // then for each sample that comes:
///     status = replay.add(x, t, random);
///     status = replay.draw(inputs, targets, random);                      // a batch to learn beside it
///
/// All that it knows lies in lent memory. A checkpoint carries it in three pieces, inputs (of 4, 2 or 1 bytes), targets or
/// labels, and counts, beside the generator's state: bind first, then load.
namespace linnet {

/// How inputs are kept; naming one is what links it.
struct ReplayCodec;
/// Which samples are kept; naming one is what links it.
struct ReplayChooser;
namespace descriptor {
extern const ReplayCodec replay_floats;      ///< that of replay::floats()
extern const ReplayCodec replay_int16;       ///< that of replay::int16()
extern const ReplayCodec replay_bytes;       ///< that of replay::bytes()
extern const ReplayChooser plain_replay;     ///< that of replay::plain
extern const ReplayChooser balanced_replay;  ///< that of replay::balanced()
}  // namespace descriptor

/// Lent memory for the inputs of samples, made by a function below. Plain data.
struct ReplayInputs {
  const ReplayCodec* codec;  ///< as what they are kept
  void* data;                ///< (capacity, columns)
  std::size_t capacity;      ///< samples
  std::size_t columns;       ///< inputs of a sample
  float scale = 1.0f;        ///< x = offset + scale times the number that is kept
  float offset = 0.0f;       ///< the number that 0 stands for
};

/// Which samples stay. Plain data.
struct ReplayChoice {
  const ReplayChooser* chooser;  ///< whose place a sample takes
  std::size_t classes;           ///< 0 where it does not look at labels
};

/// As what inputs are kept, and which samples stay.
namespace replay {

/// Inputs as they are, four bytes each.
constexpr ReplayInputs floats(Rows kept) noexcept {
  return {&descriptor::replay_floats, kept.data(), kept.count(), kept.columns()};
}
/// Inputs as whole numbers from -32767 to 32767 of `scale`, from `offset` on: off by half a scale at most. `scale` in
/// [1e-30, 1e30], `offset` no larger than 1e30 in magnitude.
constexpr ReplayInputs int16(RowsOf<std::int16_t> kept, float scale, float offset = 0.0f) noexcept {
  return {&descriptor::replay_int16, kept.data(), kept.count(), kept.columns(), scale, offset};
}
/// The same from 0 to 255: pixels, for example, with 1.0f / 255.
constexpr ReplayInputs bytes(RowsOf<std::uint8_t> kept, float scale, float offset = 0.0f) noexcept {
  return {&descriptor::replay_bytes, kept.data(), kept.count(), kept.columns(), scale, offset};
}

/// Every sample that came is as likely to be there as any other (reservoir sampling, algorithm R, Vitter 1985).
inline constexpr ReplayChoice plain{&descriptor::plain_replay, 0};
/// Classes as evenly as what came allows, and within a class every sample as likely as any other (class-balancing reservoir
/// sampling, Chrysakis & Moens 2020). Classes in [1, 65535]; an addition looks at every label that is kept.
constexpr ReplayChoice balanced(std::size_t classes) noexcept { return {&descriptor::balanced_replay, classes}; }

}  // namespace replay

/// Numbers of lent memory for counts: the samples that came; per class, how many came of it, are kept, and whether it was
/// ever the largest.
constexpr std::size_t replay_counts(std::size_t classes = 0) noexcept { return 1 + 3 * classes; }

/// What a Replay is bound to. Plain data for the library alone: it may look different in any version.
struct ReplayData {
  ReplayInputs inputs{};         ///< where inputs lie; without a codec: not bound
  Rows targets{};                ///< (capacity, outputs), or empty
  Span<std::uint16_t> labels{};  ///< (capacity), or empty
  Span<std::uint32_t> counts{};  ///< (replay_counts())
  ReplayChoice choice{};         ///< which samples stay
};

/// Keeps samples in lent memory and draws batches from them. A view: a copy sees the same samples.
class Replay {
 public:
  /// Begins with no sample. `targets` (capacity, outputs) or a label each; replay_counts() counts or more. All is lent.
  /// Returns ok, null_memory, bad_columns (none), bad_batch (capacity 0, or another one of targets or labels), too_large,
  /// too_little_memory (counts), bad_setting (scale, offset or classes), or overlapping_memory.
  ///@{
  Status bind(const ReplayInputs& inputs, Rows targets, Span<std::uint32_t> counts) noexcept;
  Status bind(const ReplayInputs& inputs, Span<std::uint16_t> labels, Span<std::uint32_t> counts,
              const ReplayChoice& choice = replay::plain) noexcept;
  ///@}

  /// Offers a sample, which takes the place of another one or is passed over. `inputs` (columns), `targets` (outputs). While
  /// there is room it is kept without a draw; then Pcg32::below() is called once. Returns ok, not_bound, bad_config (labels
  /// are kept), null_memory, bad_columns, bad_input (NaN, infinite, or out of what the scale can keep), bad_target (NaN or
  /// infinite), or overlapping_memory (with what is kept).
  Status add(Span<const float> inputs, Span<const float> targets, Pcg32& random) noexcept;
  /// The same with a label. Returns ok, not_bound, bad_config (targets are kept), null_memory, bad_columns, bad_input,
  /// bad_label (balanced: no class), or overlapping_memory.
  Status add(Span<const float> inputs, std::uint16_t label, Pcg32& random) noexcept;

  /// Writes `inputs` (batch, columns) and `targets` (batch, outputs) or a label each: every row a sample drawn from all
  /// that are kept, by one Pcg32::below(), so one may be there twice. What came from a checkpoint is not looked at: a
  /// trainer refuses what it cannot learn. Returns ok, not_bound, null_memory, bad_config (as of add()), bad_batch (no rows,
  /// not as many targets or labels, or nothing to draw from), bad_columns, or overlapping_memory.
  ///@{
  Status draw(Rows inputs, Rows targets, Pcg32& random) const noexcept;
  Status draw(Rows inputs, Span<std::uint16_t> labels, Pcg32& random) const noexcept;
  ///@}

  /// Forgets every sample; nothing where it is not bound.
  void clear() noexcept;

  [[nodiscard]] bool bound() const noexcept { return data_.inputs.codec != nullptr; }    ///< after a successful bind()
  [[nodiscard]] std::size_t capacity() const noexcept { return data_.inputs.capacity; }  ///< samples that can be kept
  [[nodiscard]] std::size_t size() const noexcept;                                       ///< samples that are kept
  [[nodiscard]] std::uint32_t seen() const noexcept;  ///< samples that were added; stays at 2^32 - 1

  /// What it is bound to, for those who look into it.
  [[nodiscard]] const ReplayData& inside() const noexcept { return data_; }

 private:
  void take(const ReplayData& data) noexcept;
  [[nodiscard]] bool touches(Span<const float> floats) const noexcept;
  [[nodiscard]] Status check_sample(Span<const float> inputs, bool labelled) const noexcept;
  [[nodiscard]] Status check_batch(Rows inputs, const void* goals, std::size_t count, bool labelled) const noexcept;
  std::size_t keep(Span<const float> inputs, std::uint16_t label, Pcg32& random) noexcept;

  ReplayData data_{};
};

}  // namespace linnet
