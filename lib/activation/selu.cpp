#include "activation/formulas.hpp"

LINNET_ACTIVATION(selu, self_normalizing, 0.0f, 0.0f, (activation_variant<float, formula::selu>()))
