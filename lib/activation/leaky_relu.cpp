#include "activation/formulas.hpp"

LINNET_ACTIVATION(leaky_relu, rectifier, 0.0f, 100.0f, (activation_variant<float, formula::leaky_relu>()))
