// Lent memory with a guard on either side.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>

#include <linnet/view.hpp>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>
#else
#include <cstdint>
#include <cstring>
#include <vector>
#endif

namespace linnet_test {

#if __has_include(<sys/mman.h>)

// `floats` floats that end (or start) at a page which must not be touched.
class Guarded {
 public:
  Guarded(std::size_t floats, bool at_end) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    const std::size_t bytes = floats * sizeof(float);
    length_ = (bytes + page_ - 1) / page_ * page_ + 2 * page_;
    base_ = static_cast<char*>(mmap(nullptr, length_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    REQUIRE(base_ != MAP_FAILED);
    if (bytes > 0) {
      REQUIRE(mprotect(base_ + page_, length_ - 2 * page_, PROT_READ | PROT_WRITE) == 0);
    }
    data_ = reinterpret_cast<float*>(at_end ? base_ + length_ - page_ - bytes : base_ + page_);
    size_ = floats;
  }
  ~Guarded() { munmap(base_, length_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  [[nodiscard]] linnet::Span<float> span() const { return {data_, size_}; }

 private:
  std::size_t page_, length_ = 0, size_ = 0;
  char* base_ = nullptr;
  float* data_ = nullptr;
};

#else

// Without pages: 64 NaNs on either side. One that is read makes the step `diverged`, one that is written is found here.
class Guarded {
 public:
  Guarded(std::size_t floats, bool /*at_end*/) : memory_(floats + 2 * kGuard) {
    for (float& x : memory_) {
      std::memcpy(&x, &kNaN, sizeof x);
    }
  }
  ~Guarded() {
    std::size_t changed = 0;
    for (std::size_t k = 0; k < kGuard; ++k) {
      changed += std::memcmp(&memory_[k], &kNaN, sizeof kNaN) == 0 ? 0u : 1u;
      changed += std::memcmp(&memory_[memory_.size() - 1 - k], &kNaN, sizeof kNaN) == 0 ? 0u : 1u;
    }
    CHECK(changed == 0u);
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  [[nodiscard]] linnet::Span<float> span() const {
    return {const_cast<float*>(memory_.data()) + kGuard, memory_.size() - 2 * kGuard};
  }

 private:
  static constexpr std::size_t kGuard = 64;
  static constexpr std::uint32_t kNaN = 0x7fc0ba5eu;
  std::vector<float> memory_;
};

#endif

}  // namespace linnet_test
