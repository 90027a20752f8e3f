// Writes a slot from lib/CHECKPOINTS.md, and not from lib/: what tests compare with, and what they change.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace linnet_keep {

using Bytes = std::vector<unsigned char>;

inline void put(Bytes& to, std::uint64_t number, int bytes) {
  for (int k = 0; k < bytes; ++k) to.push_back(static_cast<unsigned char>(number >> (8 * k)));
}
inline std::uint32_t bits(float x) {
  std::uint32_t result;
  std::memcpy(&result, &x, sizeof result);
  return result;
}
inline void put_floats(Bytes& to, const float* from, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) put(to, bits(from[k]), 4);
}

// CRC-32 from its definition, bit by bit.
inline std::uint32_t crc32(const Bytes& bytes, std::uint32_t start = 0) {
  std::uint32_t crc = ~start;
  for (const unsigned char byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? crc >> 1u ^ 0xedb88320u : crc >> 1u;
  }
  return ~crc;
}

struct Item {
  std::string name;
  unsigned width;
  Bytes elements;
};

struct WrittenLayer {
  std::uint32_t units, activation;
  bool bias;
  float parameter;
};

struct Format {
  unsigned major = 1, minor = 0;
  std::uint32_t flags = 0, sequence = 1;
  unsigned version[3] = {};
  unsigned contract = 1, layout = 2, frozen_layers = 0;
  std::uint32_t inputs = 0;
  std::vector<WrittenLayer> layers;
  Bytes frozen;  // parameters
  std::vector<Item> items;

  // Header, body and commit; behind them stand confirmations.
  [[nodiscard]] Bytes slot(std::uint32_t unit) const {
    const Bytes body = written_body(unit);
    Bytes result = header(unit, body_bytes());
    const std::uint32_t head_sum = crc32(result);
    put(result, head_sum, 4);
    result.insert(result.end(), body.begin(), body.end());
    const Bytes commit = mark("DONE", crc32(body, head_sum), unit);
    result.insert(result.end(), commit.begin(), commit.end());
    return result;
  }
  static Bytes mark(const char* magic, std::uint32_t sum, std::uint32_t unit) {
    Bytes result((unit - 8 % unit) % unit, 0);
    result.insert(result.end(), magic, magic + 4);
    put(result, sum, 4);
    return result;
  }

 private:
  [[nodiscard]] std::uint32_t body_bytes() const {
    std::size_t bytes = 0;
    for (const Item& item : items) bytes += 16 + item.elements.size();
    return static_cast<std::uint32_t>(bytes);
  }
  [[nodiscard]] Bytes written_body(std::uint32_t unit) const {
    Bytes body;
    for (const Item& item : items) {
      for (std::size_t k = 0; k < 8; ++k)
        body.push_back(k < item.name.size() ? static_cast<unsigned char>(item.name[k]) : 0);
      put(body, item.width, 4);
      put(body, item.elements.size() / item.width, 4);
      body.insert(body.end(), item.elements.begin(), item.elements.end());
    }
    while (body.size() % unit != 0) body.push_back(0);
    return body;
  }
  [[nodiscard]] Bytes header(std::uint32_t unit, std::uint32_t of_body) const {
    Bytes result{'L', 'N', 'C', 'K'};
    put(result, major, 1);
    put(result, minor, 1);
    put(result, 68 + 12 * layers.size(), 2);
    put(result, flags, 4);
    put(result, sequence, 4);
    put(result, of_body, 4);
    for (const unsigned part : version) put(result, part, 1);
    put(result, 0, 1);
    put(result, contract, 2);
    put(result, layout, 2);
    put(result, layers.size(), 1);
    put(result, frozen_layers, 1);
    put(result, 0, 2);
    put(result, inputs, 4);
    result.resize(64, 0);
    for (const WrittenLayer& layer : layers) {
      put(result, layer.units, 4);
      put(result, layer.activation, 1);
      put(result, layer.bias ? 1 : 0, 1);
      put(result, 0, 2);
      put(result, bits(layer.parameter), 4);
    }
    put(result, frozen.empty() ? 0 : crc32(frozen), 4);
    while ((result.size() + 4) % unit != 0) result.push_back(0);
    return result;
  }
};

}  // namespace linnet_keep
