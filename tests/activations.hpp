// The activations of hidden layers, by the names that stored runs and messages use.
#pragma once

#include <string>
#include <vector>

#include <linnet/activation.hpp>

namespace linnet_test {

struct NamedActivation {
  const char* name;
  linnet::Activation activation;
};

inline const std::vector<NamedActivation>& hidden_activations() {
  namespace a = linnet::activation;
  static const std::vector<NamedActivation> all = {{"identity", a::identity},
                                                   {"relu", a::relu},
                                                   {"leaky_relu", a::leaky_relu},
                                                   {"relu6", a::relu6},
                                                   {"elu", a::elu},
                                                   {"selu", a::selu},
                                                   {"gelu", a::gelu},
                                                   {"gelu_tanh", a::gelu_tanh},
                                                   {"silu", a::silu},
                                                   {"mish", a::mish},
                                                   {"sigmoid", a::sigmoid},
                                                   {"tanh", a::tanh},
                                                   {"softplus", a::softplus},
                                                   {"softsign", a::softsign},
                                                   {"hard_tanh", a::hard_tanh},
                                                   {"hard_sigmoid", a::hard_sigmoid},
                                                   {"hard_swish", a::hard_swish}};
  return all;
}

}  // namespace linnet_test
