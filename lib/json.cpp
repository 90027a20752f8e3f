#include "json.hpp"

namespace linnet {

int Bytewise::peek() {
  if (status != Status::ok || at == end) {
    return -1;
  }
  if (next == filled) {
    filled = static_cast<std::uint16_t>(end - at < sizeof buffer ? end - at : sizeof buffer);
    next = 0;
    if (!source.read(source.context, at, buffer, filled)) {
      status = Status::store_failed;
      return -1;
    }
  }
  return buffer[next];
}

void Json::space() {
  for (int c = peek(); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek()) {
    take();
  }
}

bool Json::took(char c) {
  space();
  if (peek() != c) {
    return false;
  }
  take();
  return true;
}

bool Json::more(bool& first, char opening, char closing) {
  if (first) {
    expect(opening);
  }
  if (took(closing)) {
    return false;
  }
  if (!first) {
    expect(',');
  }
  first = false;
  return status == Status::ok;
}

unsigned Json::hexadecimal() {
  unsigned value = 0;
  for (int k = 0; k < 4; ++k) {
    const int c = take();
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!letter && !(c >= '0' && c <= '9')) {
      fail(Status::bad_header);
    }
    value = 16 * value + (letter ? static_cast<unsigned>(c | 32) - 'a' + 10 : static_cast<unsigned>(c) - '0');
  }
  return value;
}

namespace {

void put_byte(const Put& put, unsigned byte) { put(static_cast<char>(static_cast<unsigned char>(byte))); }

// The UTF-8 of a character.
void put_character(const Put& put, unsigned character) {
  if (character < 0x80u) {
    return put_byte(put, character);
  }
  if (character < 0x800u) {
    put_byte(put, 0xc0u | character >> 6u);
  } else {
    if (character < 0x10000u) {
      put_byte(put, 0xe0u | character >> 12u);
    } else {
      put_byte(put, 0xf0u | character >> 18u);
      put_byte(put, 0x80u | (character >> 12u & 63u));
    }
    put_byte(put, 0x80u | (character >> 6u & 63u));
  }
  put_byte(put, 0x80u | (character & 63u));
}

}  // namespace

void Json::escape(const Put& put) {
  static constexpr char kEscapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
  const int c = take();
  for (const char* k = kEscapes; *k != '\0'; k += 2) {
    if (c == *k) {
      return put(k[1]);
    }
  }
  if (c != 'u') {
    return fail(Status::bad_header);
  }
  unsigned character = hexadecimal();
  if (character >= 0xd800u && character < 0xe000u) {  // the halves of a pair, the high one first
    const bool pair = character < 0xdc00u && take() == '\\' && take() == 'u';
    const unsigned low = pair ? hexadecimal() : 0;
    if (low < 0xdc00u || low > 0xdfffu) {
      return fail(Status::bad_header);
    }
    character = 0x10000u + ((character & 0x3ffu) << 10u) + (low & 0x3ffu);
  }
  if (status == Status::ok) {
    put_character(put, character);
  }
}

// The other bytes of a character that begins with this one: no longer than it need be, no half of a pair, none beyond
// U+10FFFF.
void Json::multibyte(unsigned first, const Put& put) {
  if (first < 0xc2u || first > 0xf4u) {
    return fail(Status::bad_header);
  }
  put_byte(put, first);
  unsigned least = first == 0xe0u ? 0xa0u : first == 0xf0u ? 0x90u : 0x80u;
  unsigned most = first == 0xedu ? 0x9fu : first == 0xf4u ? 0x8fu : 0xbfu;
  for (int left = first < 0xe0u ? 1 : first < 0xf0u ? 2 : 3; left > 0; --left) {
    const int c = take();
    if (c < static_cast<int>(least) || c > static_cast<int>(most)) {
      return fail(Status::bad_header);
    }
    put_byte(put, static_cast<unsigned>(c));
    least = 0x80u;
    most = 0xbfu;
  }
}

void Json::string(const Put& put) {
  expect('"');
  while (status == Status::ok) {
    const int c = take();
    if (c == '"') {
      return;
    }
    if (c == '\\') {
      escape(put);
    } else if (c < ' ') {
      fail(Status::bad_header);  // the end of the text, or a character that must be escaped
    } else if (c < 0x80) {
      put(static_cast<char>(c));
    } else {
      multibyte(static_cast<unsigned>(c), put);
    }
  }
}

std::uint64_t Json::number() {
  space();
  const bool zero = peek() == '0';
  std::uint64_t value = 0;
  int digits = 0;
  for (int c = peek(); c >= '0' && c <= '9'; c = peek(), ++digits) {
    value = 10 * value + static_cast<unsigned>(c - '0');
    take();
    if (digits == 18) {  // 2^63 has 19 digits
      break;
    }
  }
  const int behind = peek();
  if (digits == 0 || (zero && digits > 1) || value >> 63u != 0 || (behind >= '0' && behind <= '9')) {
    fail(Status::bad_header);
  }
  return value;
}

}  // namespace linnet
