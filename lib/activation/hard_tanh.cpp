#include "activation/formulas.hpp"

LINNET_ACTIVATION(hard_tanh, linear_around_zero, 0.0f, 0.0f, (activation_variant<float, formula::hard_tanh>()))
