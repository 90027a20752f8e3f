#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/view.hpp>

namespace linnet {

/// The largest unit of writing for which no buffer need be lent: that many bytes are on the stack.
inline constexpr std::size_t kStoreBuffer = 64;

/// Where a program keeps what was learned: pages of flash, an EEPROM, FRAM, a file, RAM. What the medium can do, as
/// functions, and its geometry. Plain data, owned by the program; places are bytes, from 0 to `size`. The functions
/// return whether they did it.
struct Store {
  /// Reads bytes, of any number, from any place. False where that cannot be, as of a torn word of flash with error
  /// correction: what lies there then counts as not whole.
  bool (*read)(void* context, std::uint32_t at, void* to, std::size_t bytes);
  /// Writes whole units of writing. Where there is an erase(), none is written twice between two erases.
  bool (*write)(void* context, std::uint32_t at, const void* from, std::size_t bytes);
  /// Erases whole units of erasing, to 0xff; null where what is there can be written over.
  bool (*erase)(void* context, std::uint32_t at, std::uint32_t bytes);
  /// Returns once all that was written will outlive a cut of power; null where write() does.
  bool (*sync)(void* context);
  void* context;                 ///< handed to all of them
  std::uint32_t size;            ///< bytes, all slots together
  std::uint32_t write_unit = 1;  ///< bytes: a power of two, at most 256
  std::uint32_t erase_unit = 1;  ///< bytes: a multiple of write_unit; means nothing without erase()
  std::uint32_t slots = 2;       ///< checkpoints there is a place for, each of size / slots: 2 or more
  Span<unsigned char> buffer{};  ///< (write_unit) or more, lent, where that is more than kStoreBuffer
};

}  // namespace linnet
