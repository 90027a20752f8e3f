// Pcg32 as a source of integers: the published streams, jumps, below(), shuffle(), save and restore.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/random.hpp>

#include "statistics.hpp"

namespace {

using linnet::Pcg32;
using statistics::about_to_draw;
using statistics::chi_square_excess;
using statistics::same_state;

static_assert(std::is_trivially_copyable_v<Pcg32> && std::is_trivially_copyable_v<Pcg32::State>);
static_assert(sizeof(Pcg32) == 16 && sizeof(Pcg32::State) == 16);

// ---- The output of the generator's author: test-high/expected/check-pcg32.out of github.com/imneme/pcg-c, five
// rounds of a generator with seed 42, stream 54: six numbers, the same again after going six draws back, 65 coins, 33
// dice, and 52 cards in random order.
struct Round {
  std::uint32_t numbers[6];
  const char* coins;
  const char* rolls;
  const char* cards;
};

const Round kRounds[] = {{{0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu},
                          "HHTTTHTHHHTHTTTHHHHHTTTHHHTHTHTHTTHTTTHHHHHHTTTTHHTTTTTHTTTTTTTHT",
                          " 3 4 1 1 2 2 3 2 4 3 2 4 3 3 5 2 3 1 3 1 5 1 4 1 5 6 4 6 6 2 6 3 3",
                          " Qd Ks 6d 3s 3d 4c 3h Td Kc 5c Jh Kd Jd As 4s 4h Ad Th Ac Jc 7s Qs"
                          " 2s 7h Kh 2d 6c Ah 4d Qh 9h 6s 5s 2c 9c Ts 8d 9s 3c 8c Js 5d 2h 6h"
                          " 7d 8s 9d 5h 8h Qc 7c Tc"},
                         {{0x74ab93adu, 0x1c1da000u, 0x494ff896u, 0x34462f2fu, 0xd308a3e5u, 0x0fa83babu},
                          "HHHHHHHHHHTHHHTHTHTHTHTTTTHHTTTHHTHHTHTTHHTTTHHHHHHTHTTHTHTTTTTTT",
                          " 5 1 1 3 3 2 4 5 3 2 2 6 4 3 2 4 2 4 3 2 3 6 3 2 3 4 2 4 1 1 5 4 4",
                          " 7d 2s 7h Td 8s 3c 3d Js 2d Tc 4h Qs 5c 9c Th 2c Jc Qd 9d Qc 7s 3s"
                          " 5s 6h 4d Jh 4c Ac 4s 5h 5d Kc 8h 8d Jd 9s Ad 6s 6c Kd 2h 3h Kh Ts"
                          " Qh 9h 6d As 7c Ks Ah 8c"},
                         {{0x39af5f9fu, 0x04196b18u, 0xc3c3eb28u, 0xc076c60cu, 0xc693e135u, 0xf8f63932u},
                          "HTTHHTTTTTHTTHHHTHTTHHTTHTHHTHTHTTTTHHTTTHHTHHTTHTTHHHTHHHTHTTTHT",
                          " 5 1 5 3 2 2 4 5 3 3 1 3 4 6 3 2 3 4 2 2 3 1 5 2 4 6 6 4 2 4 3 3 6",
                          " Kd Jh Kc Qh 4d Qc 4h 9d 3c Kh Qs 8h 5c Jd 7d 8d 3h 7c 8s 3s 2h Ks"
                          " 9c 9h 2c 8c Ad 7s 4s 2s 5h 6s 4c Ah 7h 5s Ac 3d 5d Qd As Tc 6h 9s"
                          " 2d 6c 6d Td Jc Ts Th Js"},
                         {{0x55ce6851u, 0x97a7726du, 0x17e10815u, 0x58007d43u, 0x962fb148u, 0xb9bb55bdu},
                          "HHTHHTTTTHTHHHHHTTHHHTTTHHTHTHTHTHHTTHTHHHHHHTHHTHHTHHTTTTHHTHHTT",
                          " 6 6 3 2 3 4 2 6 4 2 6 3 2 3 5 5 3 4 4 6 6 2 6 5 4 4 6 1 6 1 3 6 5",
                          " Qd 8h 5d 8s 8d Ts 7h Th Qs Js 7s Kc 6h 5s 4d Ac Jd 7d 7c Td 2c 6s"
                          " 5h 6d 3s Kd 9s Jh Kh As Ah 9h 3c Qh 9c 2d Tc 9d 2s 3d Ks 4h Qc Ad"
                          " Jc 8c 2h 3h 4s 4c 5c 6c"},
                         {{0xfcef7cd6u, 0x1b488b5au, 0xd0daf7eau, 0x1d9a70f7u, 0x241a37cfu, 0x9a3857b7u},
                          "HHHHTHHTTHTTHHHTTTHHTHTHTTTTHTTHTHTTTHHHTHTHTTHTTHTHHTHTHHHTHTHTT",
                          " 5 4 1 2 6 1 3 1 5 6 3 6 2 1 4 4 5 2 1 5 6 5 6 4 4 4 5 2 6 4 3 5 6",
                          " 4d 9s Qc 9h As Qs 7s 4c Kd 6h 6s 2c 8c 5d 7h 5h Jc 3s 7c Jh Js Ks"
                          " Tc Jd Kc Th 3h Ts Qh Ad Td 3c Ah 2d 3d 5c Ac 8s 5s 9c 2h 6c 6d Kh"
                          " Qd 8d 7d 2s 8h 4h 9d 4s"}};

std::string toss_coins(Pcg32& random) {
  std::string coins;
  for (int k = 0; k < 65; ++k) {
    coins += random.below(2) != 0 ? 'H' : 'T';
  }
  return coins;
}

std::string roll_dice(Pcg32& random) {
  std::string rolls;
  for (int k = 0; k < 33; ++k) {
    rolls += {' ', static_cast<char>('1' + random.below(6))};
  }
  return rolls;
}

std::string deal_cards(Pcg32& random) {
  unsigned char cards[52];
  for (unsigned k = 0; k < 52; ++k) {
    cards[k] = static_cast<unsigned char>(k);
  }
  random.shuffle(cards);
  std::string names;
  for (const unsigned char card : cards) {
    names += {' ', "A23456789TJQK"[card / 4], "hcds"[card % 4]};
  }
  return names;
}

TEST_CASE("the generator gives the published numbers of PCG32 again after going back") {
  Pcg32 random(42, 54);
  for (const Round& round : kRounds) {
    for (int again = 0; again < 2; ++again) {
      for (const std::uint32_t number : round.numbers) {
        CHECK(random.bits() == number);
      }
      random.advance(again == 0 ? 0 - std::uint64_t{6} : 0);
    }
    random.advance(65 + 33 + 51);  // coins, dice and cards, none of which the published run had to draw twice
  }
}

TEST_CASE("below and shuffle give the published coins and dice and cards of PCG32") {
  Pcg32 random(42, 54);
  for (const Round& round : kRounds) {
    random.advance(6);
    CHECK(toss_coins(random) == round.coins);
    CHECK(roll_dice(random) == round.rolls);
    CHECK(deal_cards(random) == round.cards);
  }
}

// ---- Seeds, streams, states.

TEST_CASE("a seed sets the state and a stream the increment as the published seeding does") {
  // state = (0 * a + c + seed) * a + c with c = 2 stream + 1, modulo 2^64
  const Pcg32 random(42, 54);
  CHECK(random.state().increment == 109u);
  CHECK(random.state().state == (109u + std::uint64_t{42}) * 6364136223846793005u + 109u);
}

TEST_CASE("a seed alone starts at the first two numbers that SplitMix64 makes of it") {
  // As published for 1234567 (rosettacode.org, Pseudo-random numbers/Splitmix64) and 0.
  CHECK(same_state(Pcg32(1234567), Pcg32(6457827717110365317u, 3203168211198807973u)));
  CHECK(same_state(Pcg32(0), Pcg32(0xe220a8397b1dcdafu, 0x6e789e6aa1b965f4u)));
  Pcg32 random(42);
  CHECK(random.bits() == 0xd11dd51fu);  // computed in Python
}

TEST_CASE("a seed and an identity start where they always did") {
  Pcg32 small(42, linnet::Identity{0x1234}), large(0, linnet::Identity{std::uint64_t{1} << 63});
  for (const std::uint32_t number : {0x2b67887eu, 0x4b8df938u, 0x4841daedu, 0xf3d4ec17u}) {  // computed in Python
    CHECK(small.bits() == number);
  }
  for (const std::uint32_t number : {0xadebf718u, 0x3176ec77u, 0x69df97b9u, 0x9091a915u}) {
    CHECK(large.bits() == number);
  }
  CHECK_FALSE(same_state(Pcg32(42, linnet::Identity{0}), Pcg32(42)));
  CHECK_FALSE(same_state(Pcg32(42, linnet::Identity{0}), Pcg32(42, 0)));
}

// Whether two sequences are as two of independent numbers: no word of 20,000 twice at one place, product moments of
// numbers at the same place within 5 standard errors of 0, half of all bits different within 5 of them.
bool unrelated(Pcg32 one, Pcg32 other) {
  constexpr int kDraws = 20000;
  int equal = 0, differing = 0;
  double sum = 0.0;
  for (int k = 0; k < kDraws; ++k) {
    const std::uint32_t a = one.bits(), b = other.bits();
    equal += a == b ? 1 : 0;
    for (std::uint32_t bits = a ^ b; bits != 0; bits &= bits - 1) {
      ++differing;
    }
    sum += (static_cast<double>(a) * 0x1p-32 - 0.5) * (static_cast<double>(b) * 0x1p-32 - 0.5);
  }
  const double correlation = 12.0 * sum / std::sqrt(static_cast<double>(kDraws));
  const double bits = (differing - 16.0 * kDraws) / std::sqrt(8.0 * kDraws);
  return equal <= 1 && std::fabs(correlation) < 5.0 && std::fabs(bits) < 5.0;
}

TEST_CASE("identities and seeds that differ in one bit give unrelated sequences, streams do not") {
  using linnet::Identity;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      CAPTURE(bit);
      const std::uint64_t flipped = std::uint64_t{1} << bit;
      CHECK(unrelated(Pcg32(seed), Pcg32(seed ^ flipped)));
      CHECK(unrelated(Pcg32(seed, Identity{7}), Pcg32(seed, Identity{7 ^ flipped})));
      CHECK(unrelated(Pcg32(seed, Identity{7}), Pcg32(seed ^ flipped, Identity{7})));
      CHECK(unrelated(Pcg32(seed, Identity{0}), Pcg32(seed ^ flipped, Identity{flipped})));
    }
  }
  for (const unsigned bit : {48u, 60u, 62u, 63u}) {  // what Identity is for, and what this test must be able to see
    CAPTURE(bit);
    CHECK_FALSE(unrelated(Pcg32(42, 7), Pcg32(42, 7 ^ (std::uint64_t{1} << bit))));
  }
}

TEST_CASE("neighbouring seeds and neighbouring streams have nothing in common") {
  // Two unrelated sequences of 32 bits agree in a place with probability 2^-32.
  for (Pcg32 other : {Pcg32(1, 0), Pcg32(0, 1), Pcg32(1, 1), Pcg32(2, 0), Pcg32(0, 2), Pcg32(1000, 1000)}) {
    Pcg32 random(0, 0);
    int agreements = 0, differing_bits = 0;
    for (int k = 0; k < 1000; ++k) {
      const std::uint32_t difference = random.bits() ^ other.bits();
      agreements += difference == 0 ? 1 : 0;
      for (unsigned b = 0; b < 32; ++b) {
        differing_bits += static_cast<int>((difference >> b) & 1u);
      }
    }
    CHECK(agreements == 0);
    CHECK(std::abs(differing_bits - 16000) < 5 * 90);  // sqrt(32000) / 2 = 89.4 is the standard deviation
  }
}

TEST_CASE("streams beyond 2^63 repeat those below") {
  CHECK(same_state(Pcg32(9, 3), Pcg32(9, 3 + (std::uint64_t{1} << 63))));
  CHECK_FALSE(same_state(Pcg32(9, 3), Pcg32(9, 3 + (std::uint64_t{1} << 62))));
}

TEST_CASE("a saved state goes on with the same values in another generator") {
  Pcg32 random(11, 5);
  for (int k = 0; k < 100; ++k) {
    random.bits();
    const Pcg32::State saved = random.state();
    Pcg32 other(99, 77);
    other.restore(saved);
    Pcg32 original = random;
    CHECK(original.normal() == other.normal());
    CHECK(original.below(10) == other.below(10));
    CHECK(original.uniform() == other.uniform());
    CHECK(same_state(original, other));
  }
}

TEST_CASE("restore makes an even increment odd and takes all else as it is") {
  Pcg32 random(0);
  random.restore({123, 108});
  CHECK(random.state().state == 123u);
  CHECK(random.state().increment == 109u);
  random.restore({~std::uint64_t{0}, ~std::uint64_t{0}});
  CHECK(random.state().state == ~std::uint64_t{0});
  CHECK(random.state().increment == ~std::uint64_t{0});
}

// ---- Jumps. Single steps fix the jumps of 2^k for every k by doubling, and those all others by sums.

TEST_CASE("advance goes as far as that many draws") {
  for (const std::uint64_t draws : {0u, 1u, 2u, 3u, 31u, 32u, 33u, 1000u, 65537u}) {
    Pcg32 stepped(3, 8), jumped(3, 8);
    for (std::uint64_t k = 0; k < draws; ++k) {
      stepped.bits();
    }
    jumped.advance(draws);
    CHECK(same_state(stepped, jumped));
    jumped.advance(0 - draws);
    CHECK(same_state(jumped, Pcg32(3, 8)));
  }
}

TEST_CASE("two jumps of a power of two are one of the next") {
  for (unsigned k = 0; k < 64; ++k) {
    Pcg32 twice(1, 2), once(1, 2);
    twice.advance(std::uint64_t{1} << k);
    twice.advance(std::uint64_t{1} << k);
    once.advance(k == 63 ? 0 : std::uint64_t{2} << k);  // the period is 2^64
    CHECK(same_state(twice, once));
  }
}

TEST_CASE("a jump of a sum is the jumps of its parts in any order") {
  Pcg32 lengths(5, 5);
  for (int k = 0; k < 200; ++k) {
    const std::uint64_t a = (static_cast<std::uint64_t>(lengths.bits()) << 32) | lengths.bits();
    const std::uint64_t b = (static_cast<std::uint64_t>(lengths.bits()) << 32) | lengths.bits();
    Pcg32 one(a, b), other(a, b), sum(a, b);
    one.advance(a);
    one.advance(b);
    other.advance(b);
    other.advance(a);
    sum.advance(a + b);
    CHECK(same_state(one, sum));
    CHECK(same_state(other, sum));
  }
}

TEST_CASE("advancing by 2^64 - 1 goes one draw back") {
  Pcg32 random(6, 6);
  const std::uint32_t first = random.bits();
  random.advance(~std::uint64_t{0});
  CHECK(same_state(random, Pcg32(6, 6)));
  CHECK(random.bits() == first);
}

// ---- below()

using Draws = std::initializer_list<std::uint32_t>;

TEST_CASE("below draws again exactly for the numbers below 2^32 mod n") {
  struct Case {
    std::uint32_t n, uneven;  // 2^32 mod n, by hand
  };
  const Case cases[] = {{2, 0},
                        {3, 1},
                        {5, 1},
                        {6, 4},
                        {7, 4},
                        {1000, 296},
                        {65537, 1},
                        {0x80000000u, 0},
                        {0x80000001u, 0x7fffffffu},
                        {0xc0000000u, 0x40000000u},
                        {0xffffffffu, 1}};
  for (const Case& c : cases) {
    CAPTURE(c.n);
    for (const std::uint32_t drawn :
         Draws{c.uneven, c.uneven + 1, 0x7fffffffu, 0x80000000u, 0xfffffffeu, 0xffffffffu}) {
      if (drawn >= c.uneven) {
        Pcg32 random = about_to_draw(drawn), one_ahead = random;
        one_ahead.advance(1);
        CHECK(random.below(c.n) == drawn % c.n);
        CHECK(same_state(random, one_ahead));
      }
    }
    for (const std::uint32_t drawn : Draws{0u, c.uneven / 2, c.uneven - 1}) {
      if (drawn < c.uneven) {
        Pcg32 random = about_to_draw(drawn), rest = random;
        rest.advance(1);
        CHECK(random.below(c.n) == rest.below(c.n));
        CHECK(same_state(random, rest));
      }
    }
  }
}

TEST_CASE("below 0 and below 1 are 0 and take one draw") {
  for (const std::uint32_t n : {0u, 1u}) {
    Pcg32 random(2, 2), one_ahead(2, 2);
    one_ahead.advance(1);
    CHECK(random.below(n) == 0);
    CHECK(same_state(random, one_ahead));
  }
}

TEST_CASE("below takes all values equally often") {
  for (const std::uint32_t n : {2u, 3u, 6u, 7u, 100u, 1000u}) {
    Pcg32 random(17, n);
    std::vector<std::uint32_t> counts(n);
    std::uint32_t most = 0;
    for (int k = 0; k < 100000; ++k) {
      const std::uint32_t value = random.below(n);
      most = std::max(most, value);
      ++counts[value < n ? value : 0];
    }
    CAPTURE(n);
    CHECK(most == n - 1);
    CHECK(chi_square_excess(counts) < 5.0);
  }
}

TEST_CASE("below three quarters of 2^32 shows no trace of the remainder") {
  // The bare remainder would give the first third half of all draws: an excess of 12,500 standard deviations.
  constexpr std::uint32_t kThird = 0x40000000u;
  Pcg32 random(23);
  std::vector<std::uint32_t> counts(3);
  int out_of_range = 0;
  for (int k = 0; k < 100000; ++k) {
    const std::uint32_t value = random.below(3 * kThird);
    out_of_range += value >= 3 * kThird ? 1 : 0;
    ++counts[value / kThird % 3];
  }
  CHECK(out_of_range == 0);
  CHECK(chi_square_excess(counts) < 5.0);
}

// ---- shuffle()

TEST_CASE("shuffle keeps every element and draws one below for each but the first") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}}) {
    CAPTURE(size);
    std::vector<std::uint16_t> elements(size);
    for (std::size_t k = 0; k < size; ++k) {
      elements[k] = static_cast<std::uint16_t>(k);
    }
    Pcg32 random(31), drawn(31);
    random.shuffle(linnet::Span<std::uint16_t>(elements.data(), size));
    for (std::size_t n = size; n > 1; --n) {
      drawn.below(static_cast<std::uint32_t>(n));
    }
    CHECK(same_state(random, drawn));
    std::vector<std::uint32_t> seen(size);
    for (const std::uint16_t element : elements) {
      ++seen[element];
    }
    CHECK(seen == std::vector<std::uint32_t>(size, 1));
  }
}

TEST_CASE("shuffle gives all orders of four elements equally often") {
  Pcg32 random(37);
  std::vector<std::uint32_t> counts(24);
  for (int k = 0; k < 48000; ++k) {
    std::uint8_t order[4] = {0, 1, 2, 3};
    random.shuffle(order);
    std::size_t rank = 0;  // Lehmer's: how many of the later ones are smaller
    for (std::size_t at = 0; at < 4; ++at) {
      std::size_t smaller = 0;
      for (std::size_t later = at + 1; later < 4; ++later) {
        smaller += order[later] < order[at] ? 1 : 0;
      }
      rank = rank * (4 - at) + smaller;
    }
    ++counts[rank];
  }
  // Exchanging each element with any of all (not the earlier ones) would give excesses around 200.
  CHECK(chi_square_excess(counts) < 5.0);
}

}  // namespace
