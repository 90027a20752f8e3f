// JSON as the headers of safetensors have it, read byte by byte: objects, strings, lists of whole numbers.
#pragma once

#include <linnet/sink.hpp>
#include <linnet/status.hpp>

#include "characters.hpp"

namespace linnet {

// The bytes [at, end) of a source, one after the other. After a failure there are none.
struct Bytewise {
  const Source& source;
  std::uint64_t at, end;
  Status status = Status::ok;
  std::uint16_t next = 0, filled = 0;
  unsigned char buffer[64] = {};

  Bytewise(const Source& from, std::uint64_t first, std::uint64_t last) : source(from), at(first), end(last) {}
  // The next byte, which stays the next one; -1 where there is none.
  int peek();
  int take() {
    const int byte = peek();
    at += byte >= 0 ? 1u : 0u;
    next = static_cast<std::uint16_t>(next + (byte >= 0 ? 1 : 0));
    return byte;
  }
};

// What stands next in a text is taken, or the status says what is wrong, bad_header where it is the text. From then on
// nothing is taken.
struct Json : Bytewise {
  using Bytewise::Bytewise;

  void fail(Status why) { status = status == Status::ok ? why : status; }
  void space();
  // Takes `c` and the space before it, if that is what follows.
  bool took(char c);
  void expect(char c) {
    if (!took(c)) {
      fail(Status::bad_header);
    }
  }
  // Takes what is before the next element of `{...}` or `[...]`, or behind the last one: then it returns false.
  bool more(bool& first, char opening, char closing);
  // A string, without its escapes; what it holds is UTF-8.
  void string(const Put& put);
  // A whole number below 2^63.
  std::uint64_t number();

 private:
  void escape(const Put& put);
  unsigned hexadecimal();
  void multibyte(unsigned first, const Put& put);
};

}  // namespace linnet
