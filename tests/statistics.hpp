// What the tests of random numbers share: oracles in double precision, test statistics, a hash of bits.
//
// All seeds are fixed, so that a test which passes once passes always: a limit says how many seeds a correct generator
// would fail it for, and the faults it is meant for miss it by far.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <linnet/random.hpp>

namespace statistics {

constexpr double kTwo32 = 4294967296.0;
constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kSqrt2Pi = 2.50662827463100050242;

/// Means and deviations of samples may miss by this many standard errors: 6 in ten million do.
constexpr double kStandardErrors = 5.0;
/// Largest sqrt(n) D of Kolmogorov and Smirnov: one sample in 8,000 has more, 2 exp(-2 * 2.2^2).
constexpr double kKolmogorovLimit = 2.2;

inline double wide(float x) { return static_cast<double>(x); }
inline double wide(std::size_t n) { return static_cast<double>(n); }

inline std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

/// FNV-1a, 64 bits, over the four bytes of every word, lowest first.
class Hash {
 public:
  void add(std::uint32_t word) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      value_ = (value_ ^ ((word >> shift) & 0xffu)) * 0x100000001b3u;
    }
  }
  void add(float x) { add(bits_of(x)); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

// ---- The normal distribution.

inline double normal_density(double x) { return std::exp(-0.5 * x * x) / kSqrt2Pi; }
/// P(X > x), to full relative precision however far out.
inline double normal_tail(double x) { return 0.5 * std::erfc(x * kSqrtHalf); }
inline double normal_below(double x) { return normal_tail(-x); }

/// By how much, relatively, |value| misses the x > 0 whose tail is (k + 1/2) / 2^32, where k are the lower 31 bits of
/// `drawn`: one step of Newton from `value`, whose own error is of the order of the square of the result.
inline double quantile_error(double value, std::uint32_t drawn) {
  const double x = std::fabs(value);
  const double k = static_cast<double>(drawn & 0x7fffffffu) + 0.5;
  const double surplus = x < 0.5
                             ? (0.5 * kTwo32 - k) / kTwo32 - 0.5 * std::erf(x * kSqrtHalf)  // both without cancellation
                             : normal_tail(x) - k / kTwo32;
  return surplus / (normal_density(x) * x);
}

// ---- Samples.

struct Moments {
  double mean, deviation, kurtosis;
};

inline Moments moments(const std::vector<float>& sample) {
  const double n = wide(sample.size());
  double mean = 0.0, second = 0.0, fourth = 0.0;
  for (const float x : sample) {
    mean += wide(x) / n;
  }
  for (const float x : sample) {
    const double square = (wide(x) - mean) * (wide(x) - mean);
    second += square / n;
    fourth += square * square / n;
  }
  return {mean, std::sqrt(second), fourth / (second * second)};
}

/// sqrt(n) times the largest distance between the sample's distribution function and `below`; infinite when an
/// element is not finite.
template <class DistributionFunction>
double kolmogorov_smirnov(std::vector<float> sample, DistributionFunction below) {
  for (const float x : sample) {
    if (!std::isfinite(x)) {
      return std::numeric_limits<double>::infinity();
    }
  }
  std::sort(sample.begin(), sample.end());
  const double n = wide(sample.size());
  double largest = 0.0;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    const double expected = below(wide(sample[k]));
    largest = std::max({largest, wide(k + 1) / n - expected, expected - wide(k) / n});
  }
  return largest * std::sqrt(n);
}

inline double uniform_kolmogorov(const std::vector<float>& sample, double low, double high) {
  return kolmogorov_smirnov(sample, [&](double x) { return std::min(1.0, std::max(0.0, (x - low) / (high - low))); });
}
inline double normal_kolmogorov(const std::vector<float>& sample, double mean, double deviation) {
  return kolmogorov_smirnov(sample, [&](double x) { return normal_below((x - mean) / deviation); });
}

/// How many of its standard deviations chi-square of equally likely classes lies above its mean. By chance alone it
/// is more than 5 once in 200 samples of two classes, in 1,000 of six, in 10,000 of 24.
inline double chi_square_excess(const std::vector<std::uint32_t>& counts) {
  double draws = 0.0;
  for (const std::uint32_t count : counts) {
    draws += static_cast<double>(count);
  }
  const double expected = draws / wide(counts.size());
  double chi_square = 0.0;
  for (const std::uint32_t count : counts) {
    const double miss = static_cast<double>(count) - expected;
    chi_square += miss * miss / expected;
  }
  const double freedom = wide(counts.size()) - 1.0;
  return (chi_square - freedom) / std::sqrt(2.0 * freedom);
}

// ---- Generators.

inline bool same_state(const linnet::Pcg32& a, const linnet::Pcg32& b) {
  return a.state().state == b.state().state && a.state().increment == b.state().increment;
}

/// A generator whose next 32 bits are `drawn`: the state that the output function takes there, found backwards. With
/// its upper five bits zero nothing is rotated, and x ^ (x >> 18) is undone by x ^ (x >> 18) ^ (x >> 36) ^ (x >> 54).
inline linnet::Pcg32 about_to_draw(std::uint32_t drawn) {
  const std::uint64_t mixed = static_cast<std::uint64_t>(drawn) << 27;
  linnet::Pcg32 random(0);
  random.restore({mixed ^ (mixed >> 18) ^ (mixed >> 36) ^ (mixed >> 54), 1});
  return random;
}

}  // namespace statistics
