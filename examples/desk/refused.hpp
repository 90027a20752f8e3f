// What ends a command with exit code 1: a sentence that says what the data are and, where it helps, what to do.
#pragma once

#include <stdexcept>
#include <string>

#include <linnet/status.hpp>

namespace desk {

struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ends the command with the sentence of a status, unless that is ok. `about` is a file, or a part of one.
inline void expect_ok(linnet::Status status, const std::string& about) {
  if (status != linnet::Status::ok) throw Refused(about + ": " + linnet::to_string(status));
}

/// A name out of a file, without what a terminal would take for a command.
inline std::string printable(const std::string& name) {
  std::string text;
  for (const char c : name) text += c >= ' ' && c <= '~' ? c : '?';
  return text;
}

}  // namespace desk
