#include "gzip.hpp"

#ifdef DESK_ZLIB
#include <zlib.h>
#endif

#include "refused.hpp"

namespace desk {

namespace {

#ifdef DESK_ZLIB
constexpr std::size_t kMost = std::size_t{1} << 30;

// Unpacks one member behind another until the file ends.
const char* unpack(z_stream& stream, Bytes& bytes) {
  unsigned char part[65536];
  while (true) {
    stream.next_out = part;
    stream.avail_out = sizeof part;
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END) return "it is a damaged gzip file";
    bytes.insert(bytes.end(), part, stream.next_out);
    if (bytes.size() > kMost) return "it holds more than a gigabyte";
    if (result == Z_STREAM_END && stream.avail_in == 0) return nullptr;
    if (result == Z_STREAM_END && inflateReset(&stream) != Z_OK) return "it is a damaged gzip file";
  }
}

Bytes unpack(const std::string& path, Bytes& file) {
  if (file.size() > kMost) throw Refused(path + ": it is larger than a gigabyte");
  z_stream stream{};
  constexpr int kGzipAlone = 15 + 16;  // the largest window; no other format
  if (inflateInit2(&stream, kGzipAlone) != Z_OK) throw Refused(path + ": zlib does not start");
  stream.next_in = file.data();
  stream.avail_in = static_cast<uInt>(file.size());
  Bytes bytes;
  const char* wrong = unpack(stream, bytes);
  inflateEnd(&stream);
  if (wrong != nullptr) throw Refused(path + ": " + wrong);
  return bytes;
}
#else
Bytes unpack(const std::string& path, Bytes&) {
  throw Refused(path + ": it is packed, and this tool was built without zlib: unpack it by gunzip");
}
#endif

}  // namespace

Bytes unpacked(const std::string& path, Bytes file) {
  const bool packed = file.size() >= 2 && file[0] == 0x1f && file[1] == 0x8b;
  return packed ? unpack(path, file) : file;
}

}  // namespace desk
