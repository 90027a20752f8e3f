// One layer's pre-activations, shared by predictor and trainer.
#pragma once

#include <linnet/network.hpp>

#include "activation/descriptor.hpp"
#include "kernels/kernels.hpp"

namespace linnet {

// Whether the rows can be counted in floats at all.
inline bool countable(Rows rows) { return layout::product(rows.count(), rows.columns()) != kTooLarge; }

// z = W x + b for `batch` rows; false when one of them is not finite.  x: (batch, inputs), z: (batch, units)
inline bool pre_activations(const Network& network, const KernelTable& kernels, std::size_t l, const float* x,
                            std::size_t batch, float* z) {
  const ConstMatrix weights = network.read_weights(l);
  const std::size_t units = weights.rows();
  Product product{x, weights.data(), network.read_biases(l).data(), z, false, batch, weights.columns(), units,
                  0, units};
  if (layout::stored_by_unit(weights.columns(), units)) {
    kernels.multiply_lanes(product);
  } else {
    kernels.multiply(product);
  }
  return kernels.largest(z, batch * units, kMagnitudeBits) < kInfinityBits;
}

inline const ActivationVariant& variant_of(const Activation& activation, const KernelTable& kernels) {
  return *activation.descriptor->variants[kernels.index];
}

}  // namespace linnet
