#pragma once

#include <cstddef>

#include <linnet/kernels.hpp>
#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

namespace linnet {

/// Floats that scale_to_unit_variance() borrows: two times `rows` rows of the widest layer.
constexpr std::size_t unit_variance_floats(const TopologyView& t, std::size_t rows) noexcept {
  return layout::product(rows, predictor_floats(t));
}

/// Scales the weights of every trainable layer, from below, so that its pre-activations over `inputs` (rows, inputs) have a
/// standard deviation within 1 % of 1; a factor is mended up to ten times, since biases stay as they are. After
/// initializer::orthogonal this is layer-sequential unit variance, LSUV (Mishkin & Matas 2016). A layer whose pre-activations are all equal is left alone. Of `memory`
/// (unit_variance_floats() or more) the first so many are used; they may not overlap parameters, layers or inputs. The
/// factors of all layers are found before the first weight changes, so a refused call leaves every weight as it was. Returns
/// ok, not_bound, null_memory, bad_batch (no rows), bad_columns, too_little_memory, overlapping_memory, bad_input, or
/// diverged (a pre-activation or activation is not finite, or a scaled weight would not be).
Status scale_to_unit_variance(Network& network, ConstRows inputs, Span<float> memory,
                              const KernelTable& kernels = best_kernels()) noexcept;

}  // namespace linnet
