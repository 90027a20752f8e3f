// What the core can do: the roofs that shares are of. One shared object per instruction set, as the peers.
#pragma once

#include <cstddef>

namespace bench {

// `fma`: multiply-adds in registers, so many times; returns their floating-point operations, two each.
// `read`: a buffer of so many floats read so many times; returns bytes.
struct Roof {
  double (*fma)(std::size_t times);
  double (*read)(const float* from, std::size_t count, std::size_t times);
};
using MakeRoof = Roof();

}  // namespace bench
