// Random values are rounded after every product and every sum, whatever the contract of the library, so that both
// contracts draw the same ones.
#define LINNET_FUSED 0

#include <linnet/random.hpp>

#include "arithmetic/elementary.hpp"

namespace linnet {

namespace {

constexpr std::uint64_t kMultiplier = 6364136223846793005u;

// SplitMix64: the outputs from `seed` are mixed(seed), mixed(seed + kGamma), ... One to one, and every bit of the
// argument reaches every bit of the result. Constants: prng.di.unimi.it/splitmix64.c.
constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15u;
std::uint64_t mixed(std::uint64_t x) {
  x += kGamma;
  x = (x ^ (x >> 30u)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27u)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31u);
}

// Wichura's rational approximations, highest power first.
float horner(const float* coefficients, int count, float x) {
  float value = coefficients[0];
  for (int k = 1; k < count; ++k) {
    value = multiply_add(value, x, coefficients[k]);
  }
  return value;
}

}  // namespace

Pcg32::Pcg32(std::uint64_t seed) noexcept : Pcg32(mixed(seed), mixed(seed + kGamma)) {}

// One to one, but for the uppermost bit that a stream loses: both numbers tell the identity, and then the seed.
Pcg32::Pcg32(std::uint64_t seed, Identity identity) noexcept : state_{} {
  const std::uint64_t first = mixed(seed + mixed(identity.value));
  *this = Pcg32(first, mixed(first + identity.value));
}

Pcg32::Pcg32(std::uint64_t seed, std::uint64_t stream) noexcept : state_{0, (stream << 1u) | 1u} {
  bits();
  state_.state += seed;
  bits();
}

std::uint32_t Pcg32::bits() noexcept {
  const std::uint64_t old = state_.state;
  state_.state = old * kMultiplier + state_.increment;
  const std::uint32_t mixed = static_cast<std::uint32_t>(((old >> 18u) ^ old) >> 27u);
  const std::uint32_t turn = static_cast<std::uint32_t>(old >> 59u);
  return (mixed >> turn) | (mixed << ((32u - turn) & 31u));
}

// Composes the step x -> multiplier x + increment with itself (Brown 1994).
void Pcg32::advance(std::uint64_t draws) noexcept {
  std::uint64_t multiplier = kMultiplier;
  std::uint64_t increment = state_.increment;
  std::uint64_t all_multiplier = 1;
  std::uint64_t all_increment = 0;
  for (; draws > 0; draws >>= 1u) {
    if ((draws & 1u) != 0) {
      all_multiplier *= multiplier;
      all_increment = all_increment * multiplier + increment;
    }
    increment *= multiplier + 1;
    multiplier *= multiplier;
  }
  state_.state = all_multiplier * state_.state + all_increment;
}

std::uint32_t Pcg32::below(std::uint32_t n) noexcept {
  if (n <= 1) {
    bits();
    return 0;
  }
  const std::uint32_t uneven = (0u - n) % n;  // 2^32 mod n
  for (;;) {
    const std::uint32_t drawn = bits();
    if (drawn >= uneven) {
      return drawn % n;
    }
  }
}

float Pcg32::uniform() noexcept { return static_cast<float>(bits() >> 8u) * 0x1p-24f; }

float Pcg32::uniform(float low, float high) noexcept {
  const float drawn = multiply_add(uniform(), high - low, low);
  if (drawn < high || low == high) {
    return drawn;
  }
  // The largest float below `high`.
  const std::uint32_t bits_of_high = bits_of(high);
  return high == 0.0f ? float_of(0x80000001u) : float_of(high > 0.0f ? bits_of_high - 1u : bits_of_high + 1u);
}

float Pcg32::normal() noexcept {
  static constexpr float kMiddleTop[] = {59.109374720f, 159.29113202f, 50.434271938f, 3.3871327179f};
  static constexpr float kMiddleBottom[] = {67.187563600f, 78.757757664f, 17.895169469f, 1.0f};
  static constexpr float kTailTop[] = {0.17023821103f, 1.3067284816f, 2.7568153900f, 1.4234372777f};
  static constexpr float kTailBottom[] = {0.12021132975f, 0.73700164250f, 1.0f};

  const std::uint32_t drawn = bits();
  const bool negative = (drawn >> 31u) != 0;
  const std::uint32_t k = drawn & 0x7fffffffu;
  // q = 1/2 - (k + 1/2) / 2^32, the distance from the middle, in (0, 1/2)
  const float q = static_cast<float>(0xffffffffu - 2u * k) * 0x1p-33f;
  float value;
  if (q <= 0.425f) {
    const float r = multiply_add(-q, q, 0.180625f);
    value = q * horner(kMiddleTop, 4, r) / horner(kMiddleBottom, 4, r);
  } else {
    const float tail = (static_cast<float>(k) + 0.5f) * 0x1p-32f;
    const float r = square_root(-logarithm(tail)) - 1.6f;  // below 3.2: the formula for r > 3.4 is never needed
    value = horner(kTailTop, 4, r) / horner(kTailBottom, 3, r);
  }
  return negative ? -value : value;
}

float Pcg32::normal(float mean, float stddev) noexcept { return multiply_add(normal(), stddev, mean); }

}  // namespace linnet
