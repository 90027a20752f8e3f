// Files of safetensors in memory: bytes from a header, and what a sink gets.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

namespace linnet_test {

using Bytes = std::vector<unsigned char>;

// The length, the header and, behind it, the data.
inline Bytes file_of(const std::string& header, const std::string& data) {
  Bytes bytes;
  for (unsigned k = 0; k < 8; ++k) bytes.push_back(static_cast<unsigned char>(std::uint64_t{header.size()} >> 8 * k));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

// The little-endian bytes of floats.
inline std::string data_of(const std::vector<float>& floats) {
  std::string data;
  for (const float x : floats) {
    std::uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    for (unsigned k = 0; k < 4; ++k) data += static_cast<char>(static_cast<unsigned char>(bits >> 8 * k));
  }
  return data;
}

// Takes what is written, up to `room` bytes.
struct Written {
  Bytes bytes;
  std::size_t room = 1u << 20u, largest = 0;

  linnet::Sink sink() {
    return {[](void* context, const void* from, std::size_t count) {
              Written& at = *static_cast<Written*>(context);
              const auto* byte = static_cast<const unsigned char*>(from);
              at.largest = count > at.largest ? count : at.largest;
              if (at.bytes.size() + count > at.room) return false;
              at.bytes.insert(at.bytes.end(), byte, byte + count);
              return true;
            },
            this};
  }
};

// A file that is read a limited number of times; what is asked for beyond its end is counted.
struct Lent {
  Bytes bytes;
  std::size_t left = 1u << 30u, reads = 0, outside = 0, largest = 0;

  linnet::Source source() {
    return {[](void* context, std::uint64_t at, void* to, std::size_t count) {
              Lent& file = *static_cast<Lent*>(context);
              ++file.reads;
              file.largest = count > file.largest ? count : file.largest;
              if (file.left == 0) return false;
              --file.left;
              if (at > file.bytes.size() || count > file.bytes.size() - at) {
                ++file.outside;
                return false;
              }
              std::memcpy(to, file.bytes.data() + at, count);
              return true;
            },
            this, bytes.size()};
  }
};

}  // namespace linnet_test
