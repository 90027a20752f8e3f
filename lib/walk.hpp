// The layers of a bound network one after the other, up and down, and where their parameters lie. The offsets of the
// layout are formed on the way: computed anew for every layer they took 20,000 of the 30,000 instructions of a step on
// a Cortex-M4 (4-16-16-3, batch 1).
#pragma once

#include <linnet/network.hpp>

#include "activation/descriptor.hpp"
#include "kernels/kernels.hpp"
#include "kernels/unroll.hpp"

namespace linnet {

struct Walk {
  const Network& network;
  const Layer* layer;  // where it stands
  std::size_t l = 0;   // its number
  std::size_t inputs;
  const float* weights;  // (inputs, units) or (units, inputs), then the biases

  // Stands on the first layer.
  LINNET_STEP explicit Walk(const Network& where) noexcept
      : network(where),
        layer(where.layers_),
        inputs(where.inputs_),
        weights(where.frozen_layers_ == 0 ? where.trainable_ : where.frozen_) {}

  [[nodiscard]] LINNET_STEP std::size_t units() const noexcept { return layer->units; }
  [[nodiscard]] LINNET_STEP bool at_last() const noexcept { return l + 1 == network.layer_count_; }
  [[nodiscard]] LINNET_STEP bool frozen() const noexcept { return l < network.frozen_layers_; }
  [[nodiscard]] LINNET_STEP bool stored_by_unit() const noexcept { return layout::stored_by_unit(inputs, units()); }
  // All parameters of the layer: biases are the weights of one more input.
  [[nodiscard]] LINNET_STEP std::size_t parameters() const noexcept {
    return (inputs + (layer->bias ? 1 : 0)) * units();
  }
  [[nodiscard]] LINNET_STEP const float* biases() const noexcept {
    return layer->bias ? weights + inputs * units() : nullptr;
  }
  // For those who write: only where the layer is not frozen.
  [[nodiscard]] float* trainable_parameters() const noexcept { return const_cast<float*>(weights); }
  template <class T>
  [[nodiscard]] MatrixOf<T> matrix(T* at) const noexcept {
    return stored_by_unit() ? MatrixOf<T>(at, units(), inputs, inputs, 1)
                            : MatrixOf<T>(at, units(), inputs, 1, units());
  }

  bool go(std::size_t to) noexcept;  // up to layer `to`; false when there is none
  void up() noexcept;
  void up_within() noexcept;  // where the next layer is frozen as this one is
  void down() noexcept;       // not below the lowest trainable layer

  // z = W x + b for `batch` rows.  x: (batch, inputs), z: (batch, units)
  void pre_activations(const KernelTable& kernels, Product& product) const noexcept;
  void pre_activations(const KernelTable& kernels, const float* x, std::size_t batch, float* z) const noexcept;

#if LINNET_HAS_VECTORS
  // ActivationVariant::layer of this layer.
  bool pass(const KernelTable& kernels, const float* x, float* y, float* derivatives) const noexcept;
#endif

  [[nodiscard]] const ActivationVariant& activation(const KernelTable& kernels) const noexcept {
    return *layer->activation.descriptor->variants[index_of(kernels)];
  }
};

LINNET_STEP void Walk::up_within() noexcept {
  weights += parameters();
  inputs = units();
  ++layer;
  ++l;
}

LINNET_STEP void Walk::up() noexcept {
  up_within();
  if (l == network.frozen_layers_) {
    weights = network.trainable_;
  }
}

LINNET_STEP bool Walk::go(std::size_t to) noexcept {
  if (to >= network.layer_count_) {
    return false;
  }
  while (l < to) {
    up();
  }
  return true;
}

LINNET_STEP void Walk::down() noexcept {
  --layer;
  --l;
  inputs = network.topology().inputs_of(l);
  weights -= parameters();
}

LINNET_STEP void Walk::pre_activations(const KernelTable& kernels, Product& product) const noexcept {
  product.b = weights;
  product.bias = biases();
  product.terms = inputs;
  product.outputs = units();
  kernels.multiply(product, stored_by_unit());
}
LINNET_STEP void Walk::pre_activations(const KernelTable& kernels, const float* x, std::size_t batch,
                                       float* z) const noexcept {
  Product product(x, nullptr, nullptr, z, batch, 0, 0);
  pre_activations(kernels, product);
}

#if LINNET_HAS_VECTORS
LINNET_STEP bool Walk::pass(const KernelTable& kernels, const float* x, float* y, float* derivatives) const noexcept {
  return activation(kernels).layer(x, weights, inputs, *layer, y, derivatives);
}
#endif

// Whether rows can be counted in floats at all.
inline bool countable(std::size_t rows, std::size_t columns) {
  if constexpr (kHasVectors) {  // without a call, which takes as long as all else that is looked at
    return rows <= kMostFloats && columns <= kMostFloats && std::uint64_t{rows} * columns <= kMostFloats;
  } else {
    return layout::product(rows, columns) != kTooLarge;
  }
}
inline bool countable(const Rows& rows) { return countable(rows.count(), rows.columns()); }

}  // namespace linnet
