// The software multiply-add and square root against the C library's. newlib's multiply-add rounds twice where it has no
// instruction for it: there the hash of all results is what is left to compare, and it is the one of the exact ones.
#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

#include <linnet/random.hpp>

#include "arithmetic/fused.hpp"

using linnet::bits_of;
using linnet::float_of;

namespace {

#if defined(LINNET_BOARD) && !defined(__ARM_FEATURE_FMA)
constexpr bool kLibraryIsExact = false;
#else
constexpr bool kLibraryIsExact = true;
#endif

bool same(float a, float b) { return bits_of(a) == bits_of(b) || (std::isnan(a) && std::isnan(b)); }

// Any bits at all; every third time a sum that nearly cancels; special values in between.
struct Operands {
  float a, b, c;
  Operands(linnet::Pcg32& random, std::uint32_t turn)
      : a(float_of(random.bits())), b(float_of(random.bits())), c(float_of(random.bits())) {
    const std::uint32_t special[] = {0u,          0x80000000u, 1u,          0x80000001u, 0x007fffffu, 0x00800000u,
                                     0x00800001u, 0x7f7fffffu, 0xff7fffffu, 0x7f800000u, 0xff800000u, 0x7fc00000u,
                                     0x3f800000u, 0xbf800000u, 0x3f800001u, 0x34000000u};
    if (turn % 3 == 1) {
      a = float_of((bits_of(a) & 0x807fffffu) | ((110u + random.below(30)) << 23));
      b = float_of((bits_of(b) & 0x807fffffu) | ((110u + random.below(30)) << 23));
      c = float_of(bits_of(-(a * b)) + random.below(5) - 2u);
    }
    if (turn % 7 == 0) {
      a = float_of(special[random.below(16)]);
    }
    if (turn % 5 == 0) {
      b = float_of(special[random.below(16)]);
    }
    if (turn % 4 == 0) {
      c = float_of(special[random.below(16)]);
    }
  }
};

}  // namespace

TEST_CASE("both software multiply-adds are the exact one, for any operands") {
  linnet::Pcg32 random(1);
  int wrong_double = 0;
  int wrong_integer = 0;
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a by words; every NaN counts as one
  for (std::uint32_t turn = 0; turn < 1000000; ++turn) {
    const Operands x(random, turn);
    const float by_integer = linnet::fused_by_integer(x.a, x.b, x.c);
    const float exact = kLibraryIsExact ? std::fma(x.a, x.b, x.c) : by_integer;
    wrong_double += same(linnet::fused_by_double(x.a, x.b, x.c), exact) ? 0 : 1;
    wrong_integer += same(by_integer, exact) ? 0 : 1;
    hash = (hash ^ (std::isnan(by_integer) ? 0x7fc00000u : bits_of(by_integer))) * 0x100000001b3u;
  }
  CHECK(hash == 13833750364250015153u);
  CHECK(wrong_double == 0);
  CHECK(wrong_integer == 0);
}

TEST_CASE("both software multiply-adds round what falls off the end once") {
  const float least = 0x1p-149f;
  const float most = 0x1.fffffep127f;
  const struct {
    float a, b, c, result;
  } cases[] = {
      // an addend so small that only its being there counts: ties, and beside ties
      {1.0f, 1.0f, least, 1.0f},
      {1.0f, 1.0f, -least, 1.0f},
      {1.0f, 1.0f, 0x1p-24f, 1.0f},
      {1.0f, 1.0f, 0x1.000002p-24f, 0x1.000002p0f},
      {0x1.000002p0f, 1.0f, 0x1p-24f, 0x1.000004p0f},
      {0x1.000002p0f, 1.0f, -0x1p-24f, 1.0f},
      {0x1.001p0f, 0x1.001p0f, least, 0x1.002002p0f},
      {0x1.001p0f, 0x1.001p0f, -least, 0x1.002p0f},
      {0x1.001p0f, 0x1.001p0f, 0.0f, 0x1.002p0f},
      // the same of a product, shifted by a bit, a word, two words
      {0x1.000002p-12f, 0x1p-12f, 1.0f, 0x1.000002p0f},
      {0x1.000002p-12f, 0x1p-13f, -1.0f, -0x1.fffffep-1f},
      {0x1p-12f, 0x1p-13f, -1.0f, -1.0f},
      {0x1p-31f, 0x1.8p-1f, 1.0f, 1.0f},
      {least, least, 1.0f, 1.0f},
      {least, -least, most, most},
      // cancellation
      {0x1.000002p0f, 0x1.000002p0f, -0x1.000004p0f, 0x1p-46f},
      {0x1.000002p0f, 0x1.fffffep-1f, -0x1.000002p0f, -0x1.000002p-24f},
      {-1.0f, 1.0f, 1.0f, 0.0f},
      {1.0f, 1.0f, -1.0f, 0.0f},
      // subnormal factors, addends and results
      {least, 0x1p127f, -0x1p-22f, 0.0f},
      {least, 0x1p127f, -0x1.000002p-22f, -0x1p-45f},
      {0x1.fffffcp-127f, 1.0f, least, 0x1p-126f},
      {0x1p-126f, 1.0f, -least, 0x1.fffffcp-127f},
      {least, 0.5f, 0.0f, 0.0f},
      {least, -0.5f, 0.0f, -0.0f},
      {least, 0.5f, least, 2.0f * least},
      {least, 0x1.000002p-1f, 0.0f, least},
      {least, -0x1p-40f, least, least},
      {0x1p-100f, 0x1p-100f, -least, -least},
      // zeros, and both ends of the range
      {0.0f, -1.0f, 0.0f, 0.0f},
      {0.0f, -1.0f, -0.0f, -0.0f},
      {0.0f, 1.0f, least, least},
      {least, 1.0f, -0.0f, least},
      {most, 1.0f, 0x1p102f, most},
      {most, 1.0f, 0x1p103f, INFINITY},
      {most, 2.0f, -most, most},
      {most, most, -INFINITY, -INFINITY},
  };
  for (const auto& x : cases) {
    CAPTURE(x.a);
    CAPTURE(x.b);
    CAPTURE(x.c);
    CHECK(bits_of(linnet::fused_by_integer(x.a, x.b, x.c)) == bits_of(x.result));
    CHECK(bits_of(linnet::fused_by_double(x.a, x.b, x.c)) == bits_of(x.result));
    if (kLibraryIsExact) {
      CHECK(bits_of(std::fma(x.a, x.b, x.c)) == bits_of(x.result));
    }
  }
}

TEST_CASE("the integer square root is correctly rounded") {
  int wrong = 0;
  for (std::uint64_t bits = 0; bits < 0x100000000u; bits += 4099) {
    const float x = float_of(static_cast<std::uint32_t>(bits));
    wrong += same(linnet::square_root_by_integer(x), std::sqrt(x)) ? 0 : 1;
  }
  for (const std::uint32_t bits :
       {0u, 0x80000000u, 0x7f800000u, 0xff800000u, 0x7fc00000u, 0xffc00000u, 1u, 0x80000001u}) {
    wrong += same(linnet::square_root_by_integer(float_of(bits)), std::sqrt(float_of(bits))) ? 0 : 1;
  }
  CHECK(wrong == 0);
}
