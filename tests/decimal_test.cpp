// Decimal numbers beside printf and strtof. On the host: newlib's strtof rounds twice.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include <linnet/random.hpp>

#include "decimals.hpp"

using namespace linnet_test;

namespace {

// What is read of the whole text; NaN where that is not a number.
float read(const std::string& text) {
  float x = 0.0f;
  return linnet::parse_float(text.data(), text.size(), x) == text.size() ? x : std::numeric_limits<float>::quiet_NaN();
}

// The shortest of printf's texts with a rounded last digit that strtof reads back.
std::size_t digits_needed(float x) {
  for (int digits = 0; digits < 9; ++digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*e", digits, static_cast<double>(x));
    if (same(std::strtof(text, nullptr), x)) return static_cast<std::size_t>(digits) + 1;
  }
  return 99;
}

// Digits from the first to the last that is not 0.
std::size_t digits_of(const std::string& text) {
  std::string digits;
  for (const char c : text.substr(0, text.find('e'))) {
    if (c >= '0' && c <= '9' && (c != '0' || !digits.empty())) digits += c;
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits.size();
}

// Random bits, now and then a power of two, a subnormal number, a number with few bits.
float any_float(linnet::Pcg32& random) {
  static constexpr std::uint32_t kMasks[] = {0xffffffffu, 0xff800000u, 0x807fffffu, 0xfff00000u};
  const float x = with_bits(random.bits() & kMasks[random.below(4)]);
  return std::isfinite(x) ? x : 0.1f;
}

}  // namespace

TEST_CASE("a float prints as the shortest text that strtof reads back to the same bits") {
  linnet::Pcg32 random(31);
  for (int k = 0; k < 4000; ++k) {
    const float x = any_float(random);
    const std::string text = printed(x);
    CAPTURE(text);
    CHECK(same(std::strtof(text.c_str(), nullptr), x));
    CHECK(same(read(text), x));
    CHECK((x == 0.0f || digits_of(text) <= digits_needed(x)));
  }
}

TEST_CASE("decimal numbers are read as strtof reads them, those half way between two floats too") {
  linnet::Pcg32 random(32);
  for (int k = 0; k < 4000; ++k) {
    const float x = any_float(random);
    const auto next = static_cast<double>(std::nextafterf(x, 0.0f));
    double between = 0.5 * (static_cast<double>(x) + next);
    between = k % 3 == 0 ? between : std::nextafter(between, k % 3 == 1 ? -1e300 : 1e300);
    char text[64];
    std::snprintf(text, sizeof text, "%.*e", static_cast<int>(8 + random.below(32)), between);
    CAPTURE(std::string(text));
    CHECK(same(read(text), std::strtof(text, nullptr)));
  }
  for (const char* text : {"0", "-0", "0.0", "00012.50", "1e10", "1E", "7.00649232162408535461864791644958065640e-46",
                           "7.00649232162408535461864791644958065641e-46", "1e-46", "1e-9999", "0e99999", "16777217",
                           "340282356779733661637539395458142568447", "340282356779733661637539395458142568448", "1e39",
                           "1e99999", "0.00000000000000000000000000000000000000000000000000000001e60", "1e+5"}) {
    CAPTURE(std::string(text));
    CHECK((text[1] == 'E' || same(read(text), std::strtof(text, nullptr))));
  }
}
