#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/fit.hpp>
#include <linnet/keeper.hpp>
#include <linnet/random.hpp>
#include <linnet/schedule.hpp>
#include <linnet/status.hpp>
#include <linnet/trainer.hpp>
#include <linnet/view.hpp>

/// @file
/// Whole runs that look at samples they do not train on: validation, early stopping, the best
/// parameters put back; and a schedule of learning rates.
namespace linnet {

/// What a guided run needs for each of its parts; naming the function that sets one is what links it.
///@{
struct ValidationDescriptor;
struct KeeperDescriptor;
struct FollowedDescriptor;
namespace descriptor {
extern const ValidationDescriptor validation;    ///< that of FitGuide::with_validation()
extern const KeeperDescriptor keeper;            ///< that of FitGuide::with_keeper()
extern const FollowedDescriptor followed_rates;  ///< that of FitGuide::with_schedule()
}  // namespace descriptor
///@}

/// What an epoch of a guided run came to.
struct GuidedEpoch {
  std::size_t number;     ///< counted from 1
  float loss;             ///< as Epoch::loss
  float validation_loss;  ///< as evaluate() gives it after the epoch; NaN where it is not finite, or nobody asked
  bool best;              ///< the keeper saw none as small before: time to save a checkpoint
};

/// Called after every epoch; false ends the run. It may save() the trainer, and set its learning rate where there is no
/// schedule.
using GuideCallback = bool (*)(void* context, Trainer& trainer, const GuidedEpoch& epoch);

/// What guides a run beside its FitPlan. Plain data; all of it is lent.
///
///     const auto guide = FitGuide().with_validation(samples, parts.test).with_keeper(best).with_schedule(rates, 0.01f);
struct FitGuide {
  Samples validation{};                              ///< not trained on, in batches as those of training
  Span<std::uint32_t> validation_order{};            ///< which of them, at least one; the order stays
  const ValidationDescriptor* validating = nullptr;  ///< null: nothing is validated
  Keeper* keeper = nullptr;                          ///< of validation losses
  const KeeperDescriptor* keeping = nullptr;         ///< null: nothing is kept
  const Schedule* schedule = nullptr;                ///< of steps, counted by Trainer::steps()
  float base_rate = 0.0f;                            ///< the schedule's: in [0, 1e6]
  const FollowedDescriptor* following = nullptr;     ///< null: the learning rate is left alone
  GuideCallback on_epoch = nullptr;                  ///< null: nobody is called; after FitPlan::on_epoch
  void* epoch_context = nullptr;                     ///< handed to it

  /// The same, with these samples, of which `order` names at least one, evaluated after every epoch.
  [[nodiscard]] constexpr FitGuide with_validation(const Samples& samples, Span<std::uint32_t> order) const noexcept {
    FitGuide result = *this;
    result.validation = samples;
    result.validation_order = order;
    result.validating = &descriptor::validation;
    return result;
  }
  /// The same with a keeper, which observes every validation loss.
  [[nodiscard]] constexpr FitGuide with_keeper(Keeper& best LINNET_LIFETIMEBOUND) const noexcept {
    FitGuide result = *this;
    result.keeper = &best;
    result.keeping = &descriptor::keeper;
    return result;
  }
  /// The same with a schedule: step s, as Trainer::steps() counts from 0, is made at the rate rates(s, base).
  [[nodiscard]] constexpr FitGuide with_schedule(const Schedule& rates LINNET_LIFETIMEBOUND,
                                                 float base) const noexcept {
    FitGuide result = *this;
    result.schedule = &rates;
    result.base_rate = base;
    result.following = &descriptor::followed_rates;
    return result;
  }
  /// Refused when compiled: the schedule is kept, and a temporary ends with the call.
  FitGuide with_schedule(const Schedule&&, float) const = delete;
};

/// fit() with a guide. The steps have the bits of fit() without one, at the schedule's rates; the trainer keeps the last.
///
/// After every epoch the validation samples are evaluated, in batches put together in data.memory; the keeper observes
/// their loss. The run ends after the epoch that uses up the keeper's patience; where it is used up already, no step is
/// made. When a run ends, its best parameters are put back, if the keeper has any: with ok always, with anything else if
/// an epoch was completed. A validation loss that is not finite ends nothing.
///
/// The validation samples are looked at before the first step, too, and nothing that is written may overlap them, their
/// order or the keeper's memory. Returns what fit() returns; null_memory, too_little_memory, overlapping_memory or
/// bad_setting (of the keeper or the schedule, or a keeper without validation); bad_hyperparameter (base_rate; or, before
/// the step that it is for, a rate of the schedule: that ends a run on the way); or bad_parameter (something else wrote NaN
/// or infinity into the keeper's memory).
Status fit(Trainer& trainer, const Batches& data, Pcg32& random, const FitPlan& plan, const FitGuide& guide) noexcept;

}  // namespace linnet
