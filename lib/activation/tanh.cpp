#include "activation/formulas.hpp"

LINNET_ACTIVATION(tanh, 0.0f, 0.0f, (activation_variant<float, formula::tanh>()))
