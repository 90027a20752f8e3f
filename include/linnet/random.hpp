#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/view.hpp>

namespace linnet {

/// What one unit of many is known by: a serial number, an address, a hash. Any 64 bits will do.
struct Identity {
  std::uint64_t value;  ///< another for each unit
};

/// PCG-XSH-RR 64/32: 64 bits of state, 2^63 streams of period 2^64 (O'Neill 2014, pcg-random.org).
/// All draws are integers first and the arithmetic on them is plain multiplication and addition: the same values on
/// every target and in both contracts.
class Pcg32 {
 public:
  /// All there is to save.
  struct State {
    std::uint64_t state;      ///< the place in the stream
    std::uint64_t increment;  ///< odd; which stream
  };

  /// Starts at state and stream that SplitMix64 makes of the seed (Steele, Lea & Flood 2014): any two seeds give
  /// unrelated sequences.
  explicit Pcg32(std::uint64_t seed) noexcept;

  /// The same for many units that share a seed: any two pairs of seed and identity give unrelated sequences.
  Pcg32(std::uint64_t seed, Identity identity) noexcept;

  /// The published seeding, which mixes nothing. Streams should be numbers below 2^32: those that differ in high bits
  /// alone are correlated, by 2^48 so that 20,000 draws show it, by 2^63 entirely. Identity is for all others.
  Pcg32(std::uint64_t seed, std::uint64_t stream) noexcept;

  /// What to save to go on from here; nothing is drawn.
  [[nodiscard]] State state() const noexcept { return state_; }
  /// Goes on from a saved state. An even increment, which no generator has, is made odd.
  void restore(State saved) noexcept { state_ = {saved.state, saved.increment | 1u}; }

  /// The next 32 bits. 1 draw, as everything below unless it says otherwise.
  std::uint32_t bits() noexcept;

  /// Moves `draws` draws ahead in O(log draws); advance(0 - n) goes n draws back.
  void advance(std::uint64_t draws) noexcept;

  /// Uniform on 0, 1, ..., n - 1, without bias; 0 for n <= 1. At least 1 draw, on average less than 2: 32-bit numbers
  /// below 2^32 mod n are drawn again, the remainder of the others is the result.
  std::uint32_t below(std::uint32_t n) noexcept;

  /// Uniform on [0, 1): the upper 24 bits of a draw, times 2^-24.
  float uniform() noexcept;

  /// Uniform on [low, high): low + (high - low) uniform(), drawn into the interval where rounding would leave it.
  /// low <= high, high - low finite; low where both are the same.
  float uniform(float low, float high) noexcept;

  /// Normal with mean 0 and standard deviation 1: the inverse of the distribution function (Wichura 1988, algorithm
  /// AS 241, PPND7) at (k + 1/2) / 2^32, k of 32 bits; relative error at most 4.3e-7. At most 6.34 in magnitude, never
  /// 0.
  float normal() noexcept;
  /// mean + stddev * normal()
  float normal(float mean, float stddev) noexcept;

  /// Puts elements in random order (Fisher & Yates, from the last to the second), size - 1 calls of below().
  /// Elements are those of a view, an array, or a container with data() and size(); at most 2^32 - 1.
  ///@{
  template <class T>
  void shuffle(Span<T> elements) noexcept {
    for (std::size_t n = elements.size(); n > 1; --n) {
      const std::size_t other = below(static_cast<std::uint32_t>(n));
      const T moved = elements[n - 1];
      elements[n - 1] = elements[other];
      elements[other] = moved;
    }
  }
  template <class T, std::size_t N>
  void shuffle(T (&elements)[N]) noexcept {
    shuffle(Span<T>(elements));
  }
  template <class C, class T = container::ElementOf<C>>
  void shuffle(C& elements) noexcept {
    shuffle(Span<T>(elements));
  }
  ///@}

 private:
  State state_;
};

}  // namespace linnet
