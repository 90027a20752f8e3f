#pragma once

// Reads the files that MNIST and its relatives come in: gzipped IDX, unsigned bytes. For computers: it allocates.

#include <zlib.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace idx {

/// A gzipped file, read from start to end. The functions return an empty string, or what is wrong.
class GzipFile {
 public:
  GzipFile() = default;
  GzipFile(const GzipFile&) = delete;
  GzipFile& operator=(const GzipFile&) = delete;
  ~GzipFile() {
    if (file_ != nullptr) std::fclose(file_);
    if (inflating_) inflateEnd(&stream_);
  }

  std::string open(const std::string& path) {
    file_ = std::fopen(path.c_str(), "rb");
    if (file_ == nullptr) return std::strerror(errno);
    if (std::string wrong = refill(); !wrong.empty()) return wrong;
    if (stream_.avail_in < 2 || compressed_[0] != 0x1f || compressed_[1] != 0x8b) return "is not a gzip file";
    inflating_ = inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK;  // 16: gzip, checksum included
    return inflating_ ? "" : "zlib cannot be used";
  }

  /// Reads exactly `size` bytes.
  std::string read(std::uint8_t* bytes, std::size_t size) {
    std::size_t got = 0;
    if (std::string wrong = inflate_some(bytes, size, got); !wrong.empty()) return wrong;
    return got == size ? "" : "ends too early, bytes missing: " + std::to_string(size - got);
  }

  /// Sees to it that nothing follows and that the checksum is right.
  std::string finish() {
    std::uint8_t more = 0;
    std::size_t got = 0;
    if (std::string wrong = inflate_some(&more, 1, got); !wrong.empty()) return wrong;
    if (got == 0 && stream_.avail_in == 0) {
      if (std::string wrong = refill(); !wrong.empty()) return wrong;
    }
    return got == 0 && stream_.avail_in == 0 ? "" : "goes on after its end";
  }

 private:
  std::string refill() {
    stream_.next_in = compressed_;
    stream_.avail_in = static_cast<uInt>(std::fread(compressed_, 1, sizeof compressed_, file_));
    return std::ferror(file_) != 0 ? std::strerror(errno) : "";
  }

  // Stops at `size` bytes or at the end of the gzip data.
  std::string inflate_some(std::uint8_t* bytes, std::size_t size, std::size_t& got) {
    for (got = 0; got < size && !ended_;) {
      if (stream_.avail_in == 0) {
        if (std::string wrong = refill(); !wrong.empty()) return wrong;
        if (stream_.avail_in == 0) return "is cut short";
      }
      const std::size_t room = size - got < kMostAtOnce ? size - got : kMostAtOnce;
      stream_.next_out = bytes + got;
      stream_.avail_out = static_cast<uInt>(room);
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END) {
        return std::string("is damaged") + (stream_.msg != nullptr ? std::string(": ") + stream_.msg : "");
      }
      got += room - stream_.avail_out;
      ended_ = code == Z_STREAM_END;
    }
    return "";
  }

  static constexpr std::size_t kMostAtOnce = std::size_t{1} << 24;

  std::FILE* file_ = nullptr;
  z_stream stream_{};
  bool inflating_ = false;
  bool ended_ = false;
  std::uint8_t compressed_[std::size_t{1} << 15] = {};
};

/// Four bytes, the highest first.
inline std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

inline std::string named(const std::vector<std::uint32_t>& sizes) {
  std::string text;
  for (const std::uint32_t size : sizes) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

/// Reads what follows the header, of which the sizes must be `sizes`: {60000, 28, 28}, say.
inline std::string read(GzipFile& file, const std::vector<std::uint32_t>& sizes, std::vector<std::uint8_t>& bytes) {
  std::uint8_t word[4];
  if (std::string wrong = file.read(word, 4); !wrong.empty()) return wrong;
  const std::uint32_t magic = 0x0800u + static_cast<std::uint32_t>(sizes.size());
  if (big_endian(word) != magic) {
    return "starts with " + std::to_string(big_endian(word)) + ", not with the magic number " + std::to_string(magic);
  }
  std::vector<std::uint32_t> found;
  std::size_t total = 1;
  for (const std::uint32_t size : sizes) {
    if (std::string wrong = file.read(word, 4); !wrong.empty()) return wrong;
    found.push_back(big_endian(word));
    total *= size;
  }
  if (found != sizes) return "its header says " + named(found) + ", not " + named(sizes);
  bytes.resize(total);
  if (std::string wrong = file.read(bytes.data(), total); !wrong.empty()) return wrong;
  return file.finish();
}

/// Reads an IDX file whose sizes are known. Returns an empty string, or the path and what is wrong.
inline std::string read(const std::string& path, const std::vector<std::uint32_t>& sizes,
                        std::vector<std::uint8_t>& bytes) {
  GzipFile file;
  std::string wrong = file.open(path);
  if (wrong.empty()) wrong = read(file, sizes, bytes);
  return wrong.empty() ? "" : path + ": " + wrong;
}

}  // namespace idx
