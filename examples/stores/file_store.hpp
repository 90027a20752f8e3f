// A medium that is a file of a POSIX system. The program lends memory for all of it; write() changes the memory alone.
// sync() writes the memory to PATH.new, calls fsync() on it, renames it to PATH and calls fsync() on the directory:
//
//   power is lost ...                        PATH holds
//   before the rename                        what it held; PATH.new is overwritten by the next sync()
//   after the rename, before the directory   what it held, or all of the new: both are whole
//   after sync() has returned                all of the new
//
// Without the first fsync() a file system may rename before it writes, and PATH would be empty; without the second one a
// save() that returned ok could be undone. One program at a time may use PATH.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include <linnet/store.hpp>

namespace stores {

class FileStore {
 public:
  /// `memory` is as long as the medium is to be, and stays where it is. So does this object once store() was called.
  FileStore(const char* path, linnet::Span<unsigned char> memory) : path_(path), memory_(memory) {}

  /// Reads the file. Where there is none, the medium is blank. Returns false where the file cannot be read, or is not as
  /// long as the medium and so somebody else's: then nothing can be kept.
  bool open() {
    std::memset(memory_.data(), 0xff, memory_.size());
    std::FILE* file = std::fopen(path_.c_str(), "rb");
    if (file == nullptr) return good_ = access(path_.c_str(), F_OK) != 0;
    good_ = std::fread(memory_.data(), 1, memory_.size(), file) == memory_.size() && std::fgetc(file) == EOF;
    std::fclose(file);
    return good_;
  }

  linnet::Store store(std::uint32_t slots = 2) {
    return {read, write, nullptr, sync, this, static_cast<std::uint32_t>(memory_.size()), 1, 1, slots, {}};
  }

 private:
  static bool read(void* self, std::uint32_t at, void* to, std::size_t bytes) {
    std::memcpy(to, static_cast<FileStore*>(self)->memory_.data() + at, bytes);
    return static_cast<FileStore*>(self)->good_;
  }
  static bool write(void* self, std::uint32_t at, const void* from, std::size_t bytes) {
    std::memcpy(static_cast<FileStore*>(self)->memory_.data() + at, from, bytes);
    return static_cast<FileStore*>(self)->good_;
  }
  static bool sync(void* self) {
    auto* file = static_cast<FileStore*>(self);
    const bool synced = file->good_ && file->write_aside() &&
                        std::rename(file->aside_.c_str(), file->path_.c_str()) == 0 && file->sync_directory();
    if (!synced) file->open();  // what did not get there must not be read as if it had
    return synced;
  }

  [[nodiscard]] bool write_aside() const {
    std::FILE* file = std::fopen(aside_.c_str(), "wb");
    if (file == nullptr) return false;
    const bool synced = std::fwrite(memory_.data(), 1, memory_.size(), file) == memory_.size() &&
                        std::fflush(file) == 0 && fsync(fileno(file)) == 0;
    return std::fclose(file) == 0 && synced;
  }
  // The name of a file is an entry of its directory, which is synced like a file.
  [[nodiscard]] bool sync_directory() const {
    const std::size_t slash = path_.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = file >= 0 && fsync(file) == 0;
    return file >= 0 && close(file) == 0 && synced;
  }

  std::string path_, aside_ = path_ + ".new";
  linnet::Span<unsigned char> memory_;
  bool good_ = false;
};

}  // namespace stores
