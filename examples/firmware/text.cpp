#include "text.hpp"

#include "board.hpp"

namespace {

// A number being written from its last digit to its first.
class Field {
 public:
  void put(char character) { *--first_ = character; }
  // At least `least` decimal digits.
  void put_digits(std::size_t value, int least) {
    for (; value != 0 || least > 0; value /= 10, --least) put(static_cast<char>('0' + value % 10));
  }
  void write(int width) {
    while (end_ - first_ < width && first_ != characters_) put(' ');
    board::write(first_);
  }

 private:
  char characters_[24] = {};
  char* end_ = characters_ + sizeof characters_ - 1;
  char* first_ = end_;
};

}  // namespace

namespace text {

void number(std::size_t value, int width) {
  Field field;
  field.put_digits(value, 1);
  field.write(width);
}

void fixed(float value, int decimals, int width) {
  if (!(value == value)) {
    board::write("nan");
    return;
  }
  std::uint32_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const float magnitude = value < 0.0f ? -value : value;
  // not negative: NOLINTNEXTLINE(bugprone-incorrect-roundings)
  const auto scaled = static_cast<std::uint32_t>(magnitude * static_cast<float>(scale) + 0.5f);
  Field field;
  if (decimals > 0) {
    field.put_digits(scaled % scale, decimals);
    field.put('.');
  }
  field.put_digits(scaled / scale, 1);
  if (value < 0.0f) field.put('-');
  field.write(width);
}

void hexadecimal(std::uint64_t value) {
  Field field;
  for (int i = 0; i < 16; ++i, value >>= 4) field.put("0123456789abcdef"[value & 15u]);
  field.write(0);
}

}  // namespace text
