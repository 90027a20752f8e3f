#include "decimal.hpp"

#include <cstdint>

#include "arithmetic/contract.hpp"
#include "arithmetic/fused.hpp"

namespace linnet {

namespace {

// A whole number below 2^320, the lowest word first. What is computed here stays below: 40 digits, or 24 bits, beside a
// power of 10 or 2 that turns the least float into a whole number. float_bits() sees to it.
struct Whole {
  static constexpr int kWords = 10;
  std::uint32_t words[kWords] = {};

  explicit Whole(std::uint32_t lowest) { words[0] = lowest; }

  // this = this * factor + more
  void scale(std::uint32_t factor, std::uint32_t more = 0) {
    std::uint64_t carry = more;
    for (std::uint32_t& word : words) {
      carry += std::uint64_t{word} * factor;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32u;
    }
  }
  void scale_by_ten(int times) {
    for (; times > 0; --times) {
      scale(10);
    }
  }
  void shift(int bits) {
    for (; bits >= 16; bits -= 16) {
      scale(1u << 16u);
    }
    scale(1u << static_cast<unsigned>(bits));
  }
  // this = this + sign * other, where that is not negative
  void add(const Whole& other, bool subtract = false) {
    std::uint64_t carry = subtract ? 1 : 0;
    for (int k = 0; k < kWords; ++k) {
      carry += std::uint64_t{words[k]} + (subtract ? ~other.words[k] : other.words[k]);
      words[k] = static_cast<std::uint32_t>(carry);
      carry >>= 32u;
    }
  }
  // -1, 0 or 1: smaller than the other, equal or larger
  [[nodiscard]] int compare(const Whole& other) const {
    for (int k = kWords - 1; k >= 0; --k) {
      if (words[k] != other.words[k]) {
        return words[k] < other.words[k] ? -1 : 1;
      }
    }
    return 0;
  }
  // Bits up to the highest that is set.
  [[nodiscard]] int length() const {
    for (int k = kWords - 1; k >= 0; --k) {
      if (words[k] != 0) {
        return 32 * k + 32 - __builtin_clz(words[k]);
      }
    }
    return 0;
  }
};

// value / unit, in [0, 10), and the remainder instead of the value.
unsigned digit_of(Whole& value, const Whole& unit) {
  unsigned digit = 0;
  for (; value.compare(unit) >= 0; ++digit) {
    value.add(unit, true);
  }
  return digit;
}

int sum_against(const Whole& a, const Whole& b, const Whole& limit) {
  Whole sum = a;
  sum.add(b);
  return sum.compare(limit);
}

// The digits of a float that is larger than 0, and where its point stands: 0.DIGITS x 10^point. Steele and White 1990,
// free format: value / unit is the float, and a text within `below` and `above` of it reads back to it, that of the
// bounds too where the significand is even. https://doi.org/10.1145/93542.93559
int shortest_digits(std::uint32_t bits, char* digits, int& point) {
  const std::uint32_t fraction = bits & 0x7fffffu;
  const int exponent = static_cast<int>(bits >> 23u);
  const bool uneven = fraction == 0 && exponent > 1;  // the float below is nearer than the one above
  Whole value(4 * (exponent > 0 ? fraction | 0x800000u : fraction));
  Whole unit(1);
  Whole above(2);
  Whole below(uneven ? 1 : 2);
  Whole* const scaled_ones[] = {&value, &above, &below};
  const int shift = (exponent > 0 ? exponent : 1) - 152;
  for (Whole* scaled : scaled_ones) {
    scaled->shift(shift > 0 ? shift : 0);
  }
  unit.shift(shift < 0 ? -shift : 0);
  const int bound = (bits & 1u) == 0 ? 0 : 1;  // compare() from here on: reads back to another float
  point = 0;
  for (; sum_against(value, above, unit) >= bound; ++point) {
    unit.scale(10);
  }
  int count = 0;
  for (bool low = false, high = false; !low && !high;) {
    for (Whole* scaled : scaled_ones) {
      scaled->scale(10);
    }
    unsigned digit = digit_of(value, unit);
    low = value.compare(below) <= -bound;
    high = sum_against(value, above, unit) >= bound;
    if (count == 0 && digit == 0 && !high) {
      --point;
      low = false;
      continue;
    }
    const int half = sum_against(value, value, unit);
    digit += high && (!low || half > 0 || (half == 0 && digit % 2 == 1)) ? 1u : 0u;
    digits[count++] = static_cast<char>('0' + digit);
  }
  return count;
}

constexpr std::size_t kMostCharacters = 1000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The exponent behind an e, at most 9999 in size; the characters that it has are added.
int exponent_of(const char* text, std::size_t size, std::size_t& at) {
  std::size_t k = at + 1;
  const bool negative = k < size && text[k] == '-';
  k += k < size && (text[k] == '-' || text[k] == '+') ? 1u : 0u;
  int exponent = 0;
  const std::size_t first = k;
  for (; k < size && is_digit(text[k]); ++k) {
    exponent = exponent < 1000 ? 10 * exponent + (text[k] - '0') : 9999;
  }
  at = k > first ? k : at;
  return negative ? -exponent : exponent;
}

// The bits of numerator / denominator, neither 0, rounded to nearest, ties to even
std::uint32_t quotient(Whole numerator, Whole denominator) {
  int exponent = numerator.length() - denominator.length();
  (exponent > 0 ? denominator : numerator).shift(exponent > 0 ? exponent : -exponent);
  if (numerator.compare(denominator) < 0) {
    numerator.shift(1);
    --exponent;
  }
  const bool normal = exponent >= -126;
  const int count = normal ? 24 : 150 + exponent;
  if (exponent > 127 || count < 0) {
    return exponent > 127 ? 0x7f800000u : 0u;
  }
  std::uint32_t bits = 0;
  for (int k = 0; k < count; ++k) {
    bits = 2 * bits + digit_of(numerator, denominator);
    numerator.shift(1);
  }
  const int half = numerator.compare(denominator);
  bits += half > 0 || (half == 0 && bits % 2 == 1) ? 1u : 0u;
  return bits + (normal ? static_cast<std::uint32_t>(exponent + 126) << 23u : 0u);
}

// A number as it is read digit by digit: digits and zeros x 10^exponent.
struct Decimal {
  Whole digits{0};
  int count = 0;  // from the first to the last that is not 0; beyond kMostDigits they are only counted
  int zeros = 0;  // behind them
  int exponent = 0;

  void add(unsigned digit, bool behind_point) {
    exponent -= behind_point ? 1 : 0;
    zeros += count > 0 ? 1 : 0;
    if (digit == 0) {
      return;
    }
    zeros = count > 0 ? zeros : 1;
    count += zeros;
    if (count <= kMostDigits) {
      digits.scale_by_ten(zeros);
      digits.add(Whole(digit));
    }
    zeros = 0;
  }
};

// The bits of digits x 10^exponent, where there is a digit; infinity where it is beyond float.
std::uint32_t float_bits(const Decimal& read) {
  const int size = read.count + read.exponent;  // below 10^size
  if (size > 39 || size < -45) {                // beyond float; less than half of the least one
    return size > 0 ? 0x7f800000u : 0u;
  }
  Whole numerator = read.digits;
  Whole denominator(1);
  (read.exponent > 0 ? numerator : denominator).scale_by_ten(read.exponent > 0 ? read.exponent : -read.exponent);
  return quotient(numerator, denominator);
}

}  // namespace

std::size_t print_float(float x, char* to) {
  char* const start = to;
  const std::uint32_t bits = bits_of(x);
  if ((bits >> 31u) != 0) {
    *to++ = '-';
  }
  char digits[9] = {'0'};
  int point = 1;
  const int count = bits << 1u != 0 ? shortest_digits(bits & 0x7fffffffu, digits, point) : 1;
  const bool scientific = point < -3 || point > 9;
  const int before = scientific ? 1 : point;  // digits before the point
  for (int k = before < 1 ? before - 1 : 0; k < count || k < before; ++k) {
    *to++ = k >= 0 && k < count ? digits[k] : '0';
    if (k == before - 1 && k + 1 < count) {
      *to++ = '.';
    }
  }
  if (scientific) {
    *to++ = 'e';
    int exponent = point - 1;
    if (exponent < 0) {
      *to++ = '-';
      exponent = -exponent;
    }
    if (exponent > 9) {
      *to++ = static_cast<char>('0' + exponent / 10);
    }
    *to++ = static_cast<char>('0' + exponent % 10);
  }
  return static_cast<std::size_t>(to - start);
}

std::size_t parse_float(const char* text, std::size_t size, float& x) {
  const bool negative = size > 0 && text[0] == '-';
  std::size_t at = negative ? 1 : 0;
  const std::size_t first = at;
  Decimal read;
  for (bool behind = false; at < size && at < kMostCharacters; ++at) {
    const bool point = text[at] == '.' && !behind && at > first && at + 1 < size && is_digit(text[at + 1]);
    if (!point && !is_digit(text[at])) {
      break;
    }
    if (!point) {
      read.add(static_cast<unsigned>(text[at] - '0'), behind);
    }
    behind = behind || point;
  }
  if (at == first || at == kMostCharacters || read.count > kMostDigits) {
    return 0;
  }
  read.exponent += read.zeros;
  if (at < size && text[at] == 'e') {
    read.exponent += exponent_of(text, size, at);
  }
  x = float_of((read.count > 0 ? float_bits(read) : 0u) | (negative ? 0x80000000u : 0u));
  return at;
}

}  // namespace linnet
