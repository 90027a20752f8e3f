// What the library knows of an initializer, and what the drawing of one matrix shares.
#pragma once

// Rounded after every product and every sum, whatever the contract: both draw the same weights.
#define LINNET_FUSED 0

#include <linnet/initialize.hpp>

#include "arithmetic/elementary.hpp"

namespace linnet {

// What an initializer was made for; objections go by it.
enum class MadeFor : std::uint8_t { anything, nothing, linear_around_zero, rectifier };

// Draws weights, which have elements. Of a network they come with their layer, whose biases lie behind them; of a matrix
// alone with null. Returns ok, or bad_initializer; then nothing has changed.
using Draw = Status (*)(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* layer);

struct InitializerDescriptor {
  Draw draw;
  MadeFor made_for;
  bool draws_biases;  // else they are 0
};

// Those that `automatic` chooses from. It calls them by name: through their descriptors a program's stack would have no
// bound that a tool can find.
Status draw_kaiming_normal(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* layer);
Status draw_kaiming_uniform(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* layer);
Status draw_xavier_uniform(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* layer);

inline float root_of_ratio(float top, float bottom) { return square_root(divide(top, bottom)); }

// Every element in the order of drawing: unit by unit, then input by input; or bad_initializer, where it is not `sound`.
template <class Draw>
Status fill(const Matrix& weights, bool sound, Draw draw) {
  if (!sound) {
    return Status::bad_initializer;
  }
  for (std::size_t o = 0; o < weights.rows(); ++o) {
    for (std::size_t i = 0; i < weights.columns(); ++i) {
      weights(o, i) = draw();
    }
  }
  return Status::ok;
}

inline Status fill_uniform(const Matrix& weights, Pcg32& random, bool sound, float low, float high) {
  return fill(weights, sound, [&random, low, high] { return random.uniform(low, high); });
}
inline Status fill_normal(const Matrix& weights, Pcg32& random, bool sound, float mean, float stddev) {
  return fill(weights, sound, [&random, mean, stddev] { return random.normal(mean, stddev); });
}

inline bool is_normal(const Initializer& how) {
  return how.stddev >= 0.0f && is_finite(magnitude(how.mean) + 7.0f * how.stddev);
}
// The range keeps every deviation and bound finite whatever the shape: either all layers take a gain or none.
inline bool is_gain(float x) { return x >= 0.0f && x <= 1e12f; }
inline bool is_mode(Mode mode) { return mode == Mode::fan_in || mode == Mode::fan_out; }

// Behind the weights of a layer.
inline Span<float> biases_of(const Matrix& weights, const Layer* layer) {
  return {weights.data() + weights.size(), layer != nullptr && layer->bias ? layer->units : 0};
}

inline float fans(const Matrix& weights) {
  return static_cast<float>(weights.rows()) + static_cast<float>(weights.columns());
}
inline float fan(const Matrix& weights, Mode mode) {
  return static_cast<float>(mode == Mode::fan_in ? weights.columns() : weights.rows());
}

}  // namespace linnet
