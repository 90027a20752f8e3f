// Bytes on their way to a sink.
#pragma once

#include <linnet/sink.hpp>

#include "characters.hpp"

namespace linnet {

// Hands them on in runs of 64; without a sink it counts them.
struct Outlet {
  const Sink* sink;
  std::uint64_t count = 0;
  std::size_t filled = 0;
  bool good = true;
  unsigned char buffer[64] = {};

  explicit Outlet(const Sink* to) : sink(to) {}
  void byte(unsigned value) {
    ++count;
    if (sink != nullptr) {
      buffer[filled++] = static_cast<unsigned char>(value);
      if (filled == sizeof buffer) {
        flush();
      }
    }
  }
  // After a failure the sink is not asked again.
  void flush() {
    good = good && (filled == 0 || sink->write(sink->context, buffer, filled));
    filled = 0;
  }
  [[nodiscard]] Put put() {
    return {[](void* context, char c) { static_cast<Outlet*>(context)->byte(static_cast<unsigned char>(c)); }, this};
  }
};

}  // namespace linnet
