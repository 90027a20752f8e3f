// The initializers that need more than one draw per element: truncated normal and orthogonal.
#define LINNET_FUSED 0

#include <linnet/initialize.hpp>

#include "arithmetic/elementary.hpp"
#include "arithmetic/elementwise.hpp"
#include "matrix.hpp"

namespace linnet {

namespace {

constexpr float kMostFloat = 0x1.fffffep127f;

// N(0, 1) given that it lies in [low, high], exact by rejection (Robert 1995, "Simulation of truncated normal
// variables").
struct TruncatedNormal {
  float low, high;

  // The interval holds much of the distribution: draw normals until one lies in it.
  float from_normal(Pcg32& random) const {
    for (;;) {
      const float x = random.normal();
      if (x >= low && x <= high) {
        return x;
      }
    }
  }
  // A short interval: uniform, kept with the density over its largest value there.
  float from_uniform(Pcg32& random, float peak) const {
    for (;;) {
      const float x = random.uniform(low, high);
      if (random.uniform() < exponential(0.5f * (peak - x) * (peak + x))) {
        return x;
      }
    }
  }
  // A tail, 0 < low: exponential beyond `low`, kept with exp(-(x - rate)^2 / 2).
  float from_exponential(Pcg32& random) const {
    const float rate = 0.5f * (low + square_root(low * low + 4.0f));
    for (;;) {
      const float x = low - divide(logarithm(1.0f - random.uniform()), rate);
      const float miss = x - rate;
      if (random.uniform() < exponential(-0.5f * miss * miss) && x <= high) {
        return x;
      }
    }
  }
  float draw(Pcg32& random) const {
    return high < 0.0f ? -TruncatedNormal{-high, -low}.draw_upper(random) : draw_upper(random);
  }
  // high >= 0
  float draw_upper(Pcg32& random) const {
    if (low <= 0.0f) {
      return high - low > 2.5f ? from_normal(random) : from_uniform(random, 0.0f);  // sqrt(2 pi): equal chances
    }
    // The interval's length against 1 / low, the scale on which the tail falls.
    return (high - low) * low > 2.0f || high - low > 2.5f ? from_exponential(random) : from_uniform(random, low);
  }
};

// A vector inside a matrix.
struct Line {
  float* data;
  std::size_t size, stride;

  float& operator[](std::size_t k) const { return data[k * stride]; }
  float dot(Line other) const {
    float sum = 0.0f;
    for (std::size_t k = 0; k < size; ++k) {
      sum += (*this)[k] * other[k];
    }
    return sum;
  }
  void subtract(float factor, Line other) const {
    for (std::size_t k = 0; k < size; ++k) {
      (*this)[k] -= factor * other[k];
    }
  }
  void scale(float factor) const {
    for (std::size_t k = 0; k < size; ++k) {
      (*this)[k] *= factor;
    }
  }
};

// The shorter family of the matrix: its rows, or its columns.
Line line_of(const Matrix& weights, std::size_t index) {
  return weights.rows() <= weights.columns() ? Line{&weights(index, 0), weights.columns(), weights.column_stride()}
                                             : Line{&weights(0, index), weights.rows(), weights.row_stride()};
}

// Makes line `index` a unit vector orthogonal to those before it; false when it lay among them.
bool orthonormalize(const Matrix& weights, std::size_t index) {
  const Line line = line_of(weights, index);
  const float size = line.dot(line);
  for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Giraud et al. 2005)
    for (std::size_t before = 0; before < index; ++before) {
      const Line unit = line_of(weights, before);
      line.subtract(line.dot(unit), unit);
    }
  }
  const float left = line.dot(line);
  if (!(left > 1e-10f * size)) {
    return false;
  }
  line.scale(divide(1.0f, square_root(left)));
  return true;
}

}  // namespace

Status truncated_normal(const Matrix& weights, Pcg32& random, float mean, float deviation, float low,
                        float high) noexcept {
  const bool bounded = low <= high && low <= kMostFloat && high >= -kMostFloat;
  if (!(deviation >= 0.0f) || !is_finite(deviation) || !is_finite(mean) || !bounded ||
      (deviation == 0.0f && !(low <= mean && mean <= high))) {
    return Status::bad_argument;
  }
  if (deviation == 0.0f) {
    return normal(weights, random, mean, deviation);
  }
  low = clipped(low, kMostFloat);  // where it is infinite, so that no draw is
  high = clipped(high, kMostFloat);
  constexpr float kFar = 1e6f;  // a normal draw never gets there
  const TruncatedNormal standard{clipped(divide(low - mean, deviation), kFar),
                                 clipped(divide(high - mean, deviation), kFar)};
  if (!(standard.low < standard.high)) {  // so narrow that the density is the same all over, or too far away
    return magnitude(standard.low) < kFar ? uniform(weights, random, low, high) : Status::bad_argument;
  }
  return fill(weights, true, [&] {
    const float x = mean + deviation * standard.draw(random);
    return x < low ? low : x > high ? high : x;  // the last rounding only
  });
}

Status orthogonal(const Matrix& weights, Pcg32& random, float gain) noexcept {
  if (!(magnitude(gain) <= 1e12f)) {
    return Status::bad_argument;
  }
  if (const Status status = normal(weights, random); status != Status::ok) {
    return status;
  }
  const std::size_t lines = weights.rows() < weights.columns() ? weights.rows() : weights.columns();
  for (std::size_t index = 0; index < lines; ++index) {
    while (!orthonormalize(weights, index)) {
      const Line line = line_of(weights, index);
      for (std::size_t k = 0; k < line.size; ++k) {
        line[k] = random.normal();
      }
    }
  }
  for (std::size_t index = 0; index < lines; ++index) {
    line_of(weights, index).scale(gain);
  }
  return Status::ok;
}

}  // namespace linnet
