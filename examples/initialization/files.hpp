#pragma once

// Files that are there whole or not at all. What goes wrong is told on standard error.

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace files {

inline bool complain(const char* what, const std::string& path, int error) {
  std::fprintf(stderr, "cannot %s %s: %s\n", what, path.c_str(), std::strerror(error));
  return false;
}

/// Returns whether there is a folder of this name; makes it, but not the folders above.
inline bool make_folder(const std::string& path) {
  struct stat found {};
  if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return complain("create", path, errno);
  if (stat(path.c_str(), &found) != 0) return complain("read", path, errno);
  return S_ISDIR(found.st_mode) || complain("create", path, ENOTDIR);
}

inline std::string part_of(const std::string& path) { return path + ".part"; }

/// Returns whether a file can be written there: to know before hours of work, not after.
inline bool can_write(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return complain("write", path, EISDIR);
  std::FILE* file = std::fopen(part_of(path).c_str(), "wb");
  if (file == nullptr) return complain("create", part_of(path), errno);
  std::fclose(file);
  std::remove(part_of(path).c_str());
  return true;
}

/// Writes `text` beside `path` and renames it when all of it is written.
inline bool write(const std::string& path, const std::string& text) {
  const std::string part = part_of(path);
  std::FILE* file = std::fopen(part.c_str(), "wb");
  if (file == nullptr) return complain("create", part, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = std::fclose(file) == 0;
  if (written && closed && std::rename(part.c_str(), path.c_str()) == 0) return true;
  const int error = errno;
  std::remove(part.c_str());
  return complain("write", path, error);
}

}  // namespace files
