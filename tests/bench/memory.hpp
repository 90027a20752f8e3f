// Floats at a chosen distance behind a 64-byte boundary.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace bench {

class Floats {
 public:
  explicit Floats(std::size_t count, std::size_t offset = 0) {
    const std::size_t bytes = (count + offset) * sizeof(float);
    memory_ = static_cast<float*>(std::aligned_alloc(64, (bytes + 64) / 64 * 64));
    if (memory_ == nullptr) std::abort();
    std::memset(memory_, 0, (bytes + 64) / 64 * 64);
    data_ = memory_ + offset;
  }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  ~Floats() { std::free(memory_); }

  [[nodiscard]] float* data() const { return data_; }
  float& operator[](std::size_t k) const { return data_[k]; }

 private:
  float* memory_;
  float* data_;
};

}  // namespace bench
