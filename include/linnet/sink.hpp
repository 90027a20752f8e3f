#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/view.hpp>

namespace linnet {

/// Where a file goes that is written from its first byte to its last: a file, a serial line, memory. Plain data, owned
/// by the program.
struct Sink {
  /// Takes the next `bytes` bytes, at most 64; returns whether it did.
  bool (*write)(void* context, const void* from, std::size_t bytes);
  void* context;  ///< handed to it
};

/// Where a file comes from that is read by position: a file, flash. Plain data, owned by the program.
struct Source {
  /// Writes the `bytes` bytes from position `at` on, at most 64, to `to`; returns whether it did. Places are below
  /// `size`.
  bool (*read)(void* context, std::uint64_t at, void* to, std::size_t bytes);
  void* context;       ///< handed to it
  std::uint64_t size;  ///< bytes of the file
};

/// A file that lies in memory, as a Source. It keeps the address of `file`, which must stay where it is.
Source source_of(const Span<const unsigned char>& file LINNET_LIFETIMEBOUND) noexcept;
/// A temporary, which is kept, does not compile.
Source source_of(const Span<const unsigned char>&&) = delete;

}  // namespace linnet
