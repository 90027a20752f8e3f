// The loops between a peer's matrix products, written to be vectorized: every one is a single pass.
// Matrices are row-major; `stride` floats lie between two rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "contestant.hpp"

#define BENCH_RESTRICT __restrict__

namespace {

using bench::Hidden;
using bench::Loss;
using bench::Rule;
using bench::Work;

// exp without a call or a branch: 2^n times a polynomial of degree 6 (Cephes expf), error below 2 units in the last
// place.
inline float fast_exp(float x) {
  x = std::min(std::max(x, -87.0f), 88.0f);
  const float n = __builtin_rintf(x * 1.44269504f);
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const std::int32_t bits = (static_cast<std::int32_t>(n) + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

inline float fast_tanh(float x) { return 1.0f - 2.0f / (fast_exp(2.0f * x) + 1.0f); }

// z = f(z + bias), (rows, units)
template <Hidden hidden, class Units>
inline void activate(float* BENCH_RESTRICT z, const float* BENCH_RESTRICT bias, std::size_t rows, Units units) {
  for (std::size_t b = 0; b < rows; ++b) {
    for (std::size_t o = 0; o < units; ++o) {
      const float v = z[b * units + o] + bias[o];
      z[b * units + o] = hidden == Hidden::relu ? std::max(v, 0.0f) : fast_tanh(v);
    }
  }
}

// d *= f'(a); bias_gradient = column sums of d, (rows, units)
template <Hidden hidden, class Units>
inline void differentiate(float* BENCH_RESTRICT d, const float* BENCH_RESTRICT a, float* BENCH_RESTRICT bias_gradient,
                          std::size_t rows, Units units) {
  for (std::size_t o = 0; o < units; ++o) bias_gradient[o] = 0.0f;
  for (std::size_t b = 0; b < rows; ++b) {
    for (std::size_t o = 0; o < units; ++o) {
      const float y = a[b * units + o];
      const float v = d[b * units + o];
      const float result = hidden == Hidden::relu ? (y > 0.0f ? v : 0.0f) : v * (1.0f - y * y);
      d[b * units + o] = result;
      bias_gradient[o] += result;
    }
  }
}

// Softmax of a row of `count` sums and biases, in rows of 16 whose rest weighs nothing: whole vectors. Returns the
// largest sum plus the logarithm of the denominator.
constexpr std::size_t kPadded = 16;
inline float softmax(float* BENCH_RESTRICT z, const float* BENCH_RESTRICT bias, std::size_t count) {
  float most = -1e30f;
  for (std::size_t o = 0; o < kPadded; ++o) {
    z[o] = o < count ? z[o] + bias[o] : -1e30f;
    most = std::max(most, z[o]);
  }
  float sum = 0.0f;
  for (std::size_t o = 0; o < kPadded; ++o) {
    z[o] = o < count ? fast_exp(z[o] - most) : 0.0f;
    sum += z[o];
  }
  const float share = 1.0f / sum;
  for (std::size_t o = 0; o < kPadded; ++o) z[o] *= share;
  return sum;
}

// Softmax cross-entropy of (rows, units <= 16) with stride 16: z becomes its own gradient; returns the loss.
inline float classify(float* BENCH_RESTRICT z, const float* BENCH_RESTRICT bias, float* BENCH_RESTRICT bias_gradient,
                      const std::uint16_t* labels, std::size_t rows, std::size_t units) {
  const float share = 1.0f / static_cast<float>(rows);
  float columns[kPadded] = {};
  float right[256];
  float loss = 0.0f;
  for (std::size_t first = 0; first < rows; first += 256) {
    const std::size_t some = std::min<std::size_t>(256, rows - first);
    for (std::size_t b = 0; b < some; ++b) {
      float* row = z + (first + b) * kPadded;
      softmax(row, bias, units);
      right[b] = row[labels[first + b]];
      row[labels[first + b]] -= 1.0f;
      for (std::size_t o = 0; o < kPadded; ++o) {
        row[o] *= share;
        columns[o] += row[o];
      }
    }
    for (std::size_t b = 0; b < some; ++b) loss -= logf(right[b]);
  }
  for (std::size_t o = 0; o < units; ++o) bias_gradient[o] = columns[o];
  return loss * share;
}

// Mean squared error of (rows, 1) with the bias: z becomes its own gradient; returns the loss.
inline float regress(float* BENCH_RESTRICT z, float bias, float* bias_gradient, const float* BENCH_RESTRICT targets,
                     std::size_t rows) {
  const float share = 1.0f / static_cast<float>(rows);
  float loss = 0.0f;
  float sum = 0.0f;
  for (std::size_t b = 0; b < rows; ++b) {
    const float off = z[b] + bias - targets[b];
    loss += off * off;
    z[b] = 2.0f * share * off;
    sum += z[b];
  }
  *bias_gradient = sum;
  return loss * share;
}

// What an update needs that changes from step to step: Adam's bias_corrections, computed once per step.
struct Pace {
  float rate;         // of Adam: rate / (1 - beta1^t)
  float root = 1.0f;  // sqrt(1 / (1 - beta2^t))
};

class Clock {
 public:
  explicit Clock(const Work& work) : rate_(work.rate), adam_(work.rule == Rule::adam) {}
  void reset() { power1_ = power2_ = 1.0; }
  Pace next() {
    if (!adam_) return {rate_};
    power1_ *= bench::kBeta1;
    power2_ *= bench::kBeta2;
    return {static_cast<float>(static_cast<double>(rate_) / (1.0 - power1_)),
            static_cast<float>(std::sqrt(1.0 / (1.0 - power2_)))};
  }

 private:
  float rate_;
  bool adam_;
  double power1_ = 1.0;
  double power2_ = 1.0;
};

// w, its state m and v, and its gradient g: one pass.
template <Rule rule, class Count>
inline void update(float* BENCH_RESTRICT w, float* BENCH_RESTRICT m, float* BENCH_RESTRICT v,
                   const float* BENCH_RESTRICT g, Count count, Pace pace) {
  constexpr float kKeep1 = static_cast<float>(bench::kBeta1);
  constexpr float kFresh1 = static_cast<float>(1.0 - bench::kBeta1);
  constexpr float kKeep2 = static_cast<float>(bench::kBeta2);
  constexpr float kFresh2 = static_cast<float>(1.0 - bench::kBeta2);
  for (std::size_t k = 0; k < count; ++k) {
    if constexpr (rule == Rule::adam) {
      m[k] = kKeep1 * m[k] + kFresh1 * g[k];
      v[k] = kKeep2 * v[k] + kFresh2 * (g[k] * g[k]);
      w[k] -= pace.rate * m[k] / (sqrtf(v[k]) * pace.root + bench::kEpsilon);
    } else if constexpr (rule == Rule::momentum) {
      m[k] = bench::kMomentum * m[k] + g[k];
      w[k] -= pace.rate * m[k];
    } else {
      w[k] -= pace.rate * g[k];
    }
  }
}

}  // namespace
