// An emulated medium that loses its power: flash whose bits only fall, with or without error correction, an EEPROM, a file.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include <linnet/random.hpp>
#include <linnet/store.hpp>

namespace linnet_keep {

enum class Torn { old, whole, ones, any, unreadable };  // what a unit is whose writing was cut

struct Geometry {
  std::uint32_t size, write_unit, erase_unit;  // erase_unit 0: written over in place
  std::uint32_t slots;
  bool cached = false;  // what was not synced may be there after a cut or not, unit by unit
};

class Medium {
 public:
  explicit Medium(const Geometry& geometry)
      : geometry_(geometry),
        bytes_(geometry.size, 0xff),
        synced_(geometry.cached ? bytes_ : std::vector<unsigned char>()),
        written_(units(), false),
        torn_(units(), false),
        buffer_(geometry.write_unit) {}

  [[nodiscard]] linnet::Store store() {
    linnet::Store result{};
    result.read = [](void* self, std::uint32_t at, void* to, std::size_t n) {
      return static_cast<Medium*>(self)->read(at, to, n);
    };
    result.write = [](void* self, std::uint32_t at, const void* from, std::size_t n) {
      return static_cast<Medium*>(self)->write(at, from, n);
    };
    if (geometry_.erase_unit > 0) {
      result.erase = [](void* self, std::uint32_t at, std::uint32_t n) {
        return static_cast<Medium*>(self)->erase(at, n);
      };
    }
    result.sync = [](void* self) { return static_cast<Medium*>(self)->sync(); };
    result.context = this;
    result.size = geometry_.size;
    result.write_unit = geometry_.write_unit;
    result.erase_unit = geometry_.erase_unit > 0 ? geometry_.erase_unit : 1;
    result.slots = geometry_.slots;
    result.buffer = {buffer_.data(), buffer_.size()};
    return result;
  }

  // Power for so many steps: a byte, a beginning or an end of a call, a piece of an erase.
  void power(std::uint64_t steps) { left_ = steps; }
  void power() { left_ = ~std::uint64_t{0}; }
  [[nodiscard]] bool is_off() const { return left_ == 0; }
  // The power is gone, whether an operation was on the way or not.
  void cut() {
    for (std::size_t k = 0; k < units() && geometry_.cached; ++k) {
      const bool is_kept = how_ == Torn::whole || (how_ != Torn::old && random_.below(2) == 0);
      unsigned char* unit = bytes_.data() + k * geometry_.write_unit;
      if (!is_kept) std::memcpy(unit, synced_.data() + k * geometry_.write_unit, geometry_.write_unit);
    }
    if (geometry_.cached) synced_ = bytes_;
  }
  void tear(Torn how, std::uint64_t seed) {
    how_ = how;
    random_ = linnet::Pcg32(seed);
  }
  // A rule of the medium was broken: a unit written twice, or half of one, or a place behind its end.
  [[nodiscard]] bool misused() const { return misused_; }
  [[nodiscard]] std::vector<unsigned char>& bytes() { return bytes_; }
  [[nodiscard]] const std::vector<unsigned char>& bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t used() const { return used_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }
  // Reads fail after so many.
  void fail_after(std::uint64_t reads) { reads_left_ = reads; }

 private:
  [[nodiscard]] std::size_t units() const { return geometry_.size / geometry_.write_unit; }

  bool spend() {
    ++used_;
    if (left_ == 0) return false;
    return --left_ > 0;
  }
  bool sync() {
    if (!spend()) return false;
    if (geometry_.cached) synced_ = bytes_;
    return true;
  }
  bool read(std::uint32_t at, void* to, std::size_t n) {
    if (n == 0 || at + n > bytes_.size()) misused_ = true;
    if (misused_ || reads_left_ == 0) return false;
    --reads_left_;
    ++reads_;
    for (std::size_t unit = at / geometry_.write_unit; unit <= (at + n - 1) / geometry_.write_unit; ++unit) {
      if (torn_[unit]) return false;
    }
    std::memcpy(to, bytes_.data() + at, n);
    return true;
  }
  bool write(std::uint32_t at, const void* from, std::size_t n) {
    const std::uint32_t unit = geometry_.write_unit;
    if (at % unit != 0 || n % unit != 0 || at + n > bytes_.size()) misused_ = true;
    const auto* byte = static_cast<const unsigned char*>(from);
    for (std::size_t k = 0; k < n && !misused_; k += unit) {
      if (!spend() || !write_unit((at + k) / unit, byte + k)) return false;
    }
    return spend();
  }
  bool write_unit(std::size_t number, const unsigned char* from) {
    const std::uint32_t unit = geometry_.write_unit;
    if (geometry_.erase_unit > 0 && written_[number]) misused_ = true;
    written_[number] = true;
    for (std::uint32_t k = 0; k < unit; ++k) {
      if (!spend()) {
        tear_unit(number, from, k);
        return false;
      }
    }
    std::memcpy(bytes_.data() + number * unit, from, unit);
    torn_[number] = false;
    return true;
  }
  // `done` bytes had been written.
  void tear_unit(std::size_t number, const unsigned char* from, std::uint32_t done) {
    const std::uint32_t unit = geometry_.write_unit;
    unsigned char* to = bytes_.data() + number * unit;
    torn_[number] = how_ == Torn::unreadable;
    for (std::uint32_t k = 0; k < unit; ++k) {
      const unsigned char wanted = from[k];
      switch (how_) {
        case Torn::old:
          if (k < done) to[k] = wanted;
          break;
        case Torn::whole:
          to[k] = wanted;
          break;
        case Torn::ones:
          to[k] = 0xff;
          break;
        default:
          to[k] = static_cast<unsigned char>(random_.bits());
          break;
      }
    }
    look_at(number);
  }
  // A unit whose bits have not fallen is as good as erased.
  void look_at(std::size_t number) {
    written_[number] = torn_[number];
    for (std::uint32_t k = 0; k < geometry_.write_unit; ++k) {
      written_[number] = written_[number] || bytes_[number * geometry_.write_unit + k] != 0xff;
    }
  }
  bool erase(std::uint32_t at, std::uint32_t n) {
    const std::uint32_t unit = geometry_.erase_unit;
    if (unit == 0 || at % unit != 0 || n % unit != 0 || at + n > bytes_.size()) misused_ = true;
    for (std::uint32_t place = at; place < at + n && !misused_; place += unit) {
      if (!spend() || !erase_unit(place)) return false;
    }
    return spend();
  }
  bool erase_unit(std::uint32_t place) {
    const std::uint32_t unit = geometry_.erase_unit;
    for (int piece = 0; piece < 4; ++piece) {
      if (!spend()) {
        for (std::uint32_t k = place; k < place + unit; ++k) {
          if (how_ == Torn::whole || (how_ != Torn::old && random_.below(4) < 2)) bytes_[k] = 0xff;
          if (how_ == Torn::any) bytes_[k] = static_cast<unsigned char>(random_.bits());
          if (how_ == Torn::unreadable && random_.below(8) == 0) torn_[k / geometry_.write_unit] = true;
        }
        for (std::uint32_t k = place; k < place + unit; k += geometry_.write_unit) look_at(k / geometry_.write_unit);
        return false;
      }
    }
    std::memset(bytes_.data() + place, 0xff, unit);
    for (std::uint32_t k = place; k < place + unit; k += geometry_.write_unit) {
      written_[k / geometry_.write_unit] = torn_[k / geometry_.write_unit] = false;
    }
    return true;
  }

  Geometry geometry_;
  std::vector<unsigned char> bytes_;
  std::vector<unsigned char> synced_;  // of a cached one
  std::vector<bool> written_, torn_;
  std::vector<unsigned char> buffer_;
  std::uint64_t left_ = ~std::uint64_t{0}, used_ = 0, reads_ = 0, reads_left_ = ~std::uint64_t{0};
  Torn how_ = Torn::old;
  linnet::Pcg32 random_{1};
  bool misused_ = false;
};

}  // namespace linnet_keep
