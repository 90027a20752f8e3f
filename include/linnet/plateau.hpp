#pragma once

#include <cstdint>

#include <linnet/status.hpp>

namespace linnet {

/// When a learning rate is reduced because nothing gets better: torch.optim.lr_scheduler.ReduceLROnPlateau. Plain data.
struct Plateau {
  float factor = 0.1f;            ///< a reduced rate is so many times the one before; in [0, 1)
  std::uint32_t patience = 10;    ///< so many values in a row may be no better
  float threshold = 1e-4f;        ///< what is better by no more than that is no better; in [0, 1e6] ...
  bool relative = true;           ///< ... times the best value; else as it is
  bool larger_is_better = false;  ///< of an accuracy; else of a loss
  std::uint32_t cooldown = 0;     ///< after a reduction so many values do not count as worse
  float lowest = 0.0f;            ///< no rate is reduced below it; in [0, 1e6]
};

/// What a plateau remembers: all zeros at first. Four words without padding, so a checkpoint takes it as
/// Piece{"plateau", &state, 4, 4}: on the medium 16 bytes, little-endian, in this order.
struct PlateauState {
  float best = 0.0f;          ///< of the values so far
  std::uint32_t seen = 0;     ///< how many there were; stays at 2^32 - 1
  std::uint32_t bad = 0;      ///< in a row that were no better
  std::uint32_t resting = 0;  ///< that still do not count
};
static_assert(sizeof(PlateauState) == 16, "no padding, on any target");

/// Takes the value of an epoch, a validation loss for example, and reduces `rate` where more than `patience` values in a row
/// were no better than the best one. A change of 1e-8 or less is none. With ok and no reduction `rate` keeps its bits:
///
///     float rate = trainer.learning_rate();
///     status = linnet::reduce_on_plateau(plateau, state, validation_loss, rate);
///     if (status == linnet::Status::ok) status = trainer.set_learning_rate(rate);
///
/// Beside a schedule, `rate` is the base rate. Returns ok, bad_setting (of the plateau), bad_input (a value that is NaN or
/// infinite), bad_hyperparameter (a rate outside of [0, 1e6]), or bad_state (a best value that is NaN or infinite).
Status reduce_on_plateau(const Plateau& plateau, PlateauState& state, float value, float& rate) noexcept;

}  // namespace linnet
