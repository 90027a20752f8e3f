// Memory that a world lends: of exactly so many elements, at a chosen distance from a cache line, full of junk, between
// zones that nobody may write to. What is behind it is behind the allocation too, where a sanitizer looks.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <linnet/view.hpp>

namespace linnet_fuzz {

[[noreturn]] void found(const char* what);

template <class T>
class Lent {
 public:
  // offset: elements from a cache line on
  Lent(std::size_t size, std::size_t offset, std::uint8_t junk)
      : size_(size), lead_(offset), bytes_((size + offset) * sizeof(T)) {
    // to the end of the allocation: the last element is the last one that a sanitizer lets pass
    base_ = static_cast<unsigned char*>(std::aligned_alloc(64, (bytes_ + 63) / 64 * 64 + 64));
    std::memset(base_, junk, bytes_ + 64);
    std::memset(base_, kZone, lead_ * sizeof(T));
    std::memset(base_ + bytes_, kZone, 64);
  }
  ~Lent() { std::free(base_); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  [[nodiscard]] T* data() const { return reinterpret_cast<T*>(base_) + lead_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] linnet::Span<T> span() const { return {data(), size_}; }
  [[nodiscard]] linnet::Span<T> part(std::size_t n) const { return {data(), n < size_ ? n : size_}; }
  void look_at_zones() const {
    for (std::size_t k = 0; k < lead_ * sizeof(T); ++k) {
      if (base_[k] != kZone) found("a write before lent memory");
    }
    for (std::size_t k = 0; k < 64; ++k) {
      if (base_[bytes_ + k] != kZone) found("a write behind lent memory");
    }
  }

 private:
  static constexpr unsigned char kZone = 0xa5;
  std::size_t size_, lead_, bytes_;
  unsigned char* base_;
};

}  // namespace linnet_fuzz
