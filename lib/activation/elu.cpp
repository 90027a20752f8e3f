#include "activation/formulas.hpp"

LINNET_ACTIVATION(elu, rectifier, 0.0f, 100.0f, (activation_variant<float, formula::elu>()))
