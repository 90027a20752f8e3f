// The bytes of a fuzzer as choices: a plan that is drawn from the same bytes is the same plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace linnet_fuzz {

class Source {
 public:
  Source(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  [[nodiscard]] bool empty() const { return left_ == 0; }
  std::uint8_t byte() {
    if (left_ == 0) {
      return 0;
    }
    --left_;
    return *data_++;
  }
  std::uint32_t word() {
    std::uint32_t result = 0;
    for (int k = 0; k < 4; ++k) {
      result = result << 8u | byte();
    }
    return result;
  }
  std::size_t below(std::size_t n) { return byte() % n; }  // n <= 256
  bool once_in(std::size_t n) { return byte() % n == n - 1; }

  // A number as they come: mostly small ones, now and then one at an edge, or any bits.
  float number() {
    static constexpr float kEdges[] = {0.0f,
                                       -0.0f,
                                       1.0f,
                                       -1.0f,
                                       1e-45f,
                                       -1e-38f,
                                       0x1p-126f,
                                       0x1p-100f,
                                       1e-20f,
                                       0x1p24f,
                                       0x1p47f,
                                       0x1p48f,
                                       -0x1p60f,
                                       1e30f,
                                       0x1p120f,
                                       std::numeric_limits<float>::max(),
                                       -std::numeric_limits<float>::max(),
                                       std::numeric_limits<float>::infinity(),
                                       -std::numeric_limits<float>::infinity(),
                                       std::numeric_limits<float>::quiet_NaN()};
    const std::uint8_t kind = byte();
    if (kind == 255) {
      const std::uint32_t bits = word();
      float any;
      std::memcpy(&any, &bits, sizeof any);
      return any;
    }
    if (kind >= 248) {
      return kEdges[below(sizeof kEdges / sizeof *kEdges)];
    }
    return (static_cast<float>(kind) - 124.0f) / 62.0f;
  }
  // `usual`, or once in n an edge.
  float mostly(float usual, std::size_t n = 12) { return once_in(n) ? number() : usual; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace linnet_fuzz
