#include "activation/descriptor.hpp"

namespace linnet {

Status activation_of(ActivationId id, Activation& found) noexcept {
  static constexpr const Activation* kAll[] = {
      &activation::identity,   &activation::relu,     &activation::leaky_relu, &activation::relu6,
      &activation::elu,        &activation::selu,     &activation::gelu,       &activation::gelu_tanh,
      &activation::silu,       &activation::mish,     &activation::sigmoid,    &activation::tanh,
      &activation::softplus,   &activation::softsign, &activation::hard_tanh,  &activation::hard_sigmoid,
      &activation::hard_swish, &activation::softmax};
  for (const Activation* candidate : kAll) {
    if (candidate->descriptor->id == id) {
      found = *candidate;
      return Status::ok;
    }
  }
  return Status::bad_activation;
}

}  // namespace linnet
