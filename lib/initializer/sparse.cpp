#include "initializer/descriptor.hpp"

namespace linnet {

namespace {

// ceil(sparsity rows) elements of every column become 0.
void clear(const Matrix& weights, float sparsity, Pcg32& random) {
  // A decimal like 0.3 is a float a little above: what lies within its rounding of an integer is that integer.
  const float share = sparsity * static_cast<float>(weights.rows());
  std::size_t zeros = static_cast<std::size_t>(share);
  zeros += share - static_cast<float>(zeros) > share * 0x1p-22f ? 1 : 0;
  for (std::size_t i = 0; i < weights.columns(); ++i) {
    std::size_t wanted = zeros;  // selection sampling (Knuth 3.4.2, algorithm S)
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      if (random.below(static_cast<std::uint32_t>(weights.rows() - o)) < wanted) {
        weights(o, i) = 0.0f;
        --wanted;
      }
    }
  }
}

}  // namespace

constexpr InitializerDescriptor descriptor::sparse = {
    [](const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
      const bool sound = how.sparsity >= 0.0f && how.sparsity <= 1.0f && is_normal(how);
      const Status status = fill_normal(weights, random, sound, 0.0f, how.stddev);
      if (status == Status::ok) {
        clear(weights, how.sparsity, random);
      }
      return status;
    },
    MadeFor::anything, false};

}  // namespace linnet
