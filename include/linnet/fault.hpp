#pragma once

#include <cstddef>

#include <linnet/status.hpp>
#include <linnet/trainer.hpp>
#include <linnet/view.hpp>

/// @file
/// Where a refused batch goes wrong. A program that does not name find_fault() carries none of it.
namespace linnet {

/// A place that a Fault does not name.
inline constexpr std::size_t kNowhere = ~std::size_t{0};

/// Where a call was refused: each is a number counted from 0, or kNowhere. Plain data.
struct Fault {
  std::size_t sample = kNowhere;  ///< the row of a batch; in a run the number of the sample
  std::size_t column = kNowhere;  ///< of the inputs (bad_input) or of the targets (bad_target)
  std::size_t layer = kNowhere;   ///< with diverged
};

/// Says what Trainer::step() would say to a batch, without a step, and where: it checks and goes forward and backward once
/// more, and writes workspace alone. The same arguments as step(). `fault` is
/// - bad_input, bad_target: the first number, row by row, that is not finite or is out of the range of the loss
/// - bad_label: the first row whose label is no class; no row where the loss takes no labels
/// - diverged: the first layer, from the inputs on, that has a pre-activation or activation that is not finite, and the
///   first row with one;
///   or else the last layer, where the loss is not finite, and the first row whose own is not;
///   or else the first layer whose weights are too large for L2 decay, and no row;
///   or else the layer, the first from the outputs on, whose gradients may be too large for the optimizer, and the row
///   with its largest unit gradient
/// - anything else: nowhere
///
/// Returns what Trainer::step() returns.
///@{
Status find_fault(Trainer& trainer, ConstRows inputs, ConstRows targets, Fault& fault) noexcept;
Status find_fault(Trainer& trainer, ConstRows inputs, Labels targets, Fault& fault) noexcept;
///@}

}  // namespace linnet
