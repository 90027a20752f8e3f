#pragma once

// Files that are there whole or not at all.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace files {

/// Writes `text` beside `path` and renames it when all of it is written. Returns false after a message that says what
/// went wrong.
inline bool write(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::FILE* file = std::fopen(part.c_str(), "wb");
  if (file == nullptr) {
    std::fprintf(stderr, "cannot create %s: %s\n", part.c_str(), std::strerror(errno));
    return false;
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = std::fclose(file) == 0;
  if (written && closed && std::rename(part.c_str(), path.c_str()) == 0) return true;
  std::fprintf(stderr, "cannot write %s: %s\n", path.c_str(), std::strerror(errno));
  std::remove(part.c_str());
  return false;
}

}  // namespace files
