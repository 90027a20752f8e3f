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

// A file that is written aside, then renamed.
class Aside {
 public:
  Aside(const std::string& path, const Bytes& bytes) : path_(path), bytes_(bytes) {
    std::error_code ignored;
    const std::filesystem::path to = std::filesystem::weakly_canonical(path, ignored);  // a link stays a link
    name_ = to.empty() ? path : to.string();
    special_ = std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool write() const {
    std::FILE* file = special_ ? nullptr : std::fopen((name_ + ".new").c_str(), "wb");
    return special_ || (file != nullptr && write_all(file, bytes_, true));
  }
  [[nodiscard]] bool rename() const {
    if (!special_) return std::rename((name_ + ".new").c_str(), name_.c_str()) == 0;
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    return file != nullptr && write_all(file, bytes_, false);
  }
  void remove() const {
    if (!special_) std::remove((name_ + ".new").c_str());
  }

 private:
  const std::string& path_;
  const Bytes& bytes_;
  std::string name_;
  bool special_ = false;  // a device or a pipe: written as it is
};

void remove_all(const std::vector<Aside>& all) {
  const int why = errno;
  for (const Aside& one : all) one.remove();
  errno = why;
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

void write_file(const std::string& path, const Bytes& bytes) { write_files({{path, bytes}}); }

void write_files(const std::vector<std::pair<std::string, Bytes>>& files) {
  std::vector<Aside> all;
  for (const auto& [path, bytes] : files) {
    all.emplace_back(path, bytes);
    if (!all.back().write()) {
      remove_all(all);
      refuse(path);
    }
  }
  for (const Aside& one : all) {
    if (one.rename()) continue;
    remove_all(all);
    refuse(one.path());
  }
}

}  // namespace desk
