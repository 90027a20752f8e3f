// What becomes of the complete sums of a product: nothing more, ReLU, or a derivative.
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/tile.hpp"

namespace linnet {
namespace {

// What becomes of complete sums.
enum class Finish : std::uint8_t {
  none,
  times_c,    // each is multiplied by the element of C that it replaces
  rectified,  // max(sum, 0)
  times_step  // each is multiplied by 1 where y is positive, else by 0
};

struct FinishedProduct : Product {
  Finish finish;
  const float* y;  // (batch, outputs), for times_step

  FinishedProduct(const Product& m, Finish how, const float* gate = nullptr) : Product(m), finish(how), y(gate) {}
  [[nodiscard]] const float* bias_from(std::size_t o) const { return bias != nullptr ? bias + o : nullptr; }
};

// The range of the sums, gathered while they are finished. Bits of positive floats, taken as integers, are in the order of
// the floats, those of negative ones, taken without a sign, in the order of their magnitudes, NaN after Inf in both: so
// two maxima tell of sums that are to be rectified whether all are finite, and how large they will be.
class Seen {
 public:
  template <class Part>
  [[gnu::always_inline]] void see(Vector x, Part part) {
    farthest_ = larger(farthest_, as_bits(keep_lanes(x, Vector(0.0f), part)) & Bits(kMagnitudeBits));
  }
  template <class Part>
  [[gnu::always_inline]] void see_before_rectified(Vector sum, Part part) {
    const Vector x = keep_lanes(sum, Vector(0.0f), part);
    farthest_ = larger(farthest_, as_bits(x));
    highest_ = larger(highest_, as_integers(x));
  }

  // What the product returns.
  [[nodiscard]] std::uint32_t result(Finish finish) const {
    if (finish == Finish::none) {
      return 0;
    }
    const std::uint32_t farthest = largest_lane(farthest_);
    if (finish != Finish::rectified) {
      return farthest;
    }
    constexpr std::uint32_t kSign = kAllBits ^ kMagnitudeBits;
    return farthest >= (kSign | kInfinityBits) ? kInfinityBits : largest_lane(as_bits(as_floats(highest_)));
  }

 private:
  Bits farthest_ = Bits(0u);
  Integers highest_ = Integers(0);
};

// Each sum times what body(factor) makes of its factor; factors: (R, stride), from the first output of the tile on.
template <std::size_t R, std::size_t N, class Last, class Body>
[[gnu::always_inline]] inline void times(Tile<R, N>& tile, const float* factors, std::size_t stride, Last last,
                                         Seen& seen, Body body) {
  unroll<R>([&](auto r) LINNET_INLINED {
    Vector factor[N];
    tile.load_row(factors + r * stride, factor, last);
    unroll<N>([&](auto n) LINNET_INLINED { tile.sum[r][n] = tile.sum[r][n] * body(factor[n]); });
  });
  tile.for_all(last, [&seen](Vector& sum, auto part) LINNET_INLINED { seen.see(sum, part); });
}

// The sums of the outputs from `o` on of the rows from `b` on are complete.
template <std::size_t R, std::size_t N, class Last>
[[gnu::always_inline]] inline void finish_tile(const FinishedProduct& m, std::size_t b, std::size_t o, Tile<R, N>& tile,
                                               Last last, Seen& seen) {
  const std::size_t stride = m.outputs;  // loaded once: a store of a vector may alias all
  float* c = m.c + b * stride + o;
  if (m.finish == Finish::times_c) {
    times(tile, c, stride, last, seen, [](Vector factor) LINNET_INLINED { return factor; });
  } else if (m.finish == Finish::times_step) {
    times(tile, m.y + b * stride + o, stride, last, seen,
          [](Vector y) LINNET_INLINED { return choose(y > Vector(0.0f), Vector(1.0f), Vector(0.0f)); });
  } else if (m.finish == Finish::rectified) {
    tile.for_all(last, [&seen](Vector& sum, auto part) LINNET_INLINED {
      seen.see_before_rectified(sum, part);
      sum = rectified(sum);
    });
  }
  unroll<R>([&](auto r) LINNET_INLINED { tile.store_row(c + r * stride, tile.sum[r], last); });
}

}  // namespace
}  // namespace linnet
