#include "activation/formulas.hpp"

LINNET_ACTIVATION(silu, rectifier, 0.0f, 0.0f, (activation_variant<float, formula::silu>()))
