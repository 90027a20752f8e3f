#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/initialize.hpp>
#include <linnet/kernels.hpp>
#include <linnet/memory.hpp>
#include <linnet/network.hpp>
#include <linnet/random.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// Starts that look around: at the activation behind the weights, or at the data before them.
namespace linnet {

/// The initializers that take nothing but a network.
enum class Initializer : std::uint8_t {
  linear_default = 0,
  xavier_uniform = 1,
  xavier_normal = 2,
  kaiming_uniform = 3,
  kaiming_normal = 4,
  orthogonal = 5,
};

/// Why an initializer does not fit weights before `activation` in a hidden layer, as a sentence in read-only memory; null
/// where nothing speaks against it. Xavier wants activations that are linear around 0, Kaiming wants rectifiers, SELU
/// deviations of 1 / sqrt(fan_in). nn.Linear's default keeps at most a third of the variance and fits none; orthogonal
/// with its gain of 1 is judged as Xavier is.
const char* objection(Initializer initializer, const Activation& activation) noexcept;

/// Initializes as told, and says what speaks against it: `reason` is the objection of the lowest trainable hidden layer that
/// has one, or null. The weights are drawn either way. Returns ok, not_bound, or bad_argument (no such initializer).
Status initialize(Network& network, Pcg32& random, Initializer initializer, const char*& reason) noexcept;

/// Floats that scale_to_unit_variance() borrows: two times `rows` rows of the widest layer.
constexpr std::size_t unit_variance_floats(const TopologyView& t, std::size_t rows) noexcept {
  return layout::product(rows, predictor_floats(t));
}

/// Scales the weights of every trainable layer, from below, so that its pre-activations over `inputs` (rows, inputs) have a
/// standard deviation within 1 % of 1; a factor is mended up to ten times, since biases stay as they are. Starting from
/// orthogonal() this is LSUV (Mishkin & Matas 2016). A layer whose pre-activations are all equal is left alone. Of `memory`
/// (unit_variance_floats() or more) the first so many are used; they may not overlap parameters, layers or inputs. The
/// factors of all layers are found before the first weight changes, so a refused call leaves every weight as it was. Returns
/// ok, not_bound, null_memory, bad_batch (no rows), bad_columns, too_little_memory, overlapping_memory, bad_input, or
/// diverged (a pre-activation or activation is not finite, or a scaled weight would not be).
Status scale_to_unit_variance(Network& network, Rows inputs, Span<float> memory,
                              const KernelTable& kernels = best_kernels()) noexcept;

}  // namespace linnet
