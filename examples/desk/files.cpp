#include "files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include <unistd.h>

#include "refused.hpp"

namespace desk {

namespace {

[[noreturn]] void refuse(const std::string& path) { throw Refused(path + ": " + std::strerror(errno)); }

bool write_all(std::FILE* file, const Bytes& bytes, bool sync) {
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() && std::fflush(file) == 0 &&
                       (!sync || fsync(fileno(file)) == 0);
  const int why = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written) errno = why;
  return written && closed;
}

}  // namespace

Bytes read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) refuse(path);
  Bytes bytes;
  unsigned char part[65536];
  for (std::size_t count = 1; count > 0;) {
    count = std::fread(part, 1, sizeof part, file.get());
    bytes.insert(bytes.end(), part, part + count);
  }
  if (std::ferror(file.get()) != 0) refuse(path);
  return bytes;
}

void write_file(const std::string& path, const Bytes& bytes) {
  std::error_code ignored;
  const std::filesystem::path to = std::filesystem::weakly_canonical(path, ignored);  // a link stays a link
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr || !write_all(file, bytes, false)) refuse(path);
    return;
  }
  const std::string name = to.empty() ? path : to.string();
  const std::string aside = name + ".new";
  std::FILE* file = std::fopen(aside.c_str(), "wb");
  if (file == nullptr) refuse(path);
  if (!write_all(file, bytes, true) || std::rename(aside.c_str(), name.c_str()) != 0) {
    const int why = errno;
    std::remove(aside.c_str());
    errno = why;
    refuse(path);
  }
}

}  // namespace desk
