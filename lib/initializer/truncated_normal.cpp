#include "initializer/descriptor.hpp"

#include "arithmetic/elementwise.hpp"

namespace linnet {

namespace {

constexpr float kMaxFloat = 0x1.fffffep127f;

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

Status draw(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
  const float mean = how.mean;
  const float stddev = how.stddev;
  const bool bounded = how.low <= how.high && how.low <= kMaxFloat && how.high >= -kMaxFloat;
  if (!(stddev >= 0.0f) || !is_finite(stddev) || !is_finite(mean) || !bounded ||
      (stddev == 0.0f && !(how.low <= mean && mean <= how.high))) {
    return Status::bad_initializer;
  }
  if (stddev == 0.0f) {
    return fill_normal(weights, random, true, mean, stddev);
  }
  const float low = clipped(how.low, kMaxFloat);  // where it is infinite, so that no draw is
  const float high = clipped(how.high, kMaxFloat);
  constexpr float kFar = 1e6f;  // a normal draw never gets there
  const TruncatedNormal standard{clipped(divide(low - mean, stddev), kFar), clipped(divide(high - mean, stddev), kFar)};
  if (!(standard.low < standard.high)) {  // so narrow that the density is the same all over, or too far away
    return fill_uniform(weights, random, magnitude(standard.low) < kFar && is_finite(high - low), low, high);
  }
  return fill(weights, true, [&] {
    const float x = mean + stddev * standard.draw(random);
    return x < low ? low : x > high ? high : x;  // the last rounding only
  });
}

}  // namespace

constexpr InitializerDescriptor descriptor::truncated_normal = {draw, MadeFor::anything, false};

}  // namespace linnet
