// Floats at a chosen distance behind a 64-byte boundary.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace bench {

class Floats {
 public:
  explicit Floats(std::size_t count, std::size_t offset = 0)
      : bytes_(((count + offset) * sizeof(float) + 64) / 64 * 64) {
    memory_ = static_cast<float*>(mapped() ? map(bytes_) : std::aligned_alloc(64, bytes_));
    if (memory_ == nullptr) std::abort();
    std::memset(memory_, 0, bytes_);
    data_ = memory_ + offset;
  }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  ~Floats() {
    if (mapped()) {
      munmap(memory_, bytes_);
    } else {
      std::free(memory_);
    }
  }

  [[nodiscard]] float* data() const { return data_; }
  float& operator[](std::size_t k) const { return data_[k]; }

 private:
  // Large blocks not from the heap, which would give their pages to the next that asks: see time_sample() in bench.cpp.
  [[nodiscard]] bool mapped() const { return bytes_ >= std::size_t{128} * 1024; }
  static void* map(std::size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : memory;
  }

  std::size_t bytes_;
  float* memory_;
  float* data_;
};

}  // namespace bench
