#include <linnet/parameters.hpp>

#include "finite.hpp"
#include "fnv.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

std::uint64_t hash_on(std::uint64_t sum, float x) {
  for (std::uint32_t k = 0, bits = bits_of(x); k < 4; ++k, bits >>= 8u) {
    sum = fnv_on(sum, bits & 255u);
  }
  return sum;
}

// An array of weights as the matrix that it is.
template <class T>
MatrixOf<T> in_order(T* weights, const ConstMatrix& like, Order order) {
  return order == Order::units_inputs ? MatrixOf<T>(weights, like.rows(), like.columns(), like.columns(), 1)
                                      : MatrixOf<T>(weights, like.rows(), like.columns(), 1, like.rows());
}

void copy_matrix(const ConstMatrix& from, const Matrix& to) {
  for (std::size_t o = 0; o < from.rows(); ++o) {
    for (std::size_t i = 0; i < from.columns(); ++i) {
      to(o, i) = from(o, i);
    }
  }
}

void copy_row(Span<const float> from, Span<float> to) {
  for (std::size_t o = 0; o < from.size(); ++o) {
    to[o] = from[o];
  }
}

// What both directions ask for; `first` is the first layer that will do.
Status check(const Network& network, std::size_t first, std::size_t l, Span<const float> weights,
             Span<const float> biases) {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (l < first || l >= network.topology().layer_count) {
    return Status::bad_layer;
  }
  if (weights.size() != network.read_weights(l).size() || biases.size() != network.read_biases(l).size()) {
    return Status::other_shape;
  }
  if (weights.data() == nullptr || (biases.data() == nullptr && !biases.empty())) {
    return Status::null_memory;
  }
  const bool shared = shares_memory(weights.data(), weights.size(), network) ||
                      (!biases.empty() && shares_memory(biases.data(), biases.size(), network));
  return shared ? Status::overlapping_memory : Status::ok;
}

}  // namespace

std::uint64_t hash(const Network& network) noexcept {
  std::uint64_t sum = kFnvStart;
  for (std::size_t l = 0; l < network.topology().layer_count; ++l) {
    const ConstMatrix weights = network.read_weights(l);
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      for (std::size_t i = 0; i < weights.columns(); ++i) {
        sum = hash_on(sum, weights(o, i));
      }
    }
    for (const float bias : network.read_biases(l)) {
      sum = hash_on(sum, bias);
    }
  }
  return sum;
}

Status take(const Network& network, std::size_t l, Span<const float> weights, Span<const float> biases,
            Order order) noexcept {
  if (const Status status = check(network, network.frozen_layers(), l, weights, biases); status != Status::ok) {
    return status;
  }
  if (!all_finite(weights) || !all_finite(biases)) {
    return Status::bad_parameter;
  }
  const Matrix to = network.weights(l);
  copy_matrix(in_order(weights.data(), to, order), to);
  copy_row(biases, network.biases(l));
  return Status::ok;
}

Status copy(const Network& network, std::size_t l, Span<float> weights, Span<float> biases, Order order) noexcept {
  if (const Status status = check(network, 0, l, weights, biases); status != Status::ok) {
    return status;
  }
  if (!biases.empty() && overlap(weights, biases)) {
    return Status::overlapping_memory;
  }
  const ConstMatrix from = network.read_weights(l);
  copy_matrix(from, in_order(weights.data(), from, order));
  copy_row(network.read_biases(l), biases);
  return Status::ok;
}

}  // namespace linnet
